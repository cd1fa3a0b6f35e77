"""Budget: what was planned, committed and paid in a period, what is left to date, and what each line has earned."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pipeline.money import rate_sql
from reports import programmes, reading
from reports.money import ZERO, Money, Unearning
from reports.returns import only

SUMS = ("planned", "committed", "paid")


@dataclass(frozen=True)
class Line:
    """One campaign, or spend without one (`campaign` None).

    `planned` to `paid` are of the period, by month of service. `budget` (None: none, or no rate for its currency) and
    `to_date`, the Money of the campaign from its first day, are of its whole life. All in report currency.
    """

    campaign: int | None
    name: str
    code: str
    channel: str
    parent: int | None
    budget: Decimal | None
    planned: Decimal
    committed: Decimal
    paid: Decimal
    to_date: Money
    depth: int = 0

    @property
    def left(self):
        """What the budget still holds after all that is paid or committed; None without a budget."""
        return None if self.budget is None else self.budget - self.to_date.spend

    @property
    def used(self):
        """The share of the budget that is paid or committed; None without one."""
        return self.to_date.spend / self.budget if self.budget else None


@dataclass(frozen=True)
class Budget:
    """Lines as a tree, programmes before what is under them; `total` sums the roots; months of service in the period.

    The total has no return of its own: these are the campaigns with money in the period, and spend that none of them made.
    """

    lines: list[Line]
    total: Line
    months: dict[date, dict[str, Decimal]]


# A row: a campaign; campaign 0 is spend without one. `listed` where it has money in the period, or a budget and days in it: what
# a programme's other campaigns spent and earned to date is told of the programme.
LINES = """
SELECT coalesce(c.id, m.campaign) AS campaign, coalesce(c.name, '') AS name, coalesce(c.code, '') AS code,
  coalesce(c.channel, '') AS channel, c.parent_id AS parent, round(c.budget * {rate}, 4) AS budget,
  coalesce(m.planned, 0) AS planned, coalesce(m.committed, 0) AS committed, coalesce(m.paid, 0) AS paid,
  coalesce(m.spent, 0) AS spent, coalesce(e.credited, 0) AS credited, coalesce(e.unpriced, 0) AS unpriced,
  coalesce(e.revenue, 0) AS revenue,
  coalesce(m.planned <> 0 OR m.committed <> 0 OR m.paid <> 0
    OR (c.budget IS NOT NULL AND coalesce(c.starts_on, c.ends_on) < %s AND coalesce(c.ends_on, c.starts_on) >= %s), false) AS listed
FROM pipeline_campaign c
FULL JOIN (
  SELECT campaign, {sums}, sum(paid + committed) AS spent FROM reports_campaignmonth GROUP BY campaign
) AS m ON m.campaign = c.id
LEFT JOIN ({earned}) AS e ON e.campaign = c.id
WHERE {there}
"""
EARNED = """
SELECT campaign, sum(deals) AS credited, sum(unpriced) AS unpriced, sum(revenue) AS revenue
FROM reports_creditmonth WHERE model = %s AND NOT renewal AND campaign <> 0 GROUP BY campaign
"""
UNTOLD = "SELECT 0 AS campaign, 0 AS credited, 0 AS unpriced, 0 AS revenue WHERE false"
# A campaign that is gone is not told, though the round that takes its totals away may be still to come.
THERE = "(c.id IS NOT NULL OR m.campaign = 0)"


def parts(choice, earned=True):
    """What `made` needs, for `reading.read`; unless `earned`, it cannot tell what lines have earned.

    Spend without a campaign stands under no channel, segment and region.
    """
    first, until = choice.period.first, choice.period.until
    sums = ", ".join(f"sum({one}) FILTER (WHERE month >= %s AND month < %s) AS {one}" for one in SUMS)
    where, narrow = "", []
    for name, axis in (("segment", choice.segment), ("region", choice.region)):
        if axis is not None:
            where += f" AND coalesce(c.{name}_id, 0) = ANY(%s)"
            narrow.append(list(axis.under))
    if choice.channel is not None:
        where += " AND coalesce(c.channel, '') = %s"
        narrow.append(choice.channel)
    if choice.by_row:
        where += " AND coalesce(c.id, m.campaign) = ANY(%s)"
        narrow.append(only(choice))
    rate = rate_sql("c.currency", "coalesce(c.starts_on, CURRENT_DATE)")
    lines = LINES.format(rate=rate, sums=sums, earned=EARNED if earned else UNTOLD, there=THERE) + where
    months = (
        f"SELECT month, {', '.join(f'sum({one}) AS {one}' for one in SUMS)} FROM reports_campaignmonth m "
        f"LEFT JOIN pipeline_campaign c ON c.id = m.campaign WHERE month >= %s AND month < %s AND {THERE}{where} GROUP BY month "
        f"HAVING {' OR '.join(f'sum({one}) <> 0' for one in SUMS)} ORDER BY month"
    )
    return {
        "budget": (
            lines,
            [
                choice.currency,
                until,
                first,
                *[first, until] * len(SUMS),
                *([choice.model] if earned else []),
                *narrow,
            ],
        ),
        "budget_months": (months, [first, until, *narrow]),
    }


def made(rows) -> Budget:
    """The Budget from the rows that `parts` asked for; without months where those were not."""
    lines = [_line(row) for row in rows["budget"]]
    listed = {line.campaign for line, row in zip(lines, rows["budget"], strict=True) if row["listed"]}
    above = programmes.above({line.campaign: line.parent for line in lines if line.campaign})
    children = {}
    for line in lines:
        children.setdefault(above.get(line.campaign), []).append(line)
    tree = programmes.pruned(list(_branches(children, None, 0)), listed, above)
    return Budget(
        tree,
        _total([line for line in tree if not line.depth]),
        {
            reading.day(row["month"]): {one: Decimal(row[one]) for one in SUMS}
            for row in rows.get("budget_months", ())
        },
    )


def budget(choice):
    """The Budget of a Choice, in one statement."""
    return made(reading.read(parts(choice)))


def _line(row):
    money = (Money if row["campaign"] else Unearning)(
        paid=Decimal(row["spent"]),
        credited=Decimal(row["credited"]),
        unpriced=Decimal(row["unpriced"]),
        revenue=Decimal(row["revenue"]),
    )
    return Line(
        campaign=row["campaign"] or None,
        name=row["name"],
        code=row["code"],
        channel=row["channel"],
        parent=row["parent"],
        budget=None if row["budget"] is None else Decimal(row["budget"]),
        to_date=money,
        depth=0,
        **{one: Decimal(row[one]) for one in SUMS},
    )


def _branches(children, parent, depth):
    """Lines under a parent, each with the sum of what is under it; a programme's own budget stands for all of it."""
    branches = []
    for line in children.get(parent, []):
        under = list(_branches(children, line.campaign, depth + 1)) if line.campaign else []
        direct = [one for one in under if one.depth == depth + 1]
        summed = _total([line, *direct])
        own = line.budget or summed.budget  # a programme with a budget of nothing has none of its own
        branches.append(
            [
                replace(
                    line,
                    **{one: getattr(summed, one) for one in SUMS},
                    to_date=summed.to_date if direct else line.to_date,
                    budget=own,
                    depth=depth,
                ),
                *under,
            ]
        )
    for branch in sorted(
        branches, key=lambda one: (-one[0].to_date.spend, -(one[0].budget or 0), one[0].name)
    ):
        yield from branch


def _total(lines):
    budgets = [line.budget for line in lines if line.budget is not None]
    return Line(
        None, "", "", "", None,
        budget=sum(budgets, ZERO) if budgets else None,
        to_date=sum((line.to_date for line in lines), Money()),
        depth=0,
        **{one: sum((getattr(line, one) for line in lines), ZERO) for one in SUMS},
    )  # fmt: skip
