"""The dashboard: statements, and what they take in the database as the house grows tenfold."""

from statistics import median

from bench import web
from bench.figures import RUNS, Figure

STATEMENTS, MILLISECONDS = 5, 10


def figures(world):
    """Measured at a tenth of the leads and at all of them; in a large house at a hundredth, too."""
    sizes = [world.size // 100] * (world.size > 100_000) + [world.size // 10, world.size]
    before = None
    for leads in sizes:
        world.grow(leads)
        now = median(web.database_time(lambda: _page(world), 10) for _ in range(RUNS)) * 1e3
        if before is None:
            taken = web.statements(lambda: _page(world))
            yield Figure(
                "dashboard: statements besides session and user", taken, STATEMENTS, goal=f"≤ {STATEMENTS}"
            )
        yield Figure(
            f"dashboard at {leads:,} leads: in the database",
            now,
            MILLISECONDS,
            "ms CPU",
            goal=f"≤ {MILLISECONDS}",
        )
        if before:
            yield Figure(
                f"dashboard at {leads:,} leads against a tenth of them",
                now,
                before,
                "ms CPU",
                now / before,
                "≤ 1.2",
            )
        before = now


def _page(world):
    status, body = world.browser.get("/dashboard/")
    assert status == 200, status
    return status, body
