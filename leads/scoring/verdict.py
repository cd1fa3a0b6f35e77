"""Whether grades mean something: win rate by grade at hand-over, the people's and the machine's, and both side by side.

The machine's grade is what the scorecards of today would have proposed when a lead was first handed over: by the facts of
today, and by the touches until then, as warm as they were then.
"""

import itertools
import math
from collections import Counter
from dataclasses import dataclass

from django.db import connection

from leads import grading
from leads.scoring.statements import TOUCH_DAYS, values

FEWEST = 20  # closed leads of a grade before anything is said of it
Z95 = 1.959963984540054

# A row: a grade with which leads were first handed over, how many of those are closed, how many won.
RATES = """
SELECT first.grade, count(*), count(*) FILTER (WHERE l.won_at IS NOT NULL)
FROM (
  SELECT DISTINCT ON (h.lead_id) h.lead_id, h.grade FROM leads_handoff h
  WHERE h.grade <> '' ORDER BY h.lead_id, h.offered_at, h.id
) first
JOIN leads_lead l ON l.id = first.lead_id LEFT JOIN pipeline_deal d ON d.id = l.deal_id
LEFT JOIN pipeline_product p ON p.id = l.product_id
WHERE (l.ended_at IS NOT NULL OR d.outcome = 'lost') AND NOT l.is_test AND l.merged_into_id IS NULL
  AND (%(line)s = '' OR p.family = %(line)s)
GROUP BY 1
"""


MOST = 5_000  # newest leads handed over that the machine's grade is worked out for
UNTIL_THEN = TOUCH_DAYS.replace("AND at > p.oldest", "AND at > p.oldest AND at <= p.touched_at")
# A row: a lead that the model decides for, with the grade it was first handed over with, its fit, its heat then, the moment,
# and whether it is closed and won.
THEN = f"""
WITH handed AS MATERIALIZED (
  SELECT h.lead_id, h.grade, h.offered_at FROM leads_handoff h
  WHERE h.grade <> '' AND h.kind IN ('new', 'inquiry')
    AND NOT EXISTS (SELECT FROM leads_handoff e WHERE e.lead_id = h.lead_id AND e.grade <> '' AND e.id < h.id)
  ORDER BY h.offered_at DESC, h.id DESC LIMIT {MOST}
), chosen AS MATERIALIZED (
  SELECT l.id, l.id AS lead_id, handed.offered_at AS touched_at, handed.grade, s.fit, coalesce(own.merged_into_id, own.id) AS contact_id,
    l.ended_at IS NOT NULL OR d.outcome IS NOT DISTINCT FROM 'lost' AS closed, l.won_at IS NOT NULL AS won
  FROM handed JOIN leads_lead l ON l.id = handed.lead_id JOIN pipeline_contact own ON own.id = l.contact_id
  JOIN leads_leadscore s ON s.lead_id = l.id AND s.model_id = %(model)s AND s.decides
  LEFT JOIN pipeline_deal d ON d.id = l.deal_id LEFT JOIN pipeline_product p ON p.id = l.product_id
  WHERE l.merged_into_id IS NULL AND NOT l.is_test AND (%(line)s = '' OR p.family = %(line)s)
), {UNTIL_THEN}
SELECT c.grade, c.fit, coalesce(sum(w.heat), 0), c.touched_at, c.closed, c.won
FROM chosen c LEFT JOIN weighed w ON w.id = c.id GROUP BY c.id, c.grade, c.fit, c.touched_at, c.closed, c.won
"""


@dataclass(frozen=True)
class WinRate:
    """Closed leads of one grade, how many were won, their win rate and its 95 % interval (Wilson's); None without any."""

    grade: str
    closed: int
    won: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Check:
    """`rates` by the grade with which leads were handed over, `machine` by what the machine proposed then.

    `complaints` are pairs (better, worse) of grades where the better one does not win more, `machine_complaints` the same for
    the machine's. `rows` [(grade handed over with, leads by proposed grade A … D)]; `agreed` the share on which both said the same.
    """

    rates: list[WinRate]
    complaints: list[tuple[str, str]]
    machine: list[WinRate]
    machine_complaints: list[tuple[str, str]]
    rows: list[tuple[str, list[int]]]
    agreed: float | None
    judged: int


def check(at, line="") -> Check:
    """The Check of leads that were handed over, of one product line or of all.

    What the machine proposed then is worked out for the newest MOST of them.
    """
    rates, then = rates_handed_over(line), _then(at, line)
    machine = [
        rate(letter, sum(closed for _g, proposed, closed, _w in then if proposed == letter),
             sum(closed and won for _g, proposed, closed, won in then if proposed == letter))
        for letter in grading.LETTERS
    ]  # fmt: skip
    cells = Counter((grade, proposed) for grade, proposed, _closed, _won in then)
    same = sum(count for (grade, proposed), count in cells.items() if grade == proposed)
    return Check(
        rates=rates,
        complaints=complaints(rates),
        machine=machine,
        machine_complaints=complaints(machine),
        rows=[(grade, [cells[grade, one] for one in grading.LETTERS]) for grade in grading.LETTERS],
        agreed=same / len(then) if then else None,
        judged=len(then),
    )


def rates_handed_over(line=""):
    """The WinRate of each grade with which leads were first handed over, whoever set it."""
    with connection.cursor() as cursor:
        cursor.execute(RATES, {"line": line})
        counted = {grade: (closed, won) for grade, closed, won in cursor.fetchall()}
    return [rate(grade, *counted.get(grade, (0, 0))) for grade in grading.LETTERS]


def rate(grade, closed, won) -> WinRate:
    """The WinRate of `won` of `closed` leads."""
    if not closed:
        return WinRate(grade, 0, 0, None, None, None)
    share, spread = won / closed, Z95**2 / closed
    middle = (share + spread / 2) / (1 + spread)
    width = Z95 * math.sqrt(share * (1 - share) / closed + spread / (4 * closed)) / (1 + spread)
    return WinRate(grade, closed, won, share, max(middle - width, 0.0), min(middle + width, 1.0))


def complaints(rates):
    """[(better, worse)] of neighbours, both with enough closed leads, where the better one wins no more."""
    enough = [one for one in rates if one.closed >= FEWEST]
    return [(one.grade, other.grade) for one, other in itertools.pairwise(enough) if one.rate <= other.rate]


def _then(at, line):
    """[(grade handed over with, grade proposed then, closed, won)] of the newest leads handed over."""
    found = []
    for scale in grading.in_force(at).gradings:
        with connection.cursor() as cursor:
            cursor.execute(THEN, {**values(scale.model), "line": line})
            rows = cursor.fetchall()
        for grade, fit, heat, moment, closed, won in rows:
            proposed = grading.Grading(scale.model, moment).proposal(fit, heat).grade
            found.append((grade, proposed, closed, won))
    return found
