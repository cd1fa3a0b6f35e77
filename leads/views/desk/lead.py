"""The desk's screen of one lead, and the verbs on it."""

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import get_permitted, hold, permitted, saves
from leads import agreement, answering, assignment, collisions, funnel, grading, pool, reception
from leads import desk as work
from leads.forms.desk import DeskForm
from leads.forms.leads import DisqualifyForm, NurtureForm, ReasonForm
from leads.models import Handoff, Lead
from leads.models.handoffs import HandoffEnd
from leads.views.desk.queues import around, queue_of
from leads.views.desk.reception import desk_of, talk_of
from leads.views.desk.verbs import ASIDE, offer_undo, tell, to_disqualify, to_nurture
from pipeline import files
from pipeline.stages import Stage
from ui.htmx import redirect
from ui.responses import invalid


@saves
def complete(request, pk):
    """The desk's page of a lead: facts, agreed questions, grade; save, or save and make ready and go on to the next."""
    lead = get_permitted(
        request,
        Lead.objects.select_related("contact__company", "campaign", "desk_by").annotate(
            card=files.newest_picture("contact")
        ),
        "leads.qualify_lead",
        pk,
    )
    if request.method == "POST":
        lead = hold(lead)
        lead.contact = hold(lead.contact)
    at = timezone.now()
    proposal = grading.proposed([lead.pk], at).get(lead.pk)
    form = DeskForm(request.POST or None, lead=lead, proposed=proposal.grade if proposal else "")
    if request.method != "POST":
        context = _screen(request, lead, form, proposal, at)
        return render(request, "leads/desk/complete.html", context)
    if not form.is_valid():
        return invalid(request, "leads/desk/complete.html", _screen(request, lead, form, proposal, at))
    following = around(request, lead, at)[1]
    form.save()
    if lead.stage in reception.AT_DESK and not reception.take(lead.pk, by=request.user, at=at):
        messages.warning(request, reception.too_late(lead.pk, at))
    pool.let_go([lead.pk], by=request.user, at=at)
    assignment.look_again([lead.pk], at)
    if "ready" not in request.POST:
        messages.success(request, _("Saved."))
        if "queue" in request.GET:  # in the middle of a queue one stays at this screen, with the ways on
            return redirect(request, request.get_full_path())
        return redirect(request, "leads:lead", pk)
    refused = agreement.make_ready([lead.pk], actor=request.user, at=at).refused
    if refused:
        form.add_error(None, refused[0].why)
        return invalid(request, "leads/desk/complete.html", _screen(request, lead, form, proposal, at))
    offer_undo(request, Stage.READY, {Stage.MQL: [lead.pk]}, _("Ready: it is on its way to a rep."))
    return redirect(request, following or "leads:desk")


def _screen(request, lead, form, proposal, at):
    """Everything about one lead that the desk looks at, without leaving the page."""
    before, after = around(request, lead, at)
    returned = Handoff.objects.filter(lead=lead, end=HandoffEnd.RETURNED).select_related("rep", "reason")
    return {
        "form": form,
        "lead": lead,
        "proposal": proposal,
        "before": before,
        "after": after,
        "queue": queue_of(request),
        "aside": ASIDE,
        "collision": collisions.of([lead.contact_id], by=request.user, at=at).get(lead.contact_id),
        "returned": returned.order_by("-ended_at").first() if lead.desk_due_at else None,
        "answer_due": answering.due(grading.graded(Lead.objects.filter(pk=lead.pk), at, cell=False)).get(
            lead.pk
        ),
        **desk_of(lead, at),
        **talk_of(lead),
        "alike": work.alike(lead.contact) if permitted(request, "leads.merge_contact") else [],
    }


@require_POST
def qualify(request, pk):
    """Make an MQL by hand, with a reason."""
    return _one(request, pk, ReasonForm, lambda ids, form, at: funnel.advance(
        ids, Stage.MQL, actor=request.user, reason=form.cleaned_data["reason"], at=at))  # fmt: skip


@require_POST
def nurture(request, pk):
    """Set aside until a day."""
    return _one(request, pk, NurtureForm, to_nurture(request))


@require_POST
def disqualify(request, pk):
    """Out of the funnel: a robot, a competitor, a student …"""
    return _one(request, pk, DisqualifyForm, to_disqualify(request))


@require_POST
def ready(request, pk):
    """Mark one MQL ready; where answers are missing, the page that asks for them."""
    lead = get_permitted(request, Lead.objects.all(), "leads.qualify_lead", pk)
    result = agreement.make_ready([lead.pk], actor=request.user, at=timezone.now())
    if result.refused:
        messages.warning(request, result.refused[0].why)
        return redirect(request, "leads:complete", pk)
    offer_undo(request, Stage.READY, {Stage.MQL: [lead.pk]}, _("Ready: it is on its way to a rep."))
    return redirect(request, "leads:lead", pk)


def _one(request, pk, made, act):
    """One verb on one lead; what the form refuses is a page of its own."""
    lead = get_permitted(request, Lead.objects.select_related("contact__company"), "leads.qualify_lead", pk)
    form = made(request.POST)
    if not form.is_valid():
        return invalid(request, "leads/desk/verb.html", {"form": form, "lead": lead})
    before, following = {lead.stage: [lead.pk]}, around(request, lead, timezone.now())[1]
    result = act([lead.pk], form, timezone.now())
    lead.refresh_from_db(fields=["stage"])
    tell(request, result, undo=(lead.stage, before))
    if "queue" in request.POST:
        return redirect(request, following or "leads:desk")
    return redirect(request, "leads:lead", pk)
