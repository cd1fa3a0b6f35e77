"""A run of routing: claim what is due, place it, and open the handoffs; or only say what would happen."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts import dated, organisation
from accounts.calendars import clocks_for, shown_clock_of
from engine.copying import array, chunk, take_lock
from leads import agreement, because, funnel, handover, notices, ownership, pool
from leads.assignment import dealing, fairs, gathering, passes, ruling
from leads.clocks import Clocks, desk_due
from leads.models import Handoff, Lead
from pipeline.stages import Stage

LOCK = "leads.assignment"
AGAIN = timedelta(minutes=1)  # until a lead that waits in line is looked at again

KEYS = """
SELECT DISTINCT rep_id, CASE WHEN kind IN ('inquiry', 'farmer') THEN 'inquiry' WHEN hand THEN 'hand' ELSE grade END
FROM routing WHERE rep_id IS NOT NULL
"""
PLACED = """
SELECT r.lead_id, r.rep_id, r.kind, r.grade, NULL::bigint AS offered_by_id, r.run_id, r.rank, r.rounds, r.because,
  CASE WHEN r.kind <> 'own_find' THEN k.answer_due END AS answer_due_at,
  CASE WHEN r.kind = 'own_find' THEN %(at)s::timestamptz END AS accepted_at,
  CASE WHEN r.kind = 'own_find' THEN k.contact_due END AS contact_due_at,
  CASE WHEN r.kind = 'own_find' THEN %(protected)s::timestamptz END AS protected_until
FROM routing r JOIN unnest(%(reps)s::bigint[], %(keys)s::text[], %(answers)s::timestamptz[], %(contacts)s::timestamptz[])
  AS k (rep_id, key, answer_due, contact_due) ON k.rep_id = r.rep_id AND k.key =
  CASE WHEN r.kind IN ('inquiry', 'farmer') THEN 'inquiry' WHEN r.hand THEN 'hand' ELSE r.grade END
"""
WAIT = "UPDATE leads_lead l SET route_at = %s FROM routing r WHERE r.lead_id = l.id AND r.fate = 'wait'"
HOLD = "UPDATE leads_lead l SET route_at = NULL FROM routing r WHERE r.lead_id = l.id AND r.fate = 'held'"
APART = """
SELECT array_agg(lead_id) FILTER (WHERE kind = 'own_find' AND rep_id IS NOT NULL), array_agg(lead_id) FILTER (WHERE fate = 'pool'),
  array_agg(lead_id) FILTER (WHERE fate = 'desk'), bool_or(fate = 'wait'), bool_or(fate = 'held'),
  array_agg(ARRAY[lead_id, sales_owner_id]) FILTER (WHERE rep_id <> sales_owner_id AND NOT farming AND kind <> 'own_find'
    AND EXISTS (SELECT FROM routing_rep r WHERE r.user_id = sales_owner_id AND r.hindrance = 'absent'))
FROM routing
"""
SIMULATED = "SELECT lead_id, rep_id, kind, because, rank, rule_id, fate FROM routing ORDER BY lead_id"


@dataclass(frozen=True)
class Placed:
    """Who would get a lead and why. Without a rep, `fate` says what becomes of it: wait, pool, desk or held."""

    lead_id: int
    rep_id: int | None
    kind: str
    because: str
    rank: int | None
    rule_id: int | None
    fate: str


@dataclass(frozen=True)
class Apart:
    """Leads of a run that are more than offered: reps' own finds, what goes to the pool or the desk, what waits or is held.

    `stood_in`: [lead, owner] of accounts whose owner is absent, offered to somebody else.
    """

    own: list | None
    pool: list | None
    desk: list | None
    waiting: bool
    held: bool
    stood_in: list | None


def assign_due(limit=1000, at=None):
    """Offer ready leads whose time has come, at most `limit`. Returns how many were settled one way or the other."""
    at = at or timezone.now()
    if organisation.in_shadow(at):
        return 0
    with connection.cursor() as cursor:
        if not gathering.anything_due(cursor, at):
            return 0
    dated.put_in_force(at)  # as of this moment, even if nobody has looked since it came
    with chunk() as cursor:
        take_lock(cursor, LOCK)
        rules = ruling.in_order(cursor)
        found = gathering.gather_due(cursor, rules, at, limit)
        if found:
            in_force = agreement.in_force()
            _place(cursor, rules, in_force, at, keep=True)
            cursor.execute(APART)
            apart = Apart(*cursor.fetchone())
            _open(cursor, in_force, apart.own or [], at)
            _put_by(cursor, apart, at)
            notices.stood_in(apart.stood_in or [], at)
        gathering.forget(cursor)
    return found


def simulate(lead_ids, at):
    """Who would get these leads if they were routed now, as [Placed]. Nothing is written, claimed or waited for."""
    with transaction.atomic(), connection.cursor() as cursor:
        rules = ruling.in_order(cursor)
        gathering.gather_named(cursor, rules, array(lead_ids), at)
        _place(cursor, rules, agreement.in_force(), at, keep=False)
        cursor.execute(SIMULATED)
        placed = [Placed(*row) for row in cursor.fetchall()]
        gathering.forget(cursor)
    return placed


def simulate_due(limit, at):
    """The same for the leads that the next runs would take, as far as `limit` goes: due ones, and those that wait in line."""
    due = Lead.objects.filter(route_at__isnull=False, stage__in=("ready", "won"), merged_into=None)
    due = due.exclude(handoffs__in=Handoff.objects.open()).order_by("grade", "route_at", "pk")
    return simulate(list(due.values_list("pk", flat=True)[:limit]), at)


def _place(cursor, rules, in_force, at, keep):
    """Find a rep or a fate for every lead of the run; `keep` stores the runs of the rules and where they leave the reps."""
    bound = passes.bound(handover.table(), in_force.reoffers, at)
    passes.before(cursor, bound)
    reps = gathering.reps(cursor)
    off = _off_work(reps, in_force, at)
    dealing.deal(cursor, rules, reps, at, off=off, keep=keep, reoffers=bound["reoffers"])
    passes.after(cursor, bound)


def _off_work(reps, in_force, at):
    """The ids of reps outside their working hours, by the calendars of a few seconds ago.

    Nobody's where the agreement counts day and night.
    """
    here = [rep for rep in reps.values() if rep.hindrance != "gone" and not in_force.around_the_clock]
    works = {one: shown_clock_of(one).is_working(at) for one in {rep.calendar_id for rep in here}}
    return frozenset(rep.user_id for rep in here if not works[rep.calendar_id])


def _open(cursor, in_force, own, at):
    """Open a handoff for each lead that found its rep; a rep's own find is accepted at once."""
    cursor.execute(KEYS)
    keys = cursor.fetchall()
    clocks = {
        rep: Clocks(clock, in_force, at) for rep, clock in clocks_for({rep for rep, _key in keys}).items()
    }
    params = {
        "at": at,
        "protected": at + timedelta(days=in_force.protection_days),
        "reps": [rep for rep, _key in keys],
        "keys": [key for _rep, key in keys],
        "answers": [clocks[rep].answer_due(key) for rep, key in keys],
        "contacts": [clocks[rep].contact_due(key) for rep, key in keys],
    }
    opened, offered = ownership.take_many(cursor, PLACED, params, agreement=in_force, at=at)
    fairs.put_off(cursor, opened, clocks, at)
    if own:
        funnel.advance(own, Stage.SQL, actor=None, reason="", at=at)
    notices.offered(offered, places="routing")


def _put_by(cursor, apart, at):
    """What found nobody waits in line, goes to the pool or the desk, or is held until somebody routes it again."""
    if apart.waiting:
        cursor.execute(WAIT, [at + AGAIN])
    if apart.held:
        cursor.execute(HOLD)
    if apart.pool:
        pool.put(apart.pool, at)
    if apart.desk:
        due = desk_due(at)
        funnel.advance(apart.desk, Stage.MQL, reason=because.NO_REP, at=at, desk_due_at=due, rounds=0)
