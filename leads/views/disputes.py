"""Disputed returns: the list, the page with both arguments, and the verbs of both sides and of the heads."""

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import get_permitted, permitted, require, requires
from leads import arbitration, beside, disputes
from leads.forms.disputes import ArgumentForm, RulingForm
from leads.handoffs import Refused
from leads.models import Dispute, Handoff
from ui import keyset
from ui.htmx import redirect
from ui.responses import invalid

SEEN = Dispute.objects.select_related(
    "handoff__lead__contact__company", "handoff__rep", "handoff__reason", "handoff__agreement", "opened_by", "answered_by"
)  # fmt: skip


@requires("leads.view_handoff")
def dispute_list(request):
    """Disputed returns that the user sees: what waits for a ruling first."""
    seen = SEEN.visible_to(request.user)
    page = keyset.page(
        seen.exclude(decided_at=None), ("-decided_at", "-id"), cursor=request.GET.get("cursor", "")
    )
    context = {
        "waiting": list(seen.waiting().order_by("opened_at", "pk")),
        "decided": page.rows,
        "page": page,
    }
    return render(request, "leads/disputes/list.html", context)


def dispute_open(request, handoff):
    """Dispute a return."""
    found = get_permitted(
        request,
        Handoff.objects.select_related("lead__contact", "rep", "reason", "returned_by"),
        "leads.dispute_return",
        handoff,
    )
    form = ArgumentForm(request.POST or None)
    context = {"form": form, "handoff": found}
    if request.method != "POST":
        return render(request, "leads/disputes/open.html", context)
    if not form.is_valid():
        return invalid(request, "leads/disputes/open.html", context)
    try:
        made = disputes.open_dispute(found.pk, form.cleaned_data["text"], by=request.user, at=timezone.now())
    except disputes.NotNow as refusal:
        messages.warning(request, str(refusal))
        return redirect(request, "leads:lead", found.lead_id)
    messages.success(request, _("Disputed: both heads are told."))
    return redirect(request, "leads:dispute", made.pk)


@requires("leads.view_handoff")
def dispute(request, pk):
    """Both arguments on one page, what the agreement says, and the ruling."""
    found = get_permitted(request, SEEN, "leads.view_handoff", pk)
    return render(request, "leads/disputes/dispute.html", _page(request, found))


@require_POST
def dispute_answer(request, pk):
    """The other side's argument."""
    found = get_permitted(request, SEEN, "leads.view_handoff", pk)
    require(request, "leads.answer_dispute", found.handoff)
    form = ArgumentForm(request.POST)
    if not form.is_valid():
        return invalid(request, "leads/disputes/dispute.html", _page(request, found, answer_form=form))
    return _done(request, found, _("Answered."), disputes.answer, form.cleaned_data["text"])


@require_POST
def dispute_rule(request, pk):
    """A head's ruling, of which the second one that says the same decides; or the arbiter's, which decides alone."""
    found = get_permitted(request, SEEN, "leads.view_handoff", pk)
    if not arbitration.decides(found, request.user):
        require(request, "leads.rule_dispute")
    form = RulingForm(request.POST)
    if not form.is_valid():
        return invalid(request, "leads/disputes/dispute.html", _page(request, found, ruling_form=form))
    return _done(request, found, _("Your ruling is noted."), disputes.rule, **form.cleaned_data)


def _done(request, found, said, verb, *args, **kwargs):
    try:
        verb(found, *args, by=request.user, at=timezone.now(), **kwargs)
        messages.success(request, said)
    except (disputes.NotNow, Refused) as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, "leads:dispute", found.pk)


def _ruled(ruling):
    """A ruling in words."""
    counts = _("the return counts") if ruling.counts else _("the return does not count")
    return f"{counts} · {ruling.get_goes_to_display()}"


def _page(request, found, **forms):
    side = request.user.side
    may_answer = (
        found.is_open
        and found.answered_at is None
        and side not in (None, found.track)
        and permitted(request, "leads.answer_dispute", found.handoff)
    )
    arbiter = arbitration.decides(found, request.user)
    rules = found.is_open and permitted(request, "leads.rule_dispute") and disputes.speaks_for(request.user)
    return {
        "dispute": found,
        "handoff": found.handoff,
        "sends": beside.told_reason(beside.reason_of(found.handoff)),
        "blames": beside.reason_of(found.handoff)["blames"],
        "rulings": [(one, _ruled(one)) for one in found.rulings.select_related("by")],
        "answer_form": ArgumentForm() if may_answer else None,
        "ruling_form": RulingForm() if rules or arbiter else None,
        **forms,
    }
