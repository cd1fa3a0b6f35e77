"""Duplicates: what a new record costs to be compared with its likes does not grow with the table."""

from django.db import connection

from bench.clock import Spent, clocked
from bench.figures import RUNS, Figure, middle
from leads import dedupe
from leads.models import Merge

LOOK = 500  # people, and as many companies: the newest
DUE = """
DELETE FROM leads_duplicatemark;
INSERT INTO leads_duplicatemark (kind, record_id)
(SELECT 'contact', id FROM pipeline_contact ORDER BY id DESC LIMIT %(look)s) UNION ALL
(SELECT 'company', id FROM pipeline_company ORDER BY id DESC LIMIT %(look)s)
"""


def measured(world, before):
    """(figures, what to compare the next size with): new people and companies held against what an index finds."""
    taken = middle([_compared() for _ in range(RUNS)])
    name = f"dedupe at {world.leads:,} people: 1,000 new people and companies compared"
    told = [Figure(name, taken.cpu * 1e3, unit="ms CPU", wall=taken.wall * 1e3)]
    if before:
        told.append(
            Figure(
                f"dedupe at {world.leads:,} people against a tenth of them", taken.cpu * 1e3, before.cpu * 1e3, "ms CPU",
                taken.cpu / before.cpu, "≈ 1",
            )
        )  # fmt: skip
    told.append(
        Figure(
            f"dedupe at {world.leads:,} people, nobody twice: merged without asking",
            Merge.objects.count(),
            0,
            goal="0",
        )
    )
    return told, taken


def _compared():
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"look": LOOK})
    with clocked() as spent:
        done = dedupe.compare_due(limit=LOOK)
    share = 1000 / done
    return Spent(spent.cpu * share, spent.wall * share, spent.backend * share)
