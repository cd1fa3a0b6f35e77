"""The fairness ledger: what each rep got in a span, by count and by value of grade, against the fair share."""

from dataclasses import dataclass

from django.db import connection

VALUES = {"A": 8, "B": 4, "C": 2, "D": 1}  # what a lead of a grade is worth in the ledger


@dataclass(frozen=True)
class Share:
    """A rep's line: leads by fair turn, by passes before it (account owner, joined …), their value, and the fair share.

    `fair` is the number of turns that weights would have given among those who were free in each run.
    """

    rep_id: int
    name: str
    turns: int
    passes: int
    value: int
    fair: float

    @property
    def over(self):
        """Turns more than fair; negative where the rep got less."""
        return self.turns - self.fair


def ledger(start, end):
    """[Share] of everybody who was weighed or got a lead in the span, by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            LEDGER, {"start": start, "end": end, "grades": list(VALUES), "values": list(VALUES.values())}
        )
        return [Share(*row) for row in cursor.fetchall()]


# weighed: a row is one free candidate of one run of one rule, with the share of its leads that the weight gives.
LEDGER = """
WITH weighed AS (
  SELECT (c ->> 'rep')::bigint AS rep_id,
    r.offered * (c ->> 'weight')::float8 / sum((c ->> 'weight')::float8) OVER (PARTITION BY r.id) AS fair
  FROM leads_assignmentrun r CROSS JOIN LATERAL jsonb_array_elements(r.candidates) c
  WHERE r.at >= %(start)s AND r.at < %(end)s AND r.offered > 0 AND c ->> 'hindrance' = ''
), fair AS (SELECT rep_id, sum(fair) AS fair FROM weighed GROUP BY rep_id),
got AS (
  SELECT h.rep_id, count(*) FILTER (WHERE h.run_id IS NOT NULL) AS turns, count(*) FILTER (WHERE h.run_id IS NULL) AS passes,
    coalesce(sum(v.value), 0) AS value
  FROM leads_handoff h LEFT JOIN unnest(%(grades)s::text[], %(values)s::int[]) AS v(grade, value) ON v.grade = h.grade
  WHERE h.offered_at >= %(start)s AND h.offered_at < %(end)s AND h.kind IN ('new', 'inquiry', 'farmer')
  GROUP BY h.rep_id
)
SELECT u.id, u.full_name, coalesce(g.turns, 0), coalesce(g.passes, 0), coalesce(g.value, 0), coalesce(f.fair, 0)
FROM fair f FULL JOIN got g USING (rep_id) JOIN accounts_user u ON u.id = coalesce(f.rep_id, g.rep_id)
ORDER BY u.full_name, u.id
"""
