"""The pool: good leads that nobody holds. Reps claim from it within caps.

A lead that sales lost or gave up rests first: its `pooled_at` lies ahead.
"""

from datetime import datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import Case, Exists, F, OuterRef, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import organisation
from accounts.models import RepProfile
from engine.copying import chunk
from engine.hints import hint
from leads import agreement, because, funnel, handover, ownership
from leads.clocks import clocks_of, desk_due
from leads.models import Destination, Event, Grade, Handoff, HandoffKind, Lead
from leads.models.handoffs import HandoffEnd
from pipeline.stages import Stage
from ui import formats

CLAIMABLE = (Stage.READY, Stage.NURTURE)

ONE = """
SELECT id FROM leads_lead WHERE id = %s AND pooled_at <= %s AND stage IN ('ready', 'nurture') AND merged_into_id IS NULL FOR NO KEY UPDATE SKIP LOCKED
"""


class ClaimRefused(Exception):
    """The lead is not in the pool any more, or the rep may not claim it now; the text says which."""

    def __str__(self):
        return str(self.args[0])


GONE = _("Somebody else was faster: this lead is no longer in the pool.")
NOT_THERE = _("This lead is not in the pool.")
FULL = _("Your hands are full: give something back first.")
ENOUGH = _("You have claimed as many leads today as the agreement allows.")
COOLS = _("You held this lead last: it has to cool down first.")
NO_REP = _("Only reps claim leads.")


def put(lead_ids, at):
    """Put ready or nurtured leads into the pool; grade A and key accounts never wait there. Returns how many went in."""
    if not lead_ids:
        return 0
    fit = Lead.objects.filter(pk__in=_split(lead_ids, at)[1], stage__in=CLAIMABLE, pooled_at=None)
    return fit.update(
        pooled_at=at, route_at=None, owner=None, wake_at=None, desk_due_at=None, rounds=0, updated_at=at
    )


def rest(lead_ids, at):
    """Let nurtured leads rest before the pool has them: what sales lost or gave up. Returns how many.

    Grade A and key accounts never wait in a pool: the desk has them when they wake up.
    """
    best, others = _split(lead_ids, at)
    fit = Lead.objects.filter(pk__in=others, stage=Stage.NURTURE)
    return sleep(best, at) + fit.update(pooled_at=_rested(at), wake_at=None, rounds=0, updated_at=at)


def sleep(lead_ids, at):
    """Let nurtured leads rest outside the pool: they wake up for the desk. Returns how many."""
    fit = Lead.objects.filter(pk__in=list(lead_ids), stage=Stage.NURTURE)
    return fit.update(wake_at=_rested(at), pooled_at=None, rounds=0, updated_at=at)


def let_go(lead_ids, *, by, at, wait=True):
    """Take out of the pool what is of grade A by now: it is routed. What still rests wakes up for the desk.

    Lost and given-up leads pass the desk on their way: where an agreed question is open they wait there. Returns those
    that somebody else works on just now, if it is not to `wait` for them.
    """
    pooled = Lead.objects.in_pool().filter(pk__in=lead_ids, stage__in=CLAIMABLE)
    ids = _split(list(pooled.values_list("pk", flat=True)), at)[0]
    if not ids:
        return set()
    with transaction.atomic():
        free = pooled.filter(pk__in=ids).select_for_update(no_key=True, skip_locked=not wait)
        best = list(free.order_by("pk"))
        line = [lead.pk for lead in best if lead.stage == Stage.READY]
        lost = [lead for lead in best if lead.stage == Stage.NURTURE]
        _line_up(line, at, pooled_at=None, updated_at=at)
        Lead.objects.filter(pk__in=[lead.pk for lead in lost if lead.pooled_at > at]).update(
            wake_at=F("pooled_at"), pooled_at=None, rounds=0, updated_at=at
        )
        over = [lead.pk for lead in lost if lead.pooled_at <= at]
        if over:
            said = {"actor": by, "reason": because.BEST, "at": at, "desk_due_at": desk_due(at)}
            agreement.make_ready(funnel.advance(over, Stage.MQL, **said).moved, actor=by, at=at)
    if line:
        hint("leads.tasks.assign")
    return set(ids) - {lead.pk for lead in best}


def _split(lead_ids, at):
    """(leads of grade A and those of key accounts, the others); where the desk set no grade the proposed one counts."""
    found, owned = agreement.grades(lead_ids, at), handover.for_owners_only(lead_ids)
    best = {lead_id for lead_id, grade in found.items() if grade == Grade.A or lead_id in owned}
    return list(best), [lead_id for lead_id in found if lead_id not in best]


def _rested(at):
    return at + timedelta(days=agreement.in_force().rest_days)


def claim(lead_id, *, by, at):
    """Take a lead out of the pool; it is accepted with that. Returns the handoff's id. Raises ClaimRefused."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE, [lead_id, at])
        if cursor.fetchone() is None:
            raise ClaimRefused(too_late(lead_id, by, at) or _why_not_there(lead_id, at))
        in_force = agreement.in_force()
        _check(lead_id, by, in_force, at)
        lead = Lead.objects.get(pk=lead_id)
        taken = ownership.take_one(
            cursor,
            lead,
            by,
            kind=HandoffKind.CLAIM,
            because=because.CLAIMED,
            agreement=in_force,
            at=at,
            clocks=clocks_of(by, in_force, at),
            accepted=True,
            by=by,
        )
        refused = funnel.advance([lead_id], Stage.SQL, actor=by, reason="", at=at).refused
        if refused:
            raise ClaimRefused(refused[0].why)
    return taken


def too_late(lead_id, by, at):
    """What to tell a rep who comes too late for a lead that somebody holds who claimed it; "" where nobody does."""
    open_claims = Handoff.objects.open().filter(lead=lead_id, kind=HandoffKind.CLAIM)
    held = open_claims.select_related("rep").first()
    if held is None:
        return ""
    if held.rep_id == by.pk:
        return gettext("You have this lead already.")
    said = gettext("%(name)s has taken this lead (%(when)s): it is no longer in the pool.")
    return said % {"name": held.rep, "when": formats.ago(held.accepted_at or held.offered_at, at)}


def _why_not_there(lead_id, at):
    """Why a lead cannot be taken out of the pool: it rests, it is not there at all, or somebody took it just now."""
    lead = Lead.objects.filter(pk=lead_id).first()
    if lead and lead.pooled_at and lead.pooled_at > at:
        return gettext("It rests until %(when)s: before that nobody may claim it.") % {
            "when": formats.moment(lead.pooled_at)
        }
    return GONE if lead and lead.pooled_at else NOT_THERE


def claims_left(user, at) -> tuple[int, int] | None:
    """How many more leads the rep may claim today: (by the day's cap, by capacity). None for somebody who is no rep."""
    rep = RepProfile.objects.filter(user=user).first()
    if rep is None:
        return None
    today = agreement.in_force().claims_a_day - _claimed_today(user, at)
    return max(today, 0), max(rep.capacity - rep.open_n, 0)


def _check(lead_id, by, in_force, at):
    """Raise ClaimRefused where a cap or the cooling time is in the way. Claims of one rep wait for each other here."""
    rep = RepProfile.objects.select_for_update(no_key=True).filter(user=by).first()
    if rep is None:
        raise ClaimRefused(NO_REP)
    if rep.open_n >= rep.capacity:
        raise ClaimRefused(FULL)
    if _claimed_today(by, at) >= in_force.claims_a_day:
        raise ClaimRefused(ENOUGH)
    last = Handoff.objects.but_for_slips().filter(lead=lead_id).order_by("-pk").first()
    cooling = timedelta(days=in_force.cooling_days)
    if last and last.rep_id == by.pk and last.ended_at and last.ended_at > at - cooling:
        raise ClaimRefused(COOLS)


def _claimed_today(user, at):
    midnight = datetime.combine(organisation.today(at), time(), organisation.zone())
    own = {"kind": HandoffKind.CLAIM, "because": because.CLAIMED}  # a book that moved brings others' claims
    return Handoff.objects.filter(rep=user, **own, offered_at__gte=midnight).count()


def end_protection(limit, at):
    """Take leads from reps who let their protection run out. Returns how many handoffs were looked at.

    A deal protects its lead, and so does a lead's own finder unless the table of the hand-over says otherwise; the
    table says where the others go.
    """
    with chunk() as cursor:
        table = handover.table()
        finds_too = table[Event.OWN_FIND_IDLE].way() == Destination.LIKE_OTHERS
        cursor.execute(UNPROTECTED, [finds_too, at, limit])
        found = cursor.fetchall()
        if not found:
            return 0
        days = timedelta(days=agreement.in_force().protection_days)
        kept = [handoff for handoff, _lead, over in found if not over]
        Handoff.objects.filter(pk__in=kept).update(protected_until=at + days)
        ownership.end(cursor, [row[0] for row in found if row[2]], HandoffEnd.EXPIRED, at=at)
        ways = {}
        for lead, grade in agreement.grades([row[1] for row in found if row[2]], at).items():
            ways.setdefault(table[Event.PROTECTION_ENDED].way(grade), []).append(lead)
        for way, leads in ways.items():
            _give_up(leads, way, at)
    return len(found)


UNPROTECTED = """
SELECT h.id, h.lead_id, l.stage = 'sql' AND (h.kind <> 'own_find' OR %s)
FROM leads_handoff h JOIN leads_lead l ON l.id = h.lead_id
WHERE h.ended_at IS NULL AND h.accepted_at IS NOT NULL AND h.protected_until <= %s
ORDER BY h.protected_until LIMIT %s FOR NO KEY UPDATE OF l, h SKIP LOCKED
"""
LANDS_IN = {
    Destination.POOL: Stage.NURTURE,
    Destination.NURTURE: Stage.NURTURE,
    Destination.ROUTE: Stage.READY,
    Destination.DESK: Stage.MQL,
}


def _give_up(lead_ids, way, at):
    """Send leads that nobody followed up where the table says."""
    moved = funnel.advance(lead_ids, LANDS_IN[way], actor=None, reason=because.UNPROTECTED, at=at).moved
    if way == Destination.POOL:
        rest(moved, at)
    elif way == Destination.NURTURE:
        sleep(moved, at)
    elif way == Destination.ROUTE:
        _line_up(moved, at)
    else:
        Lead.objects.filter(pk__in=moved).update(desk_due_at=desk_due(at), rounds=0)


def _line_up(lead_ids, at, **fields):
    """Route leads anew. What ran out in a rep's hands stays known as that: it does not wait for reps who have all had it."""
    ran_out = Exists(Handoff.objects.filter(lead=OuterRef("pk"), end=HandoffEnd.EXPIRED))
    rounds = Case(When(ran_out, then=1), default=0)
    Lead.objects.filter(pk__in=lead_ids).update(route_at=at, rounds=rounds, **fields)


def waiting(at):
    """The leads that may be claimed now."""
    return Lead.objects.in_pool().filter(pooled_at__lte=at, stage__in=CLAIMABLE, merged_into=None)
