"""One deal: its page, its facts, and the verbs that close it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import get_permitted, hold, permitted, require, saves
from accounts.organisation import current
from leads import closing, obstacles
from leads.forms.deals import (
    LoseForm,
    OpenForm,
    ReopenForm,
    WinForm,
)
from leads.models import Lead
from leads.views import cancelling, deal_page
from pipeline.models import Company, Deal, Outcome
from pipeline.stages import Stage
from ui import inline
from ui.htmx import redirect
from ui.responses import invalid


def deal(request, pk):
    """The page of a deal; a cancellation stands on that of its deal."""
    try:
        found = deal_page.seen(request, pk)
    except Http404:
        if whole := cancelling.whole(pk):
            return redirect(request, "leads:deal", whole)
        raise
    return render(request, "leads/deals/deal.html", deal_page.page(request, found))


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
    form = deal_page.room(found).form(request.POST or None, instance=found)
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
    return inline.change(request, deal_page.room(found), found, field, lambda form: _changed(request, form))


def _held(request, pk):
    """The deal, workable; locked after its leads when something is posted."""
    found = deal_page.workable(request, pk)
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
    return _close(request, pk, WinForm, closing.win, _("Mark as won"), initial)


def deal_lose(request, pk):
    """Lost: asks for the reason."""
    return _close(request, pk, LoseForm, closing.lose, _("Mark as lost"))


@require_POST
def deal_undo_close(request, pk):
    """Take back that a deal is won or lost, just after it was closed by the same user."""
    found = deal_page.workable(request, pk)
    try:
        closing.undo_close(found, by=request.user, at=timezone.now())
        messages.success(request, _("Taken back: the deal is open as it was."))
    except closing.Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, "leads:deal", pk)


def deal_reopen(request, pk):
    """Open again, with a reason. Its renewal is taken back; where somebody has worked on that, the page asks."""
    found = get_permitted(request, deal_page.SEEN, "pipeline.reopen_deal", pk)
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


def _close(request, pk, form_class, verb, action, initial=None):
    found = get_permitted(request, deal_page.SEEN, "pipeline.work_deal", pk)
    form = form_class(request.POST or None, initial=initial)
    form.currency = found.currency
    if "wake_at" in form.fields and not closing.leads_of(found, Stage.DEAL):
        del form.fields["wake_at"]
    outcome, title = (Outcome.WON, _("Won")) if verb is closing.win else (Outcome.LOST, _("Lost"))
    lacking = deal_page.lacking(found, closing.ended(outcome))
    if not (lacking and permitted(request, "pipeline.pass_gate")):
        del form.fields["passing"]
    context = {"form": form, "deal": found, "title": title, "action": action, "lacking": lacking}
    if request.method != "POST":
        return render(request, "leads/deals/form.html", context)
    met = form.cleaned_data.pop("obstacle", "") if form.is_valid() else ""
    if form.is_valid() and _verb(form, verb, found, by=request.user, **form.cleaned_data):
        if met:
            note = form.cleaned_data["note"]
            obstacles.log(found, met, note, by=request.user, at=timezone.now())
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
