"""The agreement at work: leads that meet it become MQLs, and the desk makes them ready."""

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils.translation import gettext as _

from engine.copying import chunk
from leads import funnel, terms
from leads.funnel import Advanced, Refusal
from leads.grading import proposed
from leads.models import Agreement, Grade, Lead
from leads.terms import in_force
from pipeline.stages import Stage

__all__ = ["Qualified", "grades", "in_force", "judge_due", "make_ready", "qualify", "set_grade", "wake_due"]

LOCK_FREE = """
SELECT id FROM leads_lead WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""
CLAIM_AWAKE = """
SELECT id FROM leads_lead WHERE wake_at <= %s AND stage = 'nurture' AND merged_into_id IS NULL
ORDER BY wake_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""


JUDGING = """
SELECT id, judged_until FROM leads_agreement WHERE judged_until IS NOT NULL ORDER BY version DESC LIMIT 1
FOR NO KEY UPDATE SKIP LOCKED
"""


@dataclass(frozen=True)
class Qualified:
    """Leads that became MQLs, and leads that would but are being worked on just now: ask again."""

    moved: list[int] = field(default_factory=list)
    held_up: list[int] = field(default_factory=list)


def qualify(lead_ids, at, *, anew=False) -> Qualified:
    """Make MQLs of those leads that meet the agreement in force, or with `anew` its new terms; the machine is the actor.

    Never waits for a lead that somebody else has locked: those come back as `held_up`.
    """
    met = terms.met(lead_ids, at, anew=anew)
    if not met:
        return Qualified()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LOCK_FREE, [list(met)])
            free = {row[0] for row in cursor.fetchall()}
        moved = []
        for why in sorted(set(met.values())):
            ids = [lead_id for lead_id in free if met[lead_id] == why]
            moved += funnel.advance(ids, Stage.MQL, reason=why, at=at).moved
    return Qualified(sorted(moved), sorted(set(met) - free))


def wake_due(limit, at):
    """Wake leads in nurture whose day has come; returns how many.

    Who was an MQL before is one again and back on the desk; for the others the agreement decides from now on.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM_AWAKE, [at, limit])
        woken = [row[0] for row in cursor.fetchall()]
        if woken:
            moved = set(qualify(woken, at).moved)
            asleep = [lead_id for lead_id in woken if lead_id not in moved]
            Lead.objects.filter(pk__in=asleep).update(wake_at=None)
    return len(woken)


def judge_due(limit, at):
    """After a new version was signed: make MQLs of waiting leads that meet its terms. Returns how many were looked at.

    In the order of their ids, as far as `judged_until` has not come yet. One look when there is nothing to do.
    """
    if not Agreement.objects.filter(judged_until__isnull=False).exists():
        return 0
    with chunk() as cursor:
        cursor.execute(JUDGING)
        found = cursor.fetchone()
        now = in_force()
        if found is None or found[0] != now.pk:
            return 0
        waiting = Lead.objects.filter(stage__in=(Stage.NEW, Stage.NURTURE), merged_into=None, history=False)
        ids = list(waiting.filter(pk__gt=found[1]).order_by("pk").values_list("pk", flat=True)[:limit])
        done = qualify(ids, at, anew=True)
        until = ids[-1] if len(ids) == limit else None
        if done.held_up:  # somebody works on these just now: the next round goes on from there
            until = done.held_up[0] - 1
        Agreement.objects.filter(pk=now.pk).update(judged_until=until)
    return len(done.moved) if done.held_up else len(ids)


def make_ready(lead_ids, *, actor, at) -> Advanced:
    """Mark MQLs ready to be offered: Advanced(moved, refused).

    The agreed questions must be answered and the required fields known. A lead without a grade takes the proposed
    one: marking it ready is how the desk confirms it.
    """
    with transaction.atomic():
        missing = terms.unready(lead_ids, confirmed=True)
        able = [lead_id for lead_id in lead_ids if lead_id not in missing]
        locked = (
            Lead.objects.select_for_update(no_key=True).filter(pk__in=able, stage=Stage.MQL).order_by("pk")
        )
        ungraded = [lead_id for lead_id, grade in locked.values_list("pk", "grade") if not grade]
        _grade_as_proposed(ungraded, at)
        done = funnel.advance(able, Stage.READY, actor=actor, at=at, route_at=at, rounds=0)
    refused = [*done.refused, *(Refusal(lead_id, why) for lead_id, why in missing.items())]
    return Advanced(done.moved, sorted(refused, key=lambda refusal: refusal.lead_id))


def _grade_as_proposed(lead_ids, at):
    offers = proposed(lead_ids, at) if lead_ids else {}
    for grade in Grade.values:
        ids = [lead_id for lead_id in lead_ids if lead_id in offers and offers[lead_id].grade == grade]
        if ids:
            Lead.objects.filter(pk__in=ids).update(grade=grade)


def grades(lead_ids, at):
    """{lead id: the grade that counts now}: the desk's, else the one that the scorecard proposes; empty without either."""
    known = dict(Lead.objects.filter(pk__in=lead_ids).values_list("pk", "grade"))
    ungraded = [lead_id for lead_id, grade in known.items() if not grade]
    offers = proposed(ungraded, at) if ungraded else {}
    return known | {lead_id: offer.grade for lead_id, offer in offers.items()}


def set_grade(lead, grade, *, reason, at):
    """Set the desk's grade; another one than proposed needs a reason. Raises ValueError without."""
    offer = proposed([lead.pk], at).get(lead.pk)
    if not reason.strip() and (offer is None or grade != offer.grade):
        raise ValueError(_("Say why the grade is another one than proposed."))
    Lead.objects.filter(pk=lead.pk).update(grade=Grade(grade), grade_reason=reason.strip()[:300])
    lead.refresh_from_db(fields=["grade", "grade_reason"])
