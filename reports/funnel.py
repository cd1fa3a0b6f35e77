"""The funnel: what flowed through it in a period, and what became of those who entered it then."""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal

from reports import reading
from reports.cells import cells, chosen_rows
from reports.models import FunnelMonth, StepDays, StepMonth
from reports.models.base import ALL_MONTHS
from reports.periods import shifted
from reports.velocity import Histogram

COUNTS = ("leads", "mqls", "readies", "offered", "answered", "accepted", "sqls", "deals", "wins")
REACHED = ("to_mql", "to_ready", "to_sql", "to_deal", "to_won")
WINDOWS = (30, 90, 180)
STEP_COUNTS = ("reached", "undated", "in_30", "in_90", "in_180")
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

    def __add__(self, other):
        """The same month of both."""
        sums = {one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)[1:]}
        return Month(self.month, **sums)


@dataclass(frozen=True)
class Conversion:
    """A step from X to Y: of the passes that reached X in the period, how many reached Y by today.

    `windows` holds the share that did so within so many days, of the months that have had them and of the steps whose
    dates are known; None while no month has. `young`: most of the cohort has not yet had the time that three of four
    took before them.
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


SHOWN = ("new_mql", "mql_ready", "ready_sql", "mql_sql", "sql_deal", "deal_won", "new_won", "sql_won")


def parts(choice, before=None, shown=SHOWN):
    """What `made` needs of the steps `shown`, for `reading.read`; with the span `before` the steps of its months beside those of the period."""
    first, until = choice.period.first, choice.period.until
    earlier = before or (first, first)
    (months, cell), (steps, in_steps), (days, in_days) = (
        cells(one, choice) for one in (FunnelMonth, StepMonth, StepDays)
    )
    sums = ", ".join(f"sum({name}) AS {name}" for name in (*COUNTS, *REACHED))
    return {
        **chosen_rows(choice),
        "funnel": (f"SELECT month, {sums} FROM {months} GROUP BY month ORDER BY month", cell),
        "steps": (
            f"SELECT step, month, {', '.join(f'sum({name}) AS {name}' for name in STEP_COUNTS)} FROM {steps} "
            "WHERE step = ANY(%s) AND month >= %s AND month < %s AND (month >= %s OR month < %s) GROUP BY step, month",
            [*in_steps, list(shown), min(first, earlier[0]), until, first, earlier[1]],
        ),
        "days": (
            "SELECT step, ever, array_agg(days) AS days, array_agg(passes) AS passes FROM ("
            f"SELECT step, month = %s AS ever, days, sum(passes)::int AS passes FROM {days} "
            "WHERE step = ANY(%s) AND (month = %s OR (month >= %s AND month < %s AND NOT %s)) "
            "GROUP BY step, 2, days HAVING sum(passes) <> 0) AS bins GROUP BY step, ever",
            [ALL_MONTHS, *in_days, list(shown), ALL_MONTHS, first, until, choice.period.is_all],
        ),
    }  # fmt: skip


def made(choice, rows, shown=SHOWN) -> Funnel:
    """The Funnel from the rows that `parts` asked for, with the steps that were asked for."""
    months = [Month(reading.day(row.pop("month")), **row) for row in rows["funnel"]]
    before = choice.period.before()
    return Funnel(
        now=total(months, choice.period),
        before=before and total(months, before),
        months=months,
        steps={step: _conversion(choice, step, months, rows) for step in shown},
    )


def funnel(choice):
    """The Funnel of a Choice, in one statement."""
    return made(choice, reading.read(parts(choice)))


def total(months, period) -> Month:
    """The sum of the months of a period."""
    inside = [month for month in months if month.month in period]
    return Month(period.first, *(sum(getattr(one, name) for one in inside) for name in (*COUNTS, *REACHED)))


def _conversion(choice, step, months, rows):
    ever = _days(rows["days"], step, ever=True)
    days = ever if choice.period.is_all else _days(rows["days"], step, ever=False)
    entry = ENTERED[step.split("_")[0]]
    cohort = {one.month: getattr(one, entry) for one in months if one.month in choice.period}
    steps = reached_in(choice.period, step, rows)
    usual, entered = ever.percentile(75), sum(cohort.values())
    grown = sum(count for month, count in cohort.items() if had(month, usual or 0, choice.today))
    return Conversion(
        step,
        entered,
        sum(row["reached"] for row in steps.values()),
        days,
        usual,
        {window: _within(window, cohort, steps, choice.today) for window in WINDOWS},
        young=grown * 2 < entered,
    )


def reached_in(span, step, rows):
    """{month: its row} of a step, of the months of a span."""
    found = {reading.day(row["month"]): row for row in rows["steps"] if row["step"] == step}
    return {month: row for month, row in found.items() if month in span}


def _days(rows, step, ever):
    found = [row for row in rows if row["step"] == step and row["ever"] == ever]
    return Histogram.of(pair for row in found for pair in zip(row["days"], row["passes"], strict=True))


def _within(window, cohort, steps, today):
    grown = [month for month in cohort if had(month, window, today)]
    known = sum(cohort[month] - steps.get(month, {}).get("undated", 0) for month in grown)
    inside = sum(steps.get(month, {}).get(f"in_{window}", 0) for month in grown)
    return Decimal(inside) / known if known else None


def had(month, days, today):
    """Has everybody who entered in the month had so many days?"""
    return shifted(month, 1) + timedelta(days=days) <= today
