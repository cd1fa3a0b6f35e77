"""The figures of the bench, each beside its limit measured in the same run; the median of three."""

from dataclasses import asdict, dataclass
from statistics import median

import orjson
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from accounts.models import Role, User
from bench import filling, imports, web

SIZES = {"small": 10_000, "full": 1_000_000}
WHERE = {"stage": "new", "channel": "seo"}
RUNS = 3
# Names of static files without a collected manifest.
PLAIN = {
    "default": settings.STORAGES["default"],
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@dataclass(frozen=True)
class Figure:
    """One line of the table. `ratio` is ours against the limit, `goal` what it should be."""

    name: str
    ours: float
    limit: float | None
    unit: str
    ratio: float | None
    goal: str
    wall: float | None = None

    def as_dict(self):
        """As the JSON has it."""
        return asdict(self)


def measure(size, only=""):
    """Yield the figures of `size` as they come; `only` names one group: import, list, create, depth or dashboard."""
    leads = SIZES[size]
    if only in ("", "import"):
        yield _import(min(leads, 100_000))
    filling.campaigns()
    with override_settings(ROOT_URLCONF="bench.urls", STORAGES=PLAIN):
        browser = web.Browser(
            User.objects.create_user("bench@tandem.example", full_name="Bench", role=Role.ADMIN)
        )
        at = timezone.now()
        filling.fill(0, leads // 10, at)
        early = _dashboard_time(browser) if only in ("", "dashboard") else None
        filling.fill(leads // 10, leads, at)
        groups = {
            "list": _list,
            "create": _create,
            "depth": _depth,
            "dashboard": lambda b: _dashboard(b, early, leads),
        }
        for name, group in groups.items():
            if only in ("", name):
                yield from group(browser)


def _middle(once):
    """The median of RUNS runs, column by column."""
    return [median(column) for column in zip(*(once() for _ in range(RUNS)), strict=True)]


def _import(rows):
    runs = [imports.measure(rows) for _ in range(RUNS)]
    ours, limit = (median(run[key] for run in runs) for key in ("ours_cpu", "limit_cpu"))
    wall = median(run["ours_wall"] for run in runs)
    peak = max(run["peak_mb"] for run in runs)
    name = f"import of {rows:,} leads against raw COPY (peak {peak:.0f} MB)"
    return Figure(name, ours, limit, "s CPU", limit / ours, "≥ 0.50", wall)


def _list(browser):
    def once():
        bare = web.cost(lambda: browser.get("/bench/leads/", **WHERE), 200)
        ours = web.cost(lambda: browser.get("/api/v1/leads/", **WHERE), 200)
        return *ours, *bare

    ours, wall, bare, _bare_wall = _middle(once)
    yield Figure(
        "API list of 50 leads against a bare view",
        ours * 1e3,
        bare * 1e3,
        "ms CPU",
        bare / ours,
        "≥ 0.40",
        wall * 1e3,
    )
    taken = web.statements(lambda: browser.get("/api/v1/leads/", **WHERE))
    yield Figure("API list: statements besides session and user", taken, 2, "", None, "≤ 2")


def _create(browser):
    number = 0

    def send():
        nonlocal number
        number += 1
        body = {
            "full_name": f"New {number}",
            "email": f"new{number}@new.example",
            "company": f"New {number}",
            "campaign": "bench-1",
        }
        status, answer = browser.post("/api/v1/leads/", body)
        assert status == 201, answer
        return status, answer

    yield Figure("API create one lead: statements", web.statements(send), 8, "", None, "≤ 8")


def _depth(browser):
    cursor, depth = "", 0
    while depth < 100_000:
        page = orjson.loads(browser.get("/api/v1/leads/", limit=200, cursor=cursor)[1])
        if not page["older"]:
            break
        cursor, depth = page["older"], depth + 200

    def once():
        first = web.cost(lambda: browser.get("/api/v1/leads/"), 100)
        deep = web.cost(lambda: browser.get("/api/v1/leads/", cursor=cursor), 100)
        return *deep, *first

    deep, wall, first, _first_wall = _middle(once)
    yield Figure(
        f"API page at depth {depth:,} against page one",
        deep * 1e3,
        first * 1e3,
        "ms CPU",
        deep / first,
        "≤ 1.5",
        wall * 1e3,
    )


def _dashboard_time(browser):
    return median(web.database_time(lambda: browser.get("/dashboard/"), 10) for _ in range(RUNS))


def _dashboard(browser, early, leads):
    late = _dashboard_time(browser)
    taken = web.statements(lambda: browser.get("/dashboard/"))
    yield Figure("dashboard: statements besides session and user", taken, 5, "", None, "≤ 5")
    yield Figure(f"dashboard at {leads:,} leads: in the database", late * 1e3, 10, "ms", None, "≤ 10 ms")
    yield Figure(
        f"dashboard from {leads // 10:,} to {leads:,} leads",
        late * 1e3,
        early * 1e3,
        "ms",
        late / early,
        "≤ 1.2",
    )
