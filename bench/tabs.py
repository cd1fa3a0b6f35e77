"""Every tab of the dashboard: its statements and what they take in the database, as it opens and narrowed to a team.

The team is the whole of sales, so that nothing gets smaller by the filter; every other filter narrows more.
"""

from statistics import median

from django.urls import reverse

from bench import web
from bench.dashboard import MILLISECONDS, STATEMENTS
from bench.figures import Figure
from reports import losses, origins
from reports.tabs import TABS

TIMES, LOOKS = 5, 3
NARROWED = ("dashboard", "glance", "funnel", "forecast", "sides", "campaigns", "models", "budget")


def measured(world, before):
    """(figures, what to compare the next size with) at the size that the house has now."""
    now, told, times = {}, [], world.often(TIMES)
    for name, path, query in looks(world):

        def send(path=path, query=query):
            return _page(world, path, query)

        now[name] = median(web.database_time(send, times) for _ in range(LOOKS)) * 1e3
        ratio = now[name] / before[name] if before else None
        goal = f"≤ {MILLISECONDS} ms" + (", ≤ 1.2 × a tenth" if before else "")
        told.append(
            Figure(
                f"tab {name} at {world.leads:,} leads",
                now[name],
                before and before[name],
                "ms CPU",
                ratio,
                goal,
            )
        )
        if not before:
            taken = web.statements(send)
            told.append(Figure(f"tab {name}: statements", taken, STATEMENTS, goal=f"≤ {STATEMENTS}"))
    return told, now


def looks(world):
    """(name, path, query) of what is looked at."""
    for tab in TABS:
        path = reverse(f"reports:{tab.page}")
        yield tab.page, path, {}
        if tab.page in NARROWED:
            yield f"{tab.page} of a team", path, {"team": world.house.team}
            yield f"{tab.page} of a campaign", path, {"campaign": world.house.campaigns[0]}
    yield "obstacles", reverse("reports:obstacles"), {}
    for by in losses.BY:
        yield f"losses by {by}", reverse("reports:losses"), {"by": by}
    for by in origins.BY:
        yield f"sources by {by}", reverse("reports:sources"), {"by": by}
    yield (
        "campaign's return",
        reverse("reports:campaign-return", args=[world.house.campaigns[0]]),
        {},
    )


def _page(world, path, query):
    status, body = world.browser.get(path, **query)
    assert status == 200, (status, path, query)
    return status, body
