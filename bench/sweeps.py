"""Sweeps: what they cost follows what is due, not the size of the table."""

from django.db import connection

from bench.clock import Spent, clocked
from bench.figures import RUNS, Figure, middle
from leads import handoffs

DUE = 50
OFFERS = """
-- offers that nobody has answered in time, for leads that were made ready for it
WITH chosen AS (
  SELECT l.id, l.seq, u.user_id FROM leads_lead l CROSS JOIN (SELECT min(user_id) AS user_id FROM accounts_repprofile) u
  WHERE l.stage = 'mql' AND l.merged_into_id IS NULL AND l.ready_at IS NULL
    AND NOT EXISTS (SELECT FROM leads_handoff h WHERE h.lead_id = l.id AND h.ended_at IS NULL)
  ORDER BY l.id LIMIT %(due)s
), stepped AS (
  INSERT INTO leads_stagechange (lead_id, seq, from_stage, to_stage, at, reason)
  SELECT id, seq + 1, 'mql', 'ready', %(at)s, '' FROM chosen
), moved AS (
  UPDATE leads_lead l SET stage = 'ready', seq = c.seq + 1, ready_at = %(at)s, owner_id = user_id FROM chosen c WHERE c.id = l.id
), counted AS (
  UPDATE accounts_repprofile p SET open_n = open_n + n FROM (SELECT user_id, count(*) AS n FROM chosen GROUP BY 1) c
  WHERE c.user_id = p.user_id
)
INSERT INTO leads_handoff (lead_id, rep_id, kind, grade, agreement_id, offered_at, answer_due_at, attempts, "end", note, because, round)
SELECT c.id, user_id, 'new', 'B', a.id, %(at)s::timestamptz - interval '1 day', %(at)s::timestamptz - interval '1 hour', 0, '', '', '', 1
FROM chosen c CROSS JOIN (SELECT id FROM leads_agreement WHERE version = 1) a
"""
REST = "UPDATE leads_lead SET route_at = NULL WHERE route_at <= %s"


def measured(world, before):
    """(figures, what to compare the next size with): a look with nothing due, and an expiry for each of those due."""
    idle = middle([_swept(world) for _ in range(RUNS)])
    due = middle([_expired(world) for _ in range(RUNS)])
    told = [
        Figure(
            f"sweep at {world.leads:,} leads: a look with nothing due",
            idle.cpu * 1e3,
            unit="ms CPU",
            wall=idle.wall * 1e3,
        ),
        Figure(
            f"sweep at {world.leads:,} leads: one of {DUE} expired offers",
            due.cpu / DUE * 1e3,
            unit="ms CPU",
            wall=due.wall / DUE * 1e3,
        ),
    ]
    if before:
        told.append(
            Figure(
                f"sweep at {world.leads:,} leads against a tenth of them", due.cpu / DUE * 1e3, before.cpu / DUE * 1e3, "ms CPU",
                due.cpu / before.cpu, "≈ 1",
            )
        )  # fmt: skip
    return told, due


def _swept(world):
    handoffs.expire_due(at=world.at)
    with clocked() as spent:
        for _ in range(10):
            assert handoffs.expire_due(at=world.at) == 0
    return Spent(spent.cpu / 10, spent.wall / 10, spent.backend / 10)


def _expired(world):
    with connection.cursor() as cursor:
        cursor.execute(OFFERS, {"due": DUE, "at": world.at})
        made = cursor.rowcount
    with clocked() as spent:
        assert handoffs.expire_due(at=world.at) == made == DUE
    with connection.cursor() as cursor:
        cursor.execute(REST, [world.at])
    return spent
