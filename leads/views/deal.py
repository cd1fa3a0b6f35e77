"""One deal: its facts, lines, people, steps and files, and the verbs that close it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import get_permitted, hold, permitted, require, saves
from accounts.organisation import current, today
from leads import closing
from leads.deal_story import told
from leads.forms.deals import (
    CONTRACT,
    DEAL,
    DealContactForm,
    LineForm,
    LoseForm,
    OpenForm,
    ReopenForm,
    StepForm,
    WinForm,
)
from leads.models import Lead
from leads.views import cancelling, receipts
from pipeline import files, own_fields, registrations
from pipeline.forms.companies import FileForm
from pipeline.models import Company, Deal, DealLine, DealStage, FieldOwner, Outcome, Step
from pipeline.stages import Stage
from ui import inline
from ui.htmx import redirect
from ui.responses import invalid

SEEN = Deal.objects.select_related(
    "company", "stage", "owner", "outcome_reason", "product", "partner", "renews", "renewal__outcome_reason"
)


def deal(request, pk):
    """The page of a deal; a cancellation stands on that of its deal."""
    try:
        found = _seen(request, pk)
    except Http404:
        if whole := cancelling.whole(pk):
            return redirect(request, "leads:deal", whole)
        raise
    return render(request, "leads/deals/deal.html", _page(request, found))


def deal_open(request):
    """Open a deal from a lead (?lead=) or for a company (?company=)."""
    lead, company = _origin(request)
    owes = lead is not None and closing.owes_contact(lead, request.user)
    form = OpenForm(request.POST or None, initial=_proposed(lead, company), lead=lead, owes_contact=owes)
    context = {
        "form": form,
        "lead": lead,
        "company": company,
        "title": _("Open a deal"),
        "action": _("Open the deal"),
    }
    if request.method != "POST":
        return render(request, "leads/deals/form.html", context)
    if form.is_valid():
        more = {} if lead else {"company": company}
        made = _verb(form, closing.open_deal, lead, by=request.user, **form.cleaned_data, **more)
        if made:
            return redirect(request, "leads:deal", made.pk)
    return invalid(request, "leads/deals/form.html", context)


@saves
def deal_edit(request, pk):
    """Change the facts of an open deal; of a won one, when its contract ends."""
    found = _held(request, pk)
    form = _room(found).form(request.POST or None, instance=found)
    context = {"form": form, "deal": found, "title": _("Edit the deal"), "action": _("Save")}
    if request.method != "POST":
        return render(request, "leads/deals/form.html", context)
    if form.is_valid() and _changed(request, form):
        return redirect(request, "leads:deal", pk)
    return invalid(request, "leads/deals/form.html", context)


@saves
def deal_field(request, pk, field):
    """Change one field of a deal where it is read."""
    found = _held(request, pk)
    return inline.change(request, _room(found), found, field, lambda form: _changed(request, form))


def _room(deal):
    """What of a deal may be changed: when it is won, only the end of its contract."""
    return CONTRACT if deal.outcome == Outcome.WON else DEAL


def _held(request, pk):
    """The deal, workable; locked after its leads when something is posted."""
    found = _workable(request, pk)
    if request.method == "POST":
        closing.lock_leads(found)
        return hold(found)
    return found


def _changed(request, form):
    fresh = Deal.objects.get(pk=form.instance.pk)  # the form has already written into its own copy
    return _verb(form, closing.change, fresh, form.changes, by=request.user)


def deal_win(request, pk):
    """Won: asks for the reason and the day of signature."""
    initial = {"signed_on": timezone.localdate()}
    return _close(request, pk, WinForm, closing.win, _("Won"), _("Mark as won"), initial)


def deal_lose(request, pk):
    """Lost: asks for the reason."""
    return _close(request, pk, LoseForm, closing.lose, _("Lost"), _("Mark as lost"))


@require_POST
def deal_undo_close(request, pk):
    """Take back that a deal is won or lost, just after it was closed by the same user."""
    found = _workable(request, pk)
    try:
        closing.undo_close(found, by=request.user, at=timezone.now())
        messages.success(request, _("Taken back: the deal is open as it was."))
    except closing.Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, "leads:deal", pk)


def deal_reopen(request, pk):
    """Open again, with a reason. Its renewal is taken back; where somebody has worked on that, the page asks."""
    found = get_permitted(request, SEEN, "pipeline.reopen_deal", pk)
    renewal, worked_on = closing.open_renewal(found)
    may = renewal is not None and permitted(request, "pipeline.work_deal", renewal)
    form = ReopenForm(request.POST or None, renewal=renewal if worked_on else None, may_take_back=may)
    context = {"form": form, "deal": found, "title": _("Reopen"), "action": _("Open again")}
    context["renewal"] = None if worked_on else renewal
    if request.method != "POST":
        return render(request, "leads/deals/form.html", context)
    if not form.is_valid() or not _verb(form, closing.reopen, found, by=request.user, **form.cleaned_data):
        return invalid(request, "leads/deals/form.html", context)
    messages.success(request, _("%(deal)s: %(what)s.") % {"deal": found.name, "what": _("Reopen")})
    if renewal is not None and Deal.objects.filter(pk=renewal.pk, outcome=Outcome.LOST).exists():
        said = _("Its renewal “%(deal)s” is taken back: nothing of it counts.")
        messages.success(request, said % {"deal": renewal.name})
    return redirect(request, "leads:deal", pk)


@require_POST
def line_new(request, pk):
    """Add a product to an open deal."""
    found = _workable(request, pk)
    if found.outcome != Outcome.OPEN:
        raise PermissionDenied
    return _added(request, found, "line_form", LineForm(request.POST, instance=DealLine(deal=found)))


@require_POST
def line_remove(request, pk, line):
    """Take a product out of an open deal."""
    found = _workable(request, pk)
    if found.outcome != Outcome.OPEN:
        raise PermissionDenied
    get_object_or_404(found.lines, pk=line).delete()
    return redirect(request, "leads:deal", pk)


@require_POST
def contact_new(request, pk):
    """Add a contact with a role."""
    found = _workable(request, pk)
    form = DealContactForm(request.POST, deal=found)
    form.instance.deal = found
    return _added(request, found, "contact_form", form)


@require_POST
def deal_step_new(request, pk):
    """Add a step of one's own."""
    found = _workable(request, pk)
    return _added(
        request, found, "step_form", StepForm(request.POST, instance=Step(deal=found, owner=request.user))
    )


@require_POST
def attachment_new(request, pk):
    """Keep a file with the deal, under a random name."""
    found = _workable(request, pk)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return invalid(request, "leads/deals/deal.html", _page(request, found, attachment_form=form))
    files.keep(form.cleaned_data["file"], by=request.user, deal=found)
    return redirect(request, "leads:deal", pk)


def attachment(request, pk, attachment):
    """A file of the deal, always as a download."""
    found = _seen(request, pk)
    return files.download(get_object_or_404(found.attachments, pk=attachment))


def _seen(request, pk):
    return get_permitted(request, SEEN, "pipeline.view_deal", pk)


def _workable(request, pk):
    return get_permitted(request, SEEN, "pipeline.work_deal", pk)


def _origin(request):
    """The lead or company that the deal is opened for, as far as the user may."""
    lead, company = request.GET.get("lead"), request.GET.get("company")
    if lead and lead.isdigit():
        return get_permitted(
            request, Lead.objects.select_related("contact__company"), "leads.work_lead", lead
        ), None
    require(request, "pipeline.add_deal")
    if company and company.isdigit():
        return None, get_object_or_404(Company.objects.visible_to(request.user), pk=company)
    return None, None


def _proposed(lead, company):
    company = lead.contact.company if lead else company
    return {"name": company.name if company else "", "currency": current().currency}


def _close(request, pk, form_class, verb, title, action, initial=None):
    found = get_permitted(request, SEEN, "pipeline.work_deal", pk)
    form = form_class(request.POST or None, initial=initial)
    if "wake_at" in form.fields and not closing.leads_of(found, Stage.DEAL):
        del form.fields["wake_at"]
    context = {"form": form, "deal": found, "title": title, "action": action}
    if request.method != "POST":
        return render(request, "leads/deals/form.html", context)
    if form.is_valid() and _verb(form, verb, found, by=request.user, **form.cleaned_data):
        said = _("%(deal)s: %(what)s.") % {"deal": found.name, "what": title}
        messages.success(request, said, extra_tags=reverse("leads:deal-undo-close", args=[pk]))
        return redirect(request, "leads:deal", pk)
    return invalid(request, "leads/deals/form.html", context)


def _verb(form, verb, *args, **values):
    """Do it; a refusal becomes an error of the form. Returns the deal, or None when refused."""
    try:
        return verb(*args, at=timezone.now(), **values)
    except closing.Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def _added(request, found, name, form):
    if not form.is_valid():
        return invalid(request, "leads/deals/deal.html", _page(request, found, **{name: form}))
    form.save()
    return redirect(request, "leads:deal", found.pk)


def _page(request, found, **forms):
    works = permitted(request, "pipeline.work_deal", found)
    edit = _room(found).pencils(found, works and found.outcome != Outcome.LOST)
    own_edit = edit if found.outcome == Outcome.OPEN else None
    context = {
        "deal": found,
        "own_facts": own_fields.facts(own_fields.shown(FieldOwner.DEAL), found.attributes, own_edit),
        "works": works,
        "edit": edit,
        "may_reopen": permitted(request, "pipeline.reopen_deal", found),
        "undoable": works and closing.undoable(found, by=request.user, at=timezone.now()),
        "sees_cost": permitted(request, "pipeline.view_cost"),
        "stages": DealStage.objects.open(),
        "lines": found.lines.select_related("product"),
        "people": found.deal_contacts.select_related("contact"),
        "steps": found.steps.select_related("owner").order_by("done_at", "due_at"),
        "files": found.attachments.order_by("-id"),
        "passes": found.leads.select_related("contact", "campaign").visible_to(request.user),
        "changes": told(found),
        "currency": current().currency,
        **(gone := cancelling.card(request, found)),
        **receipts.card(request, found, gone["gone"].left if gone else None),
    }
    if found.outcome == Outcome.OPEN:
        on = today(timezone.now())
        context["registrations"] = registrations.of_customer(found.company, on, but_dealer=found.partner)
    if works and found.outcome == Outcome.OPEN:
        context |= {
            "line_form": LineForm(),
            "contact_form": DealContactForm(deal=found),
            "step_form": StepForm(),
            "attachment_form": FileForm(),
        }
    return context | forms
