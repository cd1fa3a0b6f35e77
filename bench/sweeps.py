"""Sweeps: what they cost follows what is due, not the size of the table."""

from django.db import connection

from bench.clock import Spent, clocked
from bench.figures import RUNS, Figure, middle
from leads import handoffs

DUE = 25
# Leads that wait, made ready and, as far as `held` says so, accepted by a rep: whose time to answer is over, or whose
# protection is to end.
HANDED = """
WITH chosen AS (
  SELECT l.id, l.seq, u.user_id FROM leads_lead l CROSS JOIN (SELECT min(user_id) AS user_id FROM accounts_repprofile) u
  WHERE l.stage = 'mql' AND l.merged_into_id IS NULL AND l.ready_at IS NULL
    AND NOT EXISTS (SELECT FROM leads_handoff h WHERE h.lead_id = l.id AND h.ended_at IS NULL)
  ORDER BY l.id LIMIT %(due)s
), stepped AS (
  INSERT INTO leads_stagechange (lead_id, seq, from_stage, to_stage, at, reason)
  SELECT id, seq + 1, 'mql', 'ready', %(at)s, '' FROM chosen
  UNION ALL SELECT id, seq + 2, 'ready', 'sql', %(at)s, '' FROM chosen WHERE %(held)s
), moved AS (
  UPDATE leads_lead l SET stage = CASE WHEN %(held)s THEN 'sql' ELSE 'ready' END, seq = c.seq + CASE WHEN %(held)s THEN 2 ELSE 1 END,
    ready_at = %(at)s, sql_at = CASE WHEN %(held)s THEN %(at)s::timestamptz END, owner_id = user_id
  FROM chosen c WHERE c.id = l.id
), counted AS (
  UPDATE accounts_repprofile p SET open_n = open_n + n FROM (SELECT user_id, count(*) AS n FROM chosen GROUP BY 1) c
  WHERE c.user_id = p.user_id
)
INSERT INTO leads_handoff (lead_id, rep_id, kind, grade, agreement_id, offered_at, answer_due_at, accepted_at, protected_until,
  attempts, "end", note, because, round)
SELECT c.id, user_id, 'new', 'B', a.id, %(at)s::timestamptz - interval '1 day', %(at)s::timestamptz - interval '1 hour',
  CASE WHEN %(held)s THEN %(at)s::timestamptz - interval '2 hours' END, CASE WHEN %(held)s THEN %(at)s::timestamptz + interval '1 hour' END,
  0, '', '', '', 1
FROM chosen c CROSS JOIN (SELECT id FROM leads_agreement WHERE version = 1) a
"""
OVER = "UPDATE leads_handoff SET protected_until = %(at)s WHERE ended_at IS NULL AND protected_until = %(at)s::timestamptz + interval '1 hour'"
REST = "UPDATE leads_lead SET route_at = NULL WHERE route_at <= %s"


def measured(world, before):
    """(figures, what to compare the next size with): a look with nothing due, and what each of those due takes."""
    found = {"a look with nothing due": (middle([_looked(world) for _ in range(RUNS)]), 1)}
    runs = [{"expired offers": _expired(world), **_unprotected(world)} for _ in range(RUNS)]
    found |= {f"one of {DUE} {what}": (middle([run[what] for run in runs]), DUE) for what in runs[0]}
    now = {
        what: Spent(spent.cpu / n, spent.wall / n, spent.backend / n) for what, (spent, n) in found.items()
    }
    at, told = f"sweep at {world.leads:,} leads", []
    for what, spent in now.items():
        ours = spent.cpu * 1e3
        told.append(Figure(f"{at}: {what}", ours, unit="ms CPU", wall=spent.wall * 1e3))
        if before:
            limit = before[what].cpu * 1e3
            told.append(
                Figure(f"{at} against a tenth of them: {what}", ours, limit, "ms CPU", ours / limit, "≈ 1")
            )
    return told, now


def _looked(world):
    """What a sweep costs that finds nothing, once whatever the house left due is done: more than one bite of it where it is large."""
    while _sweep(world):
        pass
    with clocked() as spent:
        for _ in range(10):
            assert _sweep(world) == 0
    return Spent(spent.cpu / 10, spent.wall / 10, spent.backend / 10)


def _sweep(world):
    return handoffs.warn_due(at=world.at) + handoffs.expire_due(at=world.at)


def _expired(world):
    """Offers that nobody answered in time."""
    made = _handed(world, held=False)
    with clocked() as spent:
        assert handoffs.expire_due(at=world.at) == made == DUE
    _rest(world)
    return spent


def _unprotected(world):
    """{what: Spent} of protections that end within the hour, whose reps are warned, and then of the same, into the pool."""
    made = _handed(world, held=True)
    with clocked() as warned:
        assert handoffs.warn_due(at=world.at) == made == DUE
    with connection.cursor() as cursor:
        cursor.execute(OVER, {"at": world.at})
        assert cursor.rowcount == made
    with clocked() as ended:
        assert handoffs.expire_due(at=world.at) == made
    _rest(world)
    return {"protections about to end": warned, "protections that ended": ended}


def _handed(world, held):
    with connection.cursor() as cursor:
        cursor.execute(HANDED, {"due": DUE, "at": world.at, "held": held})
        return cursor.rowcount


def _rest(world):
    with connection.cursor() as cursor:
        cursor.execute(REST, [world.at])
