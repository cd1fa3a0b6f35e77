"""The desk's work on many leads: what a verb would do, taking it back, and whom a lead may be a second record of."""

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from leads import because, firsts, funnel, handoffs, ownership, terms
from leads.assignment import slips
from leads.models import Grade, Handoff, Lead, StageChange
from leads.models.handoffs import HandoffEnd
from leads.scoring import teaching
from pipeline.models import Contact
from pipeline.stages import GATES, Stage

# How a move is taken back: the chain of the funnel's moves from where the lead was put to where it was. What is not
# here stays: an MQL or a sleeping lead would be new again only by way of "disqualified", which it never was.
WAY_BACK = {
    (Stage.READY, Stage.MQL): (Stage.MQL,),
    (Stage.MQL, Stage.NURTURE): (Stage.NURTURE,),
    (Stage.NURTURE, Stage.MQL): (Stage.MQL,),
    (Stage.NURTURE, Stage.READY): (Stage.MQL, Stage.READY),
    (Stage.DISQUALIFIED, Stage.NEW): (Stage.NEW,),
    (Stage.DISQUALIFIED, Stage.MQL): (Stage.NEW, Stage.MQL),
    (Stage.DISQUALIFIED, Stage.READY): (Stage.NEW, Stage.MQL, Stage.READY),
    (Stage.DISQUALIFIED, Stage.NURTURE): (Stage.NEW, Stage.NURTURE),
}
# What a move takes from a lead and its undo gives back.
BESIDE = ("wake_at", "pooled_at", "desk_due_at")
MOST_ALIKE = 4


@dataclass(frozen=True)
class Forecast:
    """What a move of chosen leads would do: leads that move, (lead, why) of those that stay, and how many have a way back."""

    moving: list = field(default_factory=list)
    staying: list = field(default_factory=list)
    returning: int = 0


@dataclass(frozen=True)
class TakenBack(funnel.Advanced):
    """What taking a move back came to, and what the scorecards have forgotten by it."""

    forgotten: teaching.Lesson = field(default_factory=teaching.Lesson)


def forecast(lead_ids, to) -> Forecast:
    """The Forecast of moving leads to a stage at the desk. Nothing is changed."""
    leads = Lead.objects.filter(pk__in=lead_ids).select_related("contact__company", "desk_by").order_by("pk")
    missing = terms.unready(lead_ids, confirmed=True) if to == Stage.READY else {}
    moving, staying = [], []
    for lead in leads:
        if (lead.stage, to) not in GATES:
            stage = Stage(lead.stage).label
            staying.append((lead, _("From “%(stage)s” it does not go there.") % {"stage": stage}))
        elif lead.pk in missing:
            staying.append((lead, missing[lead.pk]))
        else:
            moving.append(lead)
    return Forecast(moving, staying, sum((to, lead.stage) in WAY_BACK for lead in moving))


def stages_of(lead_ids):
    """{stage: [lead ids]} as they stand, for taking a move back."""
    found = {}
    for pk, stage in Lead.objects.filter(pk__in=lead_ids).order_by("pk").values_list("pk", "stage"):
        found.setdefault(stage, []).append(pk)
    return found


def undoable(to, before):
    """Whether anything of a move to `to` from the stages of `before` can be taken back."""
    return any((to, stage) in WAY_BACK for stage in before)


def before_last(lead):
    """{stage: [the lead's id]}: where the lead stood before its last move, for taking that back."""
    return {StageChange.objects.filter(lead=lead).latest("seq").from_stage: [lead.pk]}


@transaction.atomic
def take_back(to, before, *, by, at, wake_at=None) -> TakenBack:
    """Put leads back to the stages of `before` ({stage: [ids]}) as far as they still stand at `to`: TakenBack.

    An offer that was made meanwhile is taken from the rep, who has lost no turn by it; what a rep has accepted stays. Who
    stays says why. Each has its place in the pool, its wake-up day (or `wake_at`) and what the desk owed it again, as the
    journal kept them, and has first reached no stage by it. What setting them aside had taught is forgotten.
    """
    done = funnel.Advanced()
    with connection.cursor() as cursor:
        if Stage.READY in (to, *before):
            slips.lock(cursor)
        ownership.lock_leads(cursor, _all(before))  # whoever accepts one just now has it, or comes too late
    ended = _ended(before.get(Stage.READY, ()), to)
    taught = teaching.taught_by(_all(before)) if to == Stage.DISQUALIFIED else set()
    stages, over = _standing(_all(before))
    for stage, ids in before.items():
        chain = WAY_BACK.get((to, stage), ())
        here = [pk for pk in ids if chain and stages.get(pk) == to and pk not in over]
        stays = [
            funnel.Refusal(pk, _why_not(stages.get(pk), to, over.get(pk))) for pk in ids if pk not in here
        ]
        done.refused.extend(stays)
        kept = _kept(here, to, stage)
        if wake_at and stage == Stage.NURTURE:
            kept = {pk: {"wake_at": wake_at} for pk in here}
        for step in chain:
            result = _step_back(here, step, kept if step == stage else {}, by, at)
            here = result.moved
            done.refused.extend(result.refused)
        done.moved.extend(here)
        firsts.forget(here, len(chain))
    moved = set(done.moved)
    _give_turns_back([offer for offer, lead in ended.items() if lead in moved])
    return TakenBack(done.moved, done.refused, teaching.forget(sorted(taught & moved)))


def _ended(lead_ids, to):
    """{offer: lead} of what the leads' last move, from "ready" to `to`, has ended."""
    offers = Handoff.objects.filter(
        lead__in=lead_ids, lead__stage=to, end=HandoffEnd.RELEASED, accepted_at=None, note="",
        lead__changes__seq=F("lead__seq"), lead__changes__from_stage=Stage.READY, ended_at=F("lead__changes__at"),
    )  # fmt: skip
    return dict(offers.values_list("pk", "lead")) if lead_ids else {}


def _give_turns_back(offers):
    """What ended by a move that is taken back was no lead got: it is offered anew."""
    if offers:
        Handoff.objects.filter(pk__in=offers).update(note=because.TAKEN_BACK)
        with connection.cursor() as cursor:
            slips.give_back(cursor, offers)


def _all(before):
    return [pk for ids in before.values() for pk in ids]


def _standing(lead_ids):
    """({lead id: stage}, {lead id: why its last move was one that took another back}): such a move is none of the desk's."""
    leads = Lead.objects.filter(pk__in=lead_ids)
    last = StageChange.objects.filter(lead__in=leads, seq=F("lead__seq"), reason__in=because.SLIPS)
    return dict(leads.values_list("pk", "stage")), dict(last.values_list("lead", "reason"))


def _why_not(stage, to, over):
    """Why a lead that stands at `stage` now is not taken back from `to`; `over`: why its last move took another back."""
    if stage == to and over == because.RETURN_UNDONE:
        return _("Its rep has returned it since, and taken that back.")
    if stage == to and over:
        return _("It was taken back already.")
    if stage == to:
        return _("From “%(stage)s” there is no way back.") % {"stage": Stage(to).label}
    if stage in (Stage.SQL, Stage.DEAL, Stage.WON):
        return _("Sales has accepted it already.")
    if stage is None:
        return _("It is no longer there.")
    return _("Somebody has moved it on to “%(stage)s” since.") % {"stage": Stage(stage).label}


def _kept(lead_ids, to, stage):
    """{lead id: {column: what the last move, from `stage` to `to`, took from it}}; no entry where it took nothing.

    What is of grade A by now goes back into no pool: it is routed, or wakes up when the pool would have had it.
    """
    last = StageChange.objects.filter(
        lead__in=lead_ids, seq=F("lead__seq"), from_stage=stage, to_stage=to
    ).order_by("lead")
    found = {row.pop("lead"): row for row in last.values("lead", *BESIDE)}
    for pk in Lead.objects.filter(pk__in=found, grade=Grade.A).values_list("pk", flat=True):
        pooled_at = found[pk].pop("pooled_at")
        if stage == Stage.NURTURE:
            found[pk]["wake_at"] = found[pk]["wake_at"] or pooled_at
    return {pk: {name: value for name, value in row.items() if value} for pk, row in found.items()}


def _step_back(lead_ids, step, kept, by, at):
    """Advanced of one step; whatever hands they are in lets go of them. Leads with the same `kept` go together."""
    same = {}
    for pk in lead_ids:
        same.setdefault(tuple(kept.get(pk, {}).items()), []).append(pk)
    done = funnel.Advanced()
    for marks, ids in same.items():
        result = _put(ids, step, dict(marks), by, at)
        done.moved.extend(result.moved)
        done.refused.extend(result.refused)
    return done


def _put(lead_ids, step, marks, by, at):
    said = {"reason": because.TAKEN_BACK, "at": at} | marks
    if step == Stage.NEW:
        return funnel.advance(lead_ids, step, actor=by, disqualified_because="", **said)
    if step == Stage.READY:
        due = None if "pooled_at" in marks else at
        return funnel.advance(lead_ids, step, actor=by, route_at=due, rounds=0, **said)
    return handoffs.set_aside(lead_ids, step, by=by, slip=True, **said)


def alike(contact):
    """Other contacts who may be the same person: of the same name, or of the same family at the same company."""
    same = Q()
    if len(contact.full_name) > 1:
        same |= Q(full_name__iexact=contact.full_name)
    if contact.company_id and contact.family_name:
        same |= Q(company=contact.company_id, family_name__iexact=contact.family_name)
    if not same:
        return []
    others = Contact.objects.surviving().filter(same).exclude(pk=contact.pk).select_related("company")
    return list(others.order_by("pk")[:MOST_ALIKE])
