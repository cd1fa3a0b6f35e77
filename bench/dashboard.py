"""The dashboard: statements, and what they take in the database as the house grows tenfold."""

from statistics import median

from bench import web
from bench.figures import RUNS, Figure

STATEMENTS, MILLISECONDS = 5, 10


def measured(world, before):
    """(figures, what to compare the next size with) at the size that the house has now."""
    leads, times = world.leads, world.often(10)
    now = median(web.database_time(lambda: _page(world), times) for _ in range(RUNS)) * 1e3
    told = [
        Figure(
            f"dashboard at {leads:,} leads: in the database",
            now,
            MILLISECONDS,
            "ms CPU",
            goal=f"≤ {MILLISECONDS}",
        )
    ]
    if before:
        told.append(
            Figure(
                f"dashboard at {leads:,} leads against a tenth of them",
                now,
                before,
                "ms CPU",
                now / before,
                "≤ 1.2",
            )
        )
    else:
        taken = web.statements(lambda: _page(world))
        name = "dashboard: statements besides session and user"
        told.append(Figure(name, taken, STATEMENTS, goal=f"≤ {STATEMENTS}"))
    return told, now


def _page(world):
    status, body = world.browser.get("/dashboard/")
    assert status == 200, status
    return status, body
