"""The funnel: what flowed through it in a period, and what became of those who entered it then."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from reports import reading
from reports.models.base import ALL_MONTHS
from reports.models.passes import StepDays
from reports.velocity import Histogram

COUNTS = ("leads", "mqls", "readies", "offered", "answered", "accepted", "sqls", "deals", "wins")
REACHED = ("to_mql", "to_ready", "to_sql", "to_deal", "to_won")
WINDOWS = (30, 90, 180)
ENTERED = {"new": "leads", "mql": "mqls", "ready": "readies", "sql": "sqls", "deal": "deals"}


@dataclass(frozen=True)
class Month:
    """One month of the funnel: flow counts by the day of each event, `to_…` by the day of capture."""

    month: date
    leads: int = 0
    mqls: int = 0
    readies: int = 0
    offered: int = 0
    answered: int = 0
    accepted: int = 0
    sqls: int = 0
    deals: int = 0
    wins: int = 0
    to_mql: int = 0
    to_ready: int = 0
    to_sql: int = 0
    to_deal: int = 0
    to_won: int = 0


@dataclass(frozen=True)
class Conversion:
    """A step from X to Y: of the passes that reached X in the period, how many reached Y by today.

    `windows` holds the share that did so within so many days, None while not everybody has had them or where days are
    not known. `young`: most of the cohort has not yet had the time that three of four took before them.
    """

    step: str
    entered: int
    reached: int
    days: Histogram
    usual: int | None
    windows: dict[int, Decimal | None]
    young: bool

    @property
    def rate(self):
        """The share that reached Y, None where nobody reached X."""
        return Decimal(self.reached) / self.entered if self.entered else None

    @property
    def median(self):
        """Median days, of the dated steps."""
        return self.days.median()

    @property
    def p90(self):
        """The days that nine of ten dated steps did not exceed."""
        return self.days.percentile(90)


@dataclass(frozen=True)
class Funnel:
    """The funnel of a period: sums, the sums of the period before (None for all time), months, steps."""

    now: Month
    before: Month | None
    months: list[Month]
    steps: dict[str, Conversion]

    @property
    def acceptance(self):
        """Of the passes first offered in the period and finally answered, the share accepted."""
        return Decimal(self.now.accepted) / self.now.answered if self.now.answered else None


SHOWN = ("new_mql", "mql_sql", "sql_deal", "deal_won", "new_won", "sql_won")


def parts(choice):
    """What `made` needs, for `reading.read`."""
    where, cell = choice.cell()
    sums = ", ".join(f"sum({name}) AS {name}" for name in (*COUNTS, *REACHED))
    return {
        "funnel": (f"SELECT month, {sums} FROM reports_funnelmonth WHERE {where} GROUP BY month ORDER BY month", cell),
        "steps": (
            f"SELECT step, month = %s AS ever, days, sum(passes) AS passes FROM reports_stepdays "
            f"WHERE {where} AND step = ANY(%s) AND (month = %s OR (month >= %s AND month < %s AND NOT %s)) "
            "GROUP BY step, 2, days HAVING sum(passes) <> 0",
            [ALL_MONTHS, *cell, list(SHOWN), ALL_MONTHS, choice.period.first, choice.period.until, choice.period.is_all],
        ),
    }  # fmt: skip


def made(choice, rows):
    """The Funnel from the rows that `parts` asked for."""
    months = [Month(reading.day(row.pop("month")), **row) for row in rows["funnel"]]
    before = choice.period.before()
    return Funnel(
        now=total(months, choice.period),
        before=before and total(months, before),
        months=months,
        steps={step: _conversion(choice, step, months, rows["steps"]) for step in SHOWN},
    )


def funnel(choice):
    """The Funnel of a Choice, in one statement."""
    return made(choice, reading.read(parts(choice)))


def total(months, period):
    """The sum of the months of a period."""
    inside = [month for month in months if month.month in period]
    return Month(period.first, *(sum(getattr(one, name) for one in inside) for name in (*COUNTS, *REACHED)))


def _conversion(choice, step, months, rows):
    ever = [row for row in rows if row["step"] == step and row["ever"]]
    chosen = (
        ever if choice.period.is_all else [row for row in rows if row["step"] == step and not row["ever"]]
    )
    usual = _dated(ever).percentile(75)
    entry = ENTERED[step.split("_")[0]]
    cohort = [(one.month, getattr(one, entry)) for one in months if one.month in choice.period]
    entered, days = sum(count for _month, count in cohort), _dated(chosen)
    reached = sum(row["passes"] for row in chosen)
    return Conversion(
        step,
        entered,
        reached,
        days,
        usual,
        {window: _within(days, window, reached, cohort, choice.today) for window in WINDOWS},
        young=bool(entered) and _grown(cohort, usual or 0, choice.today) * 2 < entered,
    )


def _dated(rows):
    return Histogram.of((row["days"], row["passes"]) for row in rows if row["days"] != StepDays.UNDATED)


def _grown(cohort, days, today):
    """How many of a cohort, counted by month of entry, have had `days` days: their month ended so long ago."""
    return sum(count for month, count in cohort if _end(month) + timedelta(days=days) <= today)


def _within(days, window, reached, cohort, today):
    entered = sum(count for _month, count in cohort)
    if not entered or days.total < reached or _grown(cohort, window, today) < entered:
        return None
    return Decimal(days.within(window)) / entered


def _end(month):
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
