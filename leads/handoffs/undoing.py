"""A return that was a slip: whoever made it takes it back a short while after, as though it had not been made."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from engine.hints import hint
from leads import because, funnel, ownership, terms
from leads.assignment import slips
from leads.clocks import clocks_of
from leads.gates import IN_HAND
from leads.handoffs.answers import locked
from leads.handoffs.refusals import Refused, insist
from leads.models import BookMove, Dispute, Handoff, HandoffKind, Lead
from leads.models.handoffs import HandoffEnd
from leads.scoring import teaching
from pipeline.models import Deal
from pipeline.stages import Stage, path

WITHIN = timedelta(minutes=10)


def undo_return(handoff_id, *, by, at):
    """Open a handoff that `by` has just returned again; returns (handoff, Lesson unlearned). Its clock stood still meanwhile.

    An offer made of it meanwhile is taken from the other rep, whose turn it was no more than before, and so are offers of
    the same company that only followed it there: they are routed again. Nobody is told of it anew. Raises Refused once somebody else has the lead or has moved it on, AlreadyAnswered for no handoff at all.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        slips.lock(cursor)
        followed = _followed(handoff_id)
        own = Handoff.objects.filter(pk=handoff_id).values_list("lead", flat=True)
        ownership.lock_leads(cursor, [*own, *followed.values()])
        handoff = locked(cursor, handoff_id)
        since = _since(handoff)
        if why := _hindrance(handoff, since, by, at):
            raise Refused(why)
        taught = teaching.taught_by([handoff.lead_id])
        was = {name: pk for name, pk in handoff.before_return.items() if name != "seq"}
        ownership.lock_reps(cursor, [handoff.rep_id, *(one.rep_id for one in since)])
        offers = [one.pk for one in since]
        ended = ownership.end(
            cursor, [*offers, *followed], HandoffEnd.RELEASED, at=at, note=because.RETURN_UNDONE
        )
        slips.give_back(cursor, offers)
        again = {lead for _handoff, lead, _rep in ended} - {handoff.lead_id}
        Lead.objects.filter(pk__in=again, stage=Stage.READY).update(route_at=at, updated_at=at)
        _walk_back(cursor, handoff, by, at)
        _stand_as_before(handoff, was, at)
        Handoff.objects.filter(pk=handoff_id).update(**_stood_still(handoff, at))
        forgotten = teaching.forget(sorted(taught))
    if again:
        hint("leads.tasks.assign")
    handoff.refresh_from_db()
    return handoff, forgotten


def _since(handoff):
    """Whom the lead has been with since, but for what a return that was taken back before had brought."""
    later = Handoff.objects.but_for_slips().filter(lead=handoff.lead_id, pk__gt=handoff.pk)
    return list(later.select_related("rep"))


def _followed(handoff_id):
    """{handoff id: lead id} of unanswered offers that joined another of the company to whoever was offered it since, and
    who works with that company by nothing else.
    """
    back = Handoff.objects.select_related("lead__contact").filter(pk=handoff_id).first()
    company = back and back.lead.contact.company_id
    if not back or not company:
        return {}
    open_there = Handoff.objects.open().filter(lead__contact__company=company)
    slip = open_there.filter(lead=back.lead_id, pk__gt=handoff_id, accepted_at=None).first()
    if slip is None:
        return {}
    theirs = open_there.filter(rep=slip.rep_id).exclude(lead=back.lead_id)
    followed = theirs.filter(because=because.JOINED, accepted_at=None, offered_at__gte=slip.offered_at)
    deals = Deal.objects.open().filter(company=company, owner=slip.rep_id)
    if deals.exists() or theirs.exclude(pk__in=followed.values("pk")).exists():
        return {}
    return dict(followed.values_list("pk", "lead"))


def _who_took_up(handoff, since):
    """Who accepted another lead of the company that only followed this one to them; None where nobody did."""
    company = handoff.lead.contact.company_id
    joined = Handoff.objects.open().filter(rep__in=[one.rep_id for one in since], because=because.JOINED)
    taken = (
        company and joined.filter(lead__contact__company=company, accepted_at__gte=handoff.ended_at).first()
    )
    return taken.rep if taken else None


def _hindrance(handoff, since, by, at):
    """Why this return cannot be taken back by this user now; empty where it can."""
    lead = handoff.lead
    if handoff.end != HandoffEnd.RETURNED or handoff.before_return is None:
        return _("There is no return to take back.")
    if handoff.returned_by_id != by.pk:
        return _("Only whoever returned it takes that back.")
    if at - handoff.ended_at > WITHIN:
        return _("That is too long ago to be taken back. Ask the desk to offer it again.")
    if not handoff.rep.is_active:
        return _("%(rep)s has left.") % {"rep": handoff.rep}
    if owner := BookMove.gone_home("leads", lead.pk, handoff.ended_at):  # it would stay with who stood in
        return _("Meanwhile the book it came with is back with %(rep)s. Ask the desk to offer it again.") % {
            "rep": owner
        }
    if Dispute.objects.filter(handoff=handoff).exists():
        return _("This return is disputed already: the heads decide where the lead goes.")
    if holder := next((one.rep for one in since if one.accepted_at or one.ended_at), None):
        return _("Too late: %(rep)s has it by now.") % {"rep": holder}
    if holder := _who_took_up(handoff, since):
        return _("Too late: %(rep)s works with this company by now.") % {"rep": holder}
    if lead.merged_into_id:
        return _("It was merged into another lead.")
    if lead.seq != handoff.before_return["seq"]:
        return _("Somebody has moved it on to “%(stage)s” since.") % {"stage": lead.get_stage_display()}
    return ""


def _walk_back(cursor, handoff, by, at):
    """Through the funnel to where it stood; it is in the rep's hands again before the stages that ask for that."""
    for step in (steps := _steps(handoff)):
        if step not in IN_HAND:
            _advance(handoff, step, by, at)
    ownership.reopen(cursor, {handoff.pk: handoff.answer_due_at})
    for step in steps:
        if step in IN_HAND:
            _advance(handoff, step, by, at)


def _steps(handoff):
    """The chain of stages back; none where the return moved nothing."""
    target = Stage.SQL if handoff.accepted_at else Stage.READY
    if handoff.kind == HandoffKind.FARMER or handoff.lead.stage == target:
        return ()
    if handoff.lead.stage == Stage.MQL and target == Stage.SQL and terms.unready([handoff.lead_id]):
        return (Stage.NURTURE, Stage.SQL)  # it never was ready: an own find, or one that came with an import
    return path(handoff.lead.stage, target)


def _advance(handoff, stage, by, at):
    marks = {"disqualified_because": ""} if stage == Stage.NEW else {}
    moved = funnel.advance([handoff.lead_id], stage, actor=by, reason=because.RETURN_UNDONE, at=at, **marks)
    insist(moved)


def _stood_still(handoff, at):
    """{column: when that is due} of the clock that runs: as much working time is left of it as when it was returned."""
    name = "contact_due_at" if handoff.accepted_at else "answer_due_at"
    due, over = getattr(handoff, name), handoff.accepted_at and handoff.contacted_at
    if due is None or over or due <= handoff.ended_at:
        return {}
    clock = clocks_of(handoff.rep, handoff.agreement, at).clock
    return {name: clock.add_minutes(due, clock.minutes_between(handoff.ended_at, at))}


def _stand_as_before(handoff, corrected, at):
    """Nothing of the return routes, wakes or is due any more; what it corrected reads as it did, and no stage was first
    reached by it."""
    fields: dict[str, object] = {f"{name}_id": pk for name, pk in corrected.items()}
    first = Lead.objects.values(*funnel.FIRST_TIMES.values()).get(pk=handoff.lead_id)
    fields |= {name: None for name, moment in first.items() if moment and moment >= handoff.ended_at}
    if "mql_at" in fields:
        fields["mql_grade"] = ""
    over = dict.fromkeys(("route_at", "wake_at", "desk_due_at", "pooled_at"))
    Lead.objects.filter(pk=handoff.lead_id).update(
        **over, **fields, rounds=max(handoff.round - 1, 0), updated_at=at
    )
