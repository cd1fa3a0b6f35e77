"""Whether grades mean something: win rate by grade at hand-over, and the desk's grades against the machine's."""

import itertools
import math
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count

from leads import grading
from leads.models import Lead

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


@dataclass(frozen=True)
class Rate:
    """Closed leads of one grade, how many were won, their win rate and its 95 % interval (Wilson's); None without any."""

    grade: str
    closed: int
    won: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Check:
    """`complaints` are pairs (better, worse) of grades where the better one does not win more.

    `rows` [(desk's grade, running leads by proposed grade A … D)]; `agreed` the share on which both say the same.
    """

    rates: list[Rate]
    complaints: list[tuple[str, str]]
    rows: list[tuple[str, list[int]]]
    agreed: float | None
    judged: int


def check(at, line=""):
    """The Check of leads that were handed over and are closed, and of running leads that the desk graded.

    Of one product line, or of all.
    """
    with connection.cursor() as cursor:
        cursor.execute(RATES, {"line": line})
        counted = {grade: (closed, won) for grade, closed, won in cursor.fetchall()}
    rates = [rate(grade, *counted.get(grade, (0, 0))) for grade in grading.LETTERS]
    cells = _cells(at, line)
    total = sum(cells.values())
    same = sum(count for (desk, machine), count in cells.items() if desk == machine)
    return Check(
        rates=rates,
        complaints=complaints(rates),
        rows=[(desk, [cells.get((desk, one), 0) for one in grading.LETTERS]) for desk in grading.LETTERS],
        agreed=same / total if total else None,
        judged=total,
    )


def rate(grade, closed, won):
    """The Rate of `won` of `closed` leads."""
    if not closed:
        return Rate(grade, 0, 0, None, None, None)
    share, spread = won / closed, Z95**2 / closed
    middle = (share + spread / 2) / (1 + spread)
    width = Z95 * math.sqrt(share * (1 - share) / closed + spread / (4 * closed)) / (1 + spread)
    return Rate(grade, closed, won, share, max(middle - width, 0.0), min(middle + width, 1.0))


def complaints(rates):
    """[(better, worse)] of neighbours, both with enough closed leads, where the better one wins no more."""
    enough = [one for one in rates if one.closed >= FEWEST]
    return [(one.grade, other.grade) for one, other in itertools.pairwise(enough) if one.rate <= other.rate]


def _cells(at, line):
    """{(desk's grade, proposed grade): running leads that the desk graded}."""
    leads = Lead.objects.running().counted().exclude(grade="")
    rows = grading.graded(leads.filter(product__family=line) if line else leads, at)
    counted = rows.values_list("grade", "proposed_grade").annotate(n=Count("pk")).order_by()
    return {(desk, machine): count for desk, machine, count in counted}
