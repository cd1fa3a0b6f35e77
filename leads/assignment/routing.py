"""A run of routing: claim what is due, place it, and open the handoffs; or only say what would happen."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts import organisation
from accounts.calendars import clocks_for
from engine.copying import chunk, take_lock
from leads import agreement, because, funnel, handover, notices, ownership, pool
from leads.assignment import dealing, gathering, passes
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
SELECT r.lead_id, r.rep_id, r.kind, r.grade, NULL::bigint AS offered_by_id, r.run_id, r.rank, r.because,
  CASE WHEN r.kind <> 'own_find' THEN k.answer_due END AS answer_due_at,
  CASE WHEN r.kind = 'own_find' THEN %(at)s::timestamptz END AS accepted_at,
  CASE WHEN r.kind = 'own_find' THEN k.contact_due END AS contact_due_at,
  CASE WHEN r.kind = 'own_find' THEN %(protected)s::timestamptz END AS protected_until
FROM routing r JOIN routing_clock k ON k.rep_id = r.rep_id AND k.key =
  CASE WHEN r.kind IN ('inquiry', 'farmer') THEN 'inquiry' WHEN r.hand THEN 'hand' ELSE r.grade END
"""
CLOCKS = """
CREATE TEMP TABLE routing_clock ON COMMIT DROP AS
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[]) AS k(rep_id, key, answer_due, contact_due)
"""
TURNS = """
UPDATE accounts_repprofile p SET turn = r.turn FROM routing_rep r WHERE r.user_id = p.user_id AND p.turn <> r.turn
"""
WAIT = "UPDATE leads_lead l SET route_at = %s FROM routing r WHERE r.lead_id = l.id AND r.fate = 'wait'"
HOLD = "UPDATE leads_lead l SET route_at = NULL FROM routing r WHERE r.lead_id = l.id AND r.fate = 'held'"
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


def assign_due(limit=1000, at=None):
    """Offer ready leads whose time has come, at most `limit`. Returns how many were settled one way or the other."""
    at = at or timezone.now()
    if organisation.in_shadow(at):
        return 0
    with connection.cursor() as cursor:
        if not gathering.anything_due(cursor, at):
            return 0
    with chunk() as cursor:
        take_lock(cursor, LOCK)
        found = gathering.gather_due(cursor, at, limit)
        if found:
            in_force = agreement.in_force()
            _place(cursor, in_force, at, keep=True)
            _open(cursor, in_force, at)
            _put_by(cursor, at)
        gathering.forget(cursor)
    return found


def simulate(lead_ids, at):
    """Who would get these leads if they were routed now, as [Placed]. Nothing is written, claimed or waited for."""
    with transaction.atomic(), connection.cursor() as cursor:
        gathering.gather_named(cursor, lead_ids, at)
        _place(cursor, agreement.in_force(), at, keep=False)
        cursor.execute(SIMULATED)
        placed = [Placed(*row) for row in cursor.fetchall()]
        gathering.forget(cursor)
    return placed


def simulate_due(limit, at):
    """The same for the leads that the next run would take, as far as `limit` goes."""
    due = Lead.objects.filter(route_at__lte=at, stage__in=("ready", "won"), merged_into=None)
    due = due.exclude(handoffs__in=Handoff.objects.open()).order_by("grade", "route_at", "pk")
    return simulate(list(due.values_list("pk", flat=True)[:limit]), at)


def _place(cursor, in_force, at, keep):
    """Find a rep or a fate for every lead of the run."""
    bound = passes.bound(handover.table(), in_force.reoffers, at)
    passes.before(cursor, bound)
    rules = dealing.match_rules(cursor)
    dealing.deal(cursor, rules, gathering.reps(cursor), at, keep=keep)
    passes.after(cursor, bound)


def _open(cursor, in_force, at):
    """Open a handoff for each lead that found its rep; a rep's own find is accepted at once."""
    cursor.execute(KEYS)
    keys = cursor.fetchall()
    clocks = {
        rep: Clocks(clock, in_force, at) for rep, clock in clocks_for({rep for rep, _key in keys}).items()
    }
    cursor.execute(
        CLOCKS,
        [
            [rep for rep, _key in keys],
            [key for _rep, key in keys],
            [clocks[rep].answer_due(key) for rep, key in keys],
            [clocks[rep].contact_due(key) for rep, key in keys],
        ],
    )
    params = {"at": at, "protected": at + timedelta(days=in_force.protection_days)}
    opened = ownership.take(cursor, PLACED, params, agreement=in_force, at=at)
    cursor.execute(TURNS)
    cursor.execute("SELECT lead_id FROM routing WHERE kind = 'own_find' AND rep_id IS NOT NULL")
    own = [row[0] for row in cursor.fetchall()]
    if own:
        funnel.advance(own, Stage.SQL, actor=None, reason="", at=at)
    notices.offered([handoff for handoff, lead, _ in opened if lead not in set(own)])


def _put_by(cursor, at):
    """What found nobody waits in line, goes to the pool or the desk, or is held until somebody routes it again."""
    cursor.execute(WAIT, [at + AGAIN])
    cursor.execute(HOLD)
    pool.put(_fated(cursor, "pool"), at)
    back = _fated(cursor, "desk")
    if back:
        due = desk_due(at)
        funnel.advance(back, Stage.MQL, reason=because.NO_REP, at=at, desk_due_at=due, rounds=0)


def _fated(cursor, fate):
    cursor.execute("SELECT lead_id FROM routing WHERE fate = %s", [fate])
    return [row[0] for row in cursor.fetchall()]
