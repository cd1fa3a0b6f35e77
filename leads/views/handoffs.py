"""A rep's answers, and offers by hand."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.doors import get_permitted
from leads import assignment, handoffs, obstacles
from leads.forms.leads import OfferForm, ReturnForm
from leads.models import Handoff, Lead
from leads.views.desk.verbs import tell_forgotten, tell_lesson
from ui import formats
from ui.htmx import redirect
from ui.responses import invalid

WITH_LEAD = Handoff.objects.select_related("lead__contact__company", "rep", "run__rule")
HINDRANCES = {
    "gone": gettext_lazy("has left"),
    "closed": gettext_lazy("takes no new leads"),
    "absent": gettext_lazy("was absent"),
    "full": gettext_lazy("hands were full"),
    "off": gettext_lazy("was not at work"),
    "preferred": gettext_lazy("others come first by the rule"),
    "elsewhere": gettext_lazy("another territory or kind, or had it before"),
}


@require_POST
def accept(request, pk):
    """Take an offered lead; its page is next, because first contact is."""
    handoff = get_permitted(request, Handoff.objects.all(), "leads.answer_handoff", pk)
    try:
        handoffs.accept(handoff.pk, by=request.user, at=timezone.now())
    except (handoffs.AlreadyAnswered, handoffs.Refused) as refusal:
        messages.warning(request, str(refusal))
        return redirect(request, "leads:my-day")
    messages.success(request, _("It is yours: make contact."))
    return redirect(request, "leads:lead", handoff.lead_id)


@require_POST
def extend(request, pk):
    """Protect a lead in hand for longer."""
    handoff = get_permitted(request, Handoff.objects.all(), "leads.answer_handoff", pk)
    try:
        until = handoffs.extend(handoff.pk, at=timezone.now()).protected_until
        messages.success(request, _("Protected until %(day)s.") % {"day": formats.day(until)})
    except (handoffs.AlreadyAnswered, handoffs.Refused) as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, "leads:lead", handoff.lead_id)


def handoff_why(request, pk):
    """Whom routing weighed for an offer, and how far behind each of them was."""
    handoff = get_permitted(request, WITH_LEAD, "leads.view_handoff", pk)
    found = assignment.weighed(handoff)
    rows = [(one, HINDRANCES.get(one.hindrance, "")) for one in found.candidates] if found else []
    context = {"handoff": handoff, "lead": handoff.lead, "found": found, "rows": rows}
    return render(request, "leads/handoffs/why.html", context)


def give_back(request, pk):
    """Return a lead with a reason."""
    handoff = get_permitted(request, WITH_LEAD, "leads.answer_handoff", pk)
    form = ReturnForm(request.POST or None, lead=handoff.lead)
    context = {"form": form, "handoff": handoff, "lead": handoff.lead}
    if request.method != "POST":
        return render(request, "leads/handoffs/return.html", context)
    if asking := ReturnForm.asking(request.POST, lead=handoff.lead):
        return invalid(request, "leads/handoffs/return.html", context | {"form": asking})
    if not form.is_valid():
        return invalid(request, "leads/handoffs/return.html", context)
    met = form.cleaned_data.pop("obstacle", "")
    try:
        with transaction.atomic():
            at = timezone.now()
            lesson = handoffs.return_lead(handoff.pk, by=request.user, at=at, **form.cleaned_data)
            if met:
                obstacles.log(handoff.lead, met, form.cleaned_data.get("note", ""), by=request.user, at=at)
        reason = form.cleaned_data["reason"]
        where = {"reason": reason, "where": reason.get_destination_display()}
        said = _("Returned: %(reason)s. Where it goes: %(where)s.") % where
        messages.success(request, said, extra_tags=reverse("leads:return-undo", args=[pk]))
        tell_lesson(request, lesson)
    except (handoffs.AlreadyAnswered, handoffs.Refused) as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, "leads:my-day")


@require_POST
def undo_return(request, pk):
    """Take one's own return back, just after it."""
    handoff = get_permitted(request, Handoff.objects.all(), "leads.answer_handoff", pk)
    try:
        back, forgotten = handoffs.undo_return(handoff.pk, by=request.user, at=timezone.now())
    except (handoffs.AlreadyAnswered, handoffs.Refused) as refusal:
        messages.warning(request, str(refusal))
        return redirect(request, "leads:my-day")
    messages.success(request, _("The return is taken back: all is as it was."))
    tell_forgotten(request, forgotten)
    if back.accepted_at is None:
        return redirect(request, "leads:my-day")  # where it waits for the answer
    return redirect(request, "leads:lead", back.lead_id)


@require_POST
def offer(request, pk):
    """Offer a lead to one rep by hand."""
    lead = get_permitted(request, Lead.objects.all(), "leads.offer_lead", pk)
    form = OfferForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a rep."))
        return redirect(request, "leads:lead", pk)
    try:
        made = handoffs.offer(lead.pk, to=form.cleaned_data["rep"], by=request.user, at=timezone.now())
        said = (
            _("Offered to %(rep)s.")
            if made
            else _("Suggested for %(rep)s: nothing is sent in the shadow week.")
        )
        messages.success(request, said % {"rep": form.cleaned_data["rep"]})
    except handoffs.Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, "leads:lead", pk)
