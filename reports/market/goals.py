"""What is aimed at in each market by fiscal year, and what came: own share, awareness, new customers, and the short-term target."""

from dataclasses import dataclass, field
from decimal import Decimal

from reports import reading, targets
from reports.brand.shares import ROW, awareness
from reports.models import BrandWave, MarketGoal, Measure
from reports.models.base import ALL, ALL_CHANNELS
from reports.periods import Period
from reports.standing import gone
from reports.targets import Promise

LAST, THIS = 0, 1  # of the years that are told: those with something that came
TOLD = 5  # the last whole year, the running one and three to come
PERCENT = Decimal(100)
Market = tuple[int | None, int | None]  # region and segment; None: all
# A row: a region and segment, with what was won in the last whole year and in the running one.
WON = """
SELECT region, segment, sum(won_amount) FILTER (WHERE month < %(this)s) AS y0, sum(won_amount) FILTER (WHERE month >= %(this)s) AS y1
FROM reports_dealmonth WHERE channel = %(channels)s AND region <> %(all)s AND segment <> %(all)s AND month >= %(last)s AND month < %(until)s
GROUP BY region, segment
"""
# A row: a region and segment, with how many companies won for the first time in both years.
CUSTOMERS = """
SELECT region, segment, count(*) FILTER (WHERE closed_on < %(this)s) AS y0, count(*) FILTER (WHERE closed_on >= %(this)s) AS y1
FROM reports_counteddeal WHERE first_win AND closed_on >= %(last)s AND closed_on < %(until)s GROUP BY region, segment
"""


@dataclass(frozen=True)
class Came:
    """What came of a market in a year: revenue, companies that were won for the first time, and the latest wave, (id, share of those asked)."""

    won: Decimal = Decimal()
    customers: int = 0
    wave: tuple[int, Decimal] | None = None


@dataclass(frozen=True)
class Row:
    """A market (region and segment, None: all): its goals by year, what came of the first two, and what is promised of revenue.

    `gone`: the share of the running year's days that are over.
    """

    market: Market
    goals: list[dict | None]
    came: list[Came]
    promised: list[Promise]
    gone: Decimal

    def share(self, number):
        """Won ÷ market size in %, of the running year by its days so far; None without a size."""
        goal = self.goals[number]
        if goal is None or goal["size"] is None:
            return None
        passed = self.gone if number == THIS else Decimal(1)
        return self.came[number].won / (Decimal(goal["size"]) * passed) * PERCENT if passed else None

    def awareness(self, number):
        """Total awareness in % by the latest wave of the year that asked in this market; None without one."""
        wave = self.came[number].wave
        return wave and wave[1] * PERCENT

    def goal(self, name, number):
        """A goal of a year; None where nothing is said."""
        goal = self.goals[number]
        return None if goal is None or goal[name] is None else Decimal(goal[name])


@dataclass(frozen=True)
class Markets:
    """Every market with a goal; `years`: their Periods, the last whole one first. `key`: key target markets of the next year."""

    years: list[Period]
    rows: list[Row] = field(default_factory=list)

    @property
    def key(self):
        """Markets that are key targets of the year after the running one."""
        return [row.market for row in self.rows if (goal := row.goals[THIS + 1]) and goal["is_key"]]


def markets(years, known, today) -> Markets:
    """The Markets of the fiscal years that the outline tells (`outlook.fiscal_years`), in one statement."""
    years = years[-TOLD:]
    return made(reading.read(parts(years)), years, known, today)


def parts(years):
    """What `made` needs of these years, for `reading.read`."""
    last, this = years[LAST], years[THIS]
    span = {"last": last.first, "this": this.first, "until": this.until, "all": ALL, "channels": ALL_CHANNELS}
    waves = BrandWave.objects.filter(on__gte=last.first, on__lt=this.until, prompted__isnull=False)
    goals = MarketGoal.objects.filter(first__gte=last.first, first__lt=years[-1].until)
    return {
        "goals": goals.order_by("first", "pk").values(
            "id", "first", "region", "segment", "size", "source", "share", "awareness", "customers", "is_key"
        ),
        "market_won": (WON, span),
        "market_customers": (CUSTOMERS, span),
        "market_waves": waves.order_by("on", "pk").values("id", "on", "region", "segment", *ROW),
        **targets.parts(Measure.WON, {str(number): year for number, year in enumerate(years)}),
    }


def made(rows, years, known, today) -> Markets:
    """The Markets from the rows that `parts` asked for."""
    goals: dict = {}
    for row in rows["goals"]:
        first = reading.day(row["first"])
        place = next(number for number, year in enumerate(years) if first in year)
        goals.setdefault((row["region"], row["segment"]), [None] * len(years))[place] = row
    cells = [targets.made(rows, str(number)) for number in range(len(years))]
    due = gone(years[THIS], today)
    found = [
        Row(
            market,
            of,
            [_came(rows, number, year, market, known) for number, year in enumerate(years[: THIS + 1])],
            [_promised(one, market, known) for one in cells],
            due,
        )
        for market, of in goals.items()
    ]
    return Markets(years, sorted(found, key=lambda row: (-row.came[THIS].won, str(row.market))))


def _came(rows, number, year, market, known):
    name = f"y{number}"
    within = [row for row in rows["market_won"] if _holds(market, row["region"], row["segment"], known)]
    won = [row for row in rows["market_customers"] if _holds(market, row["region"], row["segment"], known)]
    asked = [
        row
        for row in rows["market_waves"]
        if (row["region"], row["segment"]) == market and reading.day(row["on"]) in year
    ]
    share = awareness(asked[-1])["total"] if asked else None
    return Came(
        sum((Decimal(row[name] or 0) for row in within), Decimal()),
        sum(row[name] for row in won),
        (asked[-1]["id"], Decimal(share.rate)) if share else None,
    )


def _promised(cells, market, known):
    return sum(
        (one for (region, segment), one in cells.items() if _holds(market, region, segment, known)),
        Promise(),
    )


def _holds(market, region, segment, known):
    """Is what stands in a region and a segment (0: none) of the market, which has all that is under its own?"""
    where, what = market
    return (where is None or region in _under(known.regions, where)) and (
        what is None or segment in _under(known.segments, what)
    )


def _under(axes, pk):
    return axes[pk].under if pk in axes else (pk,)
