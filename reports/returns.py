"""What campaigns cost and earned: ROI, ROAS, cost per step. Campaign to date, new and expansion deals only.

What no campaign brought has no first day: it counts in the period by its own month.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from reports import programmes, reading
from reports.money import NAMES, ZERO, Money, Unearning


@dataclass(frozen=True)
class Line:
    """One campaign's money. `campaign` None: touches without a campaign, by channel; empty channel: unattributed."""

    campaign: int | None
    name: str
    code: str
    channel: str
    parent: int | None
    budget: Decimal | None
    currency: str
    money: Money
    depth: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Returns:
    """The lines of a choice: campaigns with spend or new leads in the period, each to date; what no campaign brought, in the period.

    `total` sums the campaigns, `whole` all lines, as the channels do. `total` knows of credits outside of them only whether their amounts are known. `months` holds
    paid and committed spend by month of service, spend without a campaign included; `spent` that of the period, of which
    `committed` is not yet paid, and `spent_before` that of the one before (None for all time). `beside` are campaigns that the
    period leaves out, for the sums of their programmes, and programmes with no money of their own.
    """

    lines: list[Line]
    total: Money
    whole: Money
    months: dict[date, Decimal]
    spent: Decimal
    committed: Decimal
    spent_before: Decimal | None
    beside: list[Line] = field(default_factory=list)

    def channels(self):
        """Money by channel, most spend first; "" is unattributed."""
        found = {}
        for line in self.lines:
            known = found.get(line.channel)
            found[line.channel] = line.money if known is None else known + line.money
        return dict(sorted(found.items(), key=lambda one: (-one[1].spend, -one[1].revenue, one[0])))

    def tree(self):
        """The campaigns of the lines under their programmes, each of these with the sum of its own and all under it, largest first.

        Where programmes were not asked for, only those among the lines, with what of the lines is under them.
        """
        listed = {line.campaign for line in self.lines if line.campaign}
        known = {line.campaign: line for line in (*self.beside, *self.lines) if line.campaign}
        above = programmes.above({line.campaign: line.parent for line in known.values()})
        children = {}
        for line in known.values():
            children.setdefault(above[line.campaign], []).append(line)
        return programmes.pruned(list(_branches(children, None, 0)), listed, above)


def _branches(children, parent, depth):
    branches = []
    for line in children.get(parent, []):
        under = list(_branches(children, line.campaign, depth + 1))
        direct = [one.money for one in under if one.depth == depth + 1]
        branches.append([replace(line, money=sum(direct, line.money), depth=depth), *under])
    for branch in sorted(branches, key=lambda one: (-one[0].money.revenue, -one[0].money.spend, one[0].name)):
        yield from branch


WITHOUT_CAMPAIGN = (
    "none"  # the channel of spend and passes without a campaign; "" is that of unattributed credits
)
COST = (
    "planned", "committed", "paid", "impressions", "clicks", "reported_leads", "reported_orders", "reported_revenue",
    "reported_spend", "leads", "mqls", "sqls", "deals", "wins", "pipeline",
)  # fmt: skip
EARNED = {
    "credited": "deals",
    "unpriced": "unpriced",
    "uncosted": "uncosted",
    "revenue": "revenue",
    "margin": "margin",
    "open_credited": "open_deals",
    "open_unpriced": "open_unpriced",
    "open_pipeline": "pipeline",
}
# A row: a campaign, or a channel without one, under a model: what it cost is the same under each. Those that neither cost
# anything nor brought anybody in the period are left out; of what has no campaign only the months of the period count.
# A campaign that is gone is not told, though the round that takes its totals away may be still to come.
IN_PERIOD = "month >= %(first)s AND month < %(until)s"
LINES = """
SELECT both_sides.*, c.name, c.code, c.parent_id AS parent, c.budget, c.currency, coalesce(c.channel, own) AS channel
FROM (
  SELECT model, campaign, own, {sums}, bool_or(active) AS active FROM (
    SELECT models.model, cost.* FROM unnest(%(models)s) AS models (model) CROSS JOIN (
      SELECT campaign, CASE WHEN campaign = 0 THEN '{without}' END AS own, {costs}, {no_credits},
      coalesce(sum(paid + committed) FILTER (WHERE {in_period}), 0) AS period_spend,
      bool_or({in_period} AND (paid + committed <> 0 OR leads <> 0 OR campaign = 0 AND pipeline <> 0)) AS active
      FROM reports_campaignmonth WHERE campaign <> 0 OR {in_period} GROUP BY campaign
    ) AS cost
    UNION ALL
    SELECT model, campaign, CASE WHEN campaign = 0 THEN channel END, {no_costs}, {credits}, 0, campaign = 0
    FROM reports_creditmonth WHERE model = ANY(%(models)s) AND NOT renewal AND (campaign <> 0 OR {in_period}) GROUP BY 1, 2, 3
  ) AS side GROUP BY model, campaign, own
) AS both_sides
LEFT JOIN pipeline_campaign c ON c.id = campaign
WHERE {where}
"""


def _lines(asked, where):
    """LINES with the sums that are asked for; each is added up twice, so that what nobody reads is worth leaving out."""
    cost = [name for name in COST if name in asked]
    earned = {name: stored for name, stored in EARNED.items() if name in asked}
    return LINES.format(
        without=WITHOUT_CAMPAIGN,
        in_period=IN_PERIOD,
        sums=", ".join(f"sum({name}) AS {name}" for name in (*cost, *earned, "period_spend")),
        costs=", ".join(f"sum({name}) AS {name}" for name in cost),
        no_costs=", ".join("0" for _name in cost),
        credits=", ".join(f"sum({stored}) AS {name}" for name, stored in earned.items()),
        no_credits=", ".join(f"0 AS {name}" for name in earned),
        where=" AND ".join(where),
    )


UNDER = """
WITH RECURSIVE part (id) AS (
  SELECT %(under)s::bigint UNION SELECT p.id FROM part JOIN pipeline_campaign p ON p.parent_id = part.id
) SELECT id FROM part
"""


# A row: a programme.
PROGRAMMES = """
SELECT campaign, c.name, c.code, c.parent_id AS parent, c.budget, c.currency, c.channel
FROM pipeline_campaign c CROSS JOIN LATERAL (SELECT c.id AS campaign, NULL::text AS own) AS itself
WHERE c.id IN (SELECT parent_id FROM pipeline_campaign)"""
IN_A_PROGRAMME = "c.parent_id IS NOT NULL OR c.id IN (SELECT parent_id FROM pipeline_campaign)"


def parts(choice, under=None, models=(), whole=False, asked=NAMES):
    """What `made` needs, for `reading.read`; with `under` only that campaign and all under it, whatever the period.

    By the choice's model, or by each of `models`. `whole`: with all that its programmes need for their sums. `asked`: the
    sums of Money that are read; the others stay 0.
    """
    where, params = (
        ["(campaign = 0 OR c.id IS NOT NULL)"],
        {
            "first": choice.period.first,
            "until": choice.period.until,
            "models": list(models or [choice.model]),
        },
    )
    if under is not None:
        where.append(f"campaign IN ({UNDER})")
        params["under"] = under
    elif not choice.period.is_all:
        where.append(f"(active OR {IN_A_PROGRAMME})" if whole else "active")
    narrow = _narrow(choice, params)
    above = {"programmes": (" AND ".join([PROGRAMMES, *narrow]), params)} if whole else {}
    lines = _lines(asked, [*where, *narrow])
    return {"returns": (lines, params), "spend": _spend(choice)} | above


def _narrow(choice, params):
    """Conditions on campaigns but for the period; adds what they need to `params`."""
    where = []
    for name, axis in (("segment", choice.segment), ("region", choice.region)):
        if axis is not None:
            where.append(f"coalesce(c.{name}_id, 0) = ANY(%({name})s)")
            params[name] = list(axis.under)
    if choice.by_row:
        where.append("campaign = ANY(%(campaigns)s)")
        params["campaigns"] = only(choice)
    if choice.channel is not None:
        where.append(f"coalesce(c.channel, nullif(own, '{WITHOUT_CAMPAIGN}'), '') = %(channel)s")
        params["channel"] = choice.channel
    return where


def only(choice):
    """The campaigns that a choice by campaign or people leaves: people of sales run none."""
    return [] if choice.owners is not None else choice.campaigns


def of_campaigns(choice):
    """(the condition that picks what belongs to campaigns `c` of a choice, given the column with their id; its parameters).

    What has no campaign stands under no channel, segment and region.
    """
    where, params = ["true"], []
    for name, axis in (("segment", choice.segment), ("region", choice.region)):
        if axis is not None:
            where.append(f"coalesce(c.{name}_id, 0) = ANY(%s)")
            params.append(list(axis.under))
    if choice.channel is not None:
        where.append("coalesce(c.channel, '') = %s")
        params.append(choice.channel)
    if choice.by_row:
        where.append("{key} = ANY(%s)")
        params.append(only(choice))
    return lambda key: " AND ".join(where).format(key=key), params


def _spend(choice):
    """Spend by month, as narrow as the choice."""
    within, params = of_campaigns(choice)
    narrow = (
        f"LEFT JOIN pipeline_campaign c ON c.id = m.campaign WHERE {within('m.campaign')}" if params else ""
    )
    return (
        "SELECT month, sum(paid + committed) AS spend, sum(committed) AS committed FROM reports_campaignmonth m "
        f"{narrow} GROUP BY month HAVING sum(paid + committed) <> 0 ORDER BY month",
        params,
    )


def made(choice, rows) -> Returns:
    """The Returns from the rows that `parts` asked for."""
    of_all = choice.period.is_all or "programmes" not in rows
    lines = [_line(row) for row in rows["returns"] if of_all or row["active"]]
    total = campaigns = sum((line.money for line in lines if line.campaign), Money())
    outside = sum((line.money for line in lines if not line.campaign), Money())
    if not total.credited and outside.unpriced and outside.unpriced == outside.credited:
        total = replace(total, credited=outside.credited, unpriced=outside.unpriced)
    months = {reading.day(row["month"]): Decimal(row["spend"]) for row in rows["spend"]}
    committed = {reading.day(row["month"]): Decimal(row["committed"]) for row in rows["spend"]}
    before = choice.period.before()
    return Returns(
        sorted(lines, key=lambda one: (-one.money.revenue, -one.money.spend, one.name)),
        total,
        campaigns + outside,
        months,
        spent=_within(months, choice.period),
        committed=_within(committed, choice.period),
        spent_before=before and _within(months, before),
        beside=[
            *map(_line, rows.get("programmes", ())),
            *(_line(row) for row in rows["returns"] if not (of_all or row["active"])),
        ],
    )


def _within(months, period):
    return sum((spend for month, spend in months.items() if month in period), ZERO)


def returns(choice, under=None):
    """The Returns of a Choice, in one statement."""
    return made(choice, reading.read(parts(choice, under)))


def side_by_side(choice, models, under=None, whole=False):
    """{model: Returns} of the models named, in one statement; `whole`: with all that its programmes need for their sums."""
    rows = reading.read(parts(choice, under, models, whole))
    by_model = {name: [] for name in models}
    for row in rows.pop("returns"):
        by_model[row["model"]].append(row)
    return {
        name: made(replace(choice, model=name), {**rows, "returns": lines})
        for name, lines in by_model.items()
    }


def _line(row):
    budget = None if row["budget"] is None else Decimal(row["budget"])
    return Line(
        campaign=row["campaign"] or None,
        name=row["name"] or "",
        code=row["code"] or "",
        channel=row["channel"],
        parent=row["parent"],
        budget=budget,
        currency=row["currency"] or "",
        money=reading.typed(
            Unearning if row["channel"] == WITHOUT_CAMPAIGN else Money, dict.fromkeys(NAMES, 0) | row
        ),
    )
