"""What is aimed at in each market by fiscal year, and what came: own share, awareness, new customers, and the short-term target."""

from dataclasses import dataclass, field
from decimal import Decimal

from reports import periods, reading
from reports.brand.shares import ROW, awareness
from reports.climbing import CLIMBED
from reports.models import BrandWave, MarketGoal, Measure
from reports.models.base import ALL, ALL_CHANNELS
from reports.periods import Period
from reports.standing import gone

LAST, THIS = 0, 1  # of the years that are told: those with something that came
TOLD = 5  # the last whole year, the running one and three to come
YEAR = 12
PERCENT = Decimal(100)
Market = tuple[int | None, int | None]  # region and segment; None: all
# A row: how many months before `this` month the running one of the years begins in which goals are set, and in which the house counts.
STARTS = """
SELECT DISTINCT mod(12 + %(month)s - extract(month FROM first)::int, 12) AS back FROM reports_marketgoal WHERE first BETWEEN %(since)s AND %(ahead)s
UNION SELECT %(back)s
"""
# A row: a start, a region and segment, with what was won in the last whole year and in the running one.
WON = """
SELECT back, region, segment, sum(won_amount) FILTER (WHERE month < %(this)s - make_interval(months => back)) AS y0,
  sum(won_amount) FILTER (WHERE month >= %(this)s - make_interval(months => back)) AS y1
FROM starts JOIN reports_dealmonth
  ON month >= %(last)s - make_interval(months => back) AND month < %(next)s - make_interval(months => back)
WHERE channel = %(channels)s AND region <> %(all)s AND segment <> %(all)s GROUP BY back, region, segment
"""
# A row: a start, a region and segment, with how many companies won for the first time in both years.
CUSTOMERS = """
SELECT back, region, segment, count(*) FILTER (WHERE closed_on < %(this)s - make_interval(months => back)) AS y0,
  count(*) FILTER (WHERE closed_on >= %(this)s - make_interval(months => back)) AS y1
FROM starts JOIN reports_counteddeal
  ON closed_on >= %(last)s - make_interval(months => back) AND closed_on < %(next)s - make_interval(months => back)
WHERE first_win GROUP BY back, region, segment
"""
# A row: a start, the number of a year, a region with all that is part of it and a segment (0: none), with the short-term target of won
# revenue; `top`: the region is part of no other.
TARGETS = f"""
SELECT back, number, region, segment, top, sum(amount) AS amount
FROM starts CROSS JOIN generate_series(0, %(told)s - 1) AS number
JOIN ({CLIMBED % ("ARRAY[%(won)s]", "%(counted)s", "'infinity'::date")}) AS target
  ON month >= %(last)s + make_interval(months => 12 * number - back) AND month < %(last)s + make_interval(months => 12 * number + 12 - back)
GROUP BY back, number, region, segment, top
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

    `years`: the twelve months of each goal, of a year without one those that follow on from the others; `passed`: which share of their
    days is over and counted, of the first two.
    """

    market: Market
    years: list[Period]
    goals: list[dict | None]
    came: list[Came]
    promised: list[Decimal | None]
    passed: list[Decimal]

    def share(self, number):
        """Won ÷ market size in %, of the running year by its days so far; None without a size."""
        goal, passed = self.goals[number], self.passed[number]
        if goal is None or goal["size"] is None:
            return None
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
    return made(reading.read(parts(years, today)), years, known, today)


def parts(years, today):
    """What `made` needs of these years, for `reading.read`."""
    months = _same_month(today)
    last, this, following = months[LAST], months[THIS], months[THIS + 1]
    since = periods.shifted(last, 1 - YEAR)
    starts = {"month": this.month, "back": _back(this, years[-1].until), "since": since, "ahead": months[-1]}
    span = {"last": last, "this": this, "next": following, "all": ALL, "channels": ALL_CHANNELS}
    asked = {"last": last, "told": TOLD, "won": Measure.WON, "counted": years[-1].counted or periods.EVER}
    waves = BrandWave.objects.filter(on__gte=since, on__lt=following, prompted__isnull=False)
    goals = MarketGoal.objects.filter(first__gte=since, first__lte=months[-1])
    return {
        "starts": reading.Shared(STARTS, starts),
        "goals": goals.order_by("first", "pk").values(
            "id", "first", "region", "segment", "size", "source", "share", "awareness", "customers", "is_key"
        ),
        "market_won": (WON, span),
        "market_customers": (CUSTOMERS, span),
        "market_targets": (TARGETS, asked),
        "market_waves": waves.order_by("on", "pk").values("id", "on", "region", "segment", *ROW),
    }  # fmt: skip


def made(rows, years, known, today) -> Markets:
    """The Markets from the rows that `parts` asked for."""
    goals: dict = {}
    for row in rows["goals"]:
        goals.setdefault((row["region"], row["segment"]), []).append(
            row | {"first": reading.day(row["first"])}
        )
    found = [_row(market, of, rows, years, known, today) for market, of in goals.items()]
    return Markets(years, sorted(found, key=lambda row: (-row.came[THIS].won, str(row.market))))


def _row(market, of, rows, years, known, today):
    months = _same_month(today)
    house = _back(months[THIS], years[-1].until)
    goals = [_holding(of, month, periods.shifted(month, -house)) for month in months]
    own = [goal and _back(month, goal["first"]) for goal, month in zip(goals, months, strict=True)]
    usual = next(back for back in (*own[THIS:], own[LAST]) if back is not None)
    backs = [usual if back is None else back for back in own]
    spans = [
        _span(periods.shifted(month, -back), years[-1].counted, today)
        for month, back in zip(months, backs, strict=True)
    ]
    return Row(
        market,
        spans,
        goals,
        [_came(rows, number, backs[number], spans[number], market, known) for number in (LAST, THIS)],
        [_promised(rows, number, back, market, known) for number, back in enumerate(backs)],
        [_passed(span, today) for span in spans[: THIS + 1]],
    )  # fmt: skip


def _same_month(today):
    """The running month in each year that is told: goals hold for the twelve months in which it lies."""
    return [periods.shifted(today.replace(day=1), YEAR * (number - THIS)) for number in range(TOLD)]


def _back(month, first):
    """How many months before a month a year began that begins in the month of `first`."""
    return (month.month - first.month) % YEAR


def _holding(goals, month, first):
    """The one of a market's goals that holds in a month: that of the fiscal year from `first` on, else the one that began last; None without."""
    held = [one for one in goals if one["first"] <= month < periods.shifted(one["first"], YEAR)]
    return max(held, key=lambda one: (one["first"] == first, one["first"]), default=None)


def _span(first, counted, today):
    """The Period of twelve months, as `outlook.fiscal_years` has them."""
    whole = periods.between(first, periods.shifted(first, YEAR - 1))
    return whole if counted and whole.until <= counted else periods.since(whole, counted, today)


def _passed(span, today):
    """The share of twelve months whose days are over, today included, and counted."""
    counted = span.until - span.first
    return gone(span, today) * counted.days / (span.until - periods.shifted(span.until, -YEAR)).days


def _came(rows, number, back, year, market, known):
    name = f"y{number}"
    within = [row for row in rows["market_won"] if _holds(market, row, back, known)]
    won = [row for row in rows["market_customers"] if _holds(market, row, back, known)]
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


def _promised(rows, number, back, market, known):
    """The short-term target of a year; None without any."""
    where, what = market
    of = [
        Decimal(row["amount"])
        for row in rows["market_targets"]
        if (row["number"], row["back"]) == (number, back)
        and (row["top"] if where is None else row["region"] == where)
        and (what is None or row["segment"] in _under(known.segments, what))
    ]
    return sum(of, Decimal()) if of else None


def _holds(market, row, back, known):
    """Is what stands in the region and segment (0: none) of a row, of years with this start, of the market, which has all under its own?"""
    where, what = market
    return (
        row["back"] == back
        and (where is None or row["region"] in _under(known.regions, where))
        and (what is None or row["segment"] in _under(known.segments, what))
    )


def _under(axes, pk):
    return axes[pk].under if pk in axes else (pk,)
