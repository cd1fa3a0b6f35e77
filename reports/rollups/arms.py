"""What counted rows add to the totals, read by arms: one grouped reading for each day or step that rows are told by.

`events` says the same as one row for each event, which suits the few rows that a round moves. Over the thousands of rows of a
campaign or team it would make a million rows of them; an arm makes as many as there are months in it.
"""

from dataclasses import dataclass

from reports.models.base import ALL_MONTHS
from reports.rollups.events import (
    ANSWERS,
    CLOCKS,
    DEALS,
    FUNNEL,
    SPLIT_SUMS,
    SPLITS,
    STEP_SUMS,
    month_of,
    steps,
)


@dataclass(frozen=True)
class Arm:
    """SQL of the keys and of the values that rows of `where` add; `ever`: they count again in the month ALL_MONTHS."""

    keys: dict[str, str]
    values: dict[str, str]
    where: str
    ever: bool = False

    def select(self, source, keys, measures, by):
        """The arm over `source`: one row for each of its keys and of the columns `by`, 0 where it has no value."""
        named = [f"{self.keys[name]} AS {name}" for name in keys]
        sums = [
            f"coalesce(sum({self.values[name]}), 0) AS {name}" if name in self.values else f"0 AS {name}"
            for name in measures
        ]
        groups = [sql for sql in (self.keys[name] for name in keys) if not _is_constant(sql)]
        sql = (
            f"SELECT {', '.join([*named, *by, *sums])} FROM {source} WHERE {self.where} "
            f"GROUP BY {', '.join([*groups, *by])}"
        )
        if not self.ever:
            return sql
        again = ["both_months.month" if name == "month" else name for name in keys]
        return (
            f"SELECT {', '.join([*again, *by, *measures])} FROM ({sql}) AS once, "
            f"LATERAL (VALUES (once.month), ('{ALL_MONTHS}'::date)) AS both_months (month)"
        )


def added_up(total, arms, source, by=()):
    """SQL: what the rows of `source` add to a Total, to be summed by its keys and the columns `by`."""
    return " UNION ALL ".join(arm.select(source, total.keys, total.measured(), by) for arm in arms)


def _is_constant(sql):
    return sql.startswith("'")


def _dated(days, **keys):
    """An arm for each day that rows are told by: {column: {measure: value}}."""
    return tuple(
        Arm({"month": month_of(day), **keys}, values, f"{day} IS NOT NULL") for day, values in days.items()
    )


FUNNEL_ARMS = _dated(FUNNEL)
DEAL_ARMS = _dated(DEALS, kind="kind")
ANSWER_ARMS = _dated({"offered_on": ANSWERS})
SPLIT_ARMS = tuple(
    Arm({"axis": f"'{axis}'::text", "key": key, "month": month_of("captured_on")}, SPLIT_SUMS, "true")
    for axis, key in SPLITS.items()
)
STEP_ARMS = tuple(
    Arm(
        {"step": f"'{one.name}'::text", "month": one.since},
        {name: value.format(days=one.days, dated=one.dated) for name, value in STEP_SUMS.items()},
        one.reached,
    )
    for one in steps()
)
DAY_ARMS = tuple(
    Arm(
        {"step": f"'{one.name}'::text", "month": one.since, "days": one.days},
        {"passes": "1"},
        f"{one.reached} AND {one.dated}",
        ever=True,
    )
    for one in steps()
)
MINUTE_ARMS = tuple(
    Arm(
        {"clock": f"'{clock}'::text", "month": month_of(day), "minutes": minutes},
        {"offers": "1"},
        f"{day} IS NOT NULL AND {counts}",
        ever=True,
    )
    for clock, (day, minutes, counts) in CLOCKS.items()
)
