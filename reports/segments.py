"""What each segment is worth: revenue, margin, spend, retention and customer lifetime value. Capabilities 79 and 80."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from leads.proportions import interval
from reports import reading
from reports.cells import cells
from reports.models import DealMonth
from reports.models.base import NONE
from reports.money import ZERO
from reports.returns import only
from reports.rollups.events import EARNED

FEW = 20  # years of customers that are over: with fewer, nobody's worth is told
LOW = Decimal("0.5")  # of the average customer's worth


@dataclass(frozen=True)
class Segment:
    """A segment (0: none), or all of them.

    `revenue`, `margin` and `won` are of the deals signed in the period, less what was cancelled in it, `uncosted` of them without a known margin; `spend` is
    paid and committed in the period. `customers` had a year in which another purchase was to be hoped for, over by
    today; `kept` of them bought, for `kept_margin`, of whose deals `kept_uncosted` have no known margin. `discount` is a rate.
    """

    id: int
    name: str
    discount: Decimal
    won: int = 0
    revenue: Decimal = ZERO
    margin: Decimal = ZERO
    uncosted: int = 0
    spend: Decimal = ZERO
    customers: int = 0
    kept: int = 0
    kept_margin: Decimal = ZERO
    kept_uncosted: int = 0

    @property
    def retention(self):
        """The share of customers who bought again within a year; None without any."""
        return Decimal(self.kept) / self.customers if self.customers else None

    @property
    def retention_range(self):
        """Where the true share lies in 19 of 20 cases (Wilson); None without any customer."""
        return interval(self.kept, self.customers)

    @property
    def yearly_margin(self):
        """m: what a customer that stays brings in a year; None where none stayed or a cost is unknown."""
        return self.kept_margin / self.kept if self.kept and not self.kept_uncosted else None

    @property
    def worth(self):
        """Customer lifetime value m·r ÷ (1 + d − r). None: too little history, or a cost is unknown.

        https://ceriusexecutives.com/customer-lifetime-value-a-framework-for-assessing-marketing-resource-allocations/
        """
        if self.customers < FEW or self.kept_uncosted:
            return None
        return lifetime_value(self.yearly_margin or ZERO, self.retention, self.discount)


def lifetime_value(margin, retention, discount):
    """m·r ÷ (1 + d − r): what a customer of today still brings, by yearly margin, retention and discount rate (d > 0)."""
    return margin * retention / (1 + discount - retention)


@dataclass(frozen=True)
class Segments:
    """Every segment with anything to tell, the most revenue first; `total` is all of them as one.

    `asked` holds the ids of those that were asked for, None for all.
    """

    rows: list[Segment]
    total: Segment
    asked: tuple[int, ...] | None = None

    @property
    def shown(self):
        """Those that were asked for."""
        return [one for one in self.rows if self.asked is None or one.id in self.asked]

    @property
    def by_margin(self):
        """Are shares told by margin? By revenue where a won deal of the period has no known cost."""
        return not self.total.uncosted

    def earned(self, one):
        """What the share of a segment is told by."""
        return one.margin if self.by_margin else one.revenue

    def earned_share(self, one):
        """Its share of the margin (or revenue); None where there is none to share."""
        whole = self.earned(self.total)
        return self.earned(one) / whole if whole > 0 else None

    def spend_share(self, one):
        """Its share of the spend; None without spend."""
        return one.spend / self.total.spend if self.total.spend > 0 else None

    @property
    def lowest(self):
        """Segments whose customers are worth less than half of the average one, where the history tells."""
        average = self.total.worth
        if average is None:
            return []
        return [one for one in self.rows if one.id and one.worth is not None and one.worth < LOW * average]


DEALS = """
SELECT segment, sum(won) AS won, sum(won_amount) AS revenue, sum(margin) AS margin,
  sum(won_uncosted + won_unpriced) AS uncosted
FROM {deals} WHERE month >= %s AND month < %s
GROUP BY segment HAVING sum(won) <> 0 OR sum(cancelled) <> 0
"""
# The same of campaigns, people or teams, whose sums are not kept by segment: found by the day of the win.
OF_ROWS = f"""
SELECT segment, count(*) FILTER (WHERE outcome = 'won') AS won, coalesce(sum(amount), 0) AS revenue, coalesce(sum(margin), 0) AS margin,
  count(*) FILTER (WHERE amount IS NULL OR margin IS NULL) AS uncosted
FROM reports_counteddeal WHERE {EARNED} AND closed_on >= %s AND closed_on < %s AND {{where}} GROUP BY segment
"""
CUSTOMERS = """
SELECT segment, sum(customers) AS customers, sum(kept) AS kept, sum(margin) AS kept_margin, sum(uncosted) AS kept_uncosted
FROM reports_customermonth
WHERE month <= %s {region} GROUP BY segment HAVING sum(customers) <> 0
"""
# A row: how many passes of a segment a campaign brought, of how many.
BROUGHT = """
SELECT campaign, segment, leads, sum(leads) OVER (PARTITION BY campaign) AS leads_in_all
FROM reports_campaignsegment WHERE leads > 0
"""
# A campaign for a segment spends on it; any other on those whom it brought, by their number; without a pass, on none.
SPEND = """
SELECT c.id AS campaign, coalesce(c.segment_id, brought.segment, 0) AS segment,
  m.spend, CASE WHEN brought.leads IS NULL THEN 1 ELSE brought.leads::numeric / brought.leads_in_all END AS part
FROM (
  SELECT campaign, sum(paid + committed) AS spend FROM reports_campaignmonth
  WHERE month >= %(first)s AND month < %(until)s GROUP BY campaign HAVING sum(paid + committed) <> 0
) AS m
LEFT JOIN pipeline_campaign c ON c.id = m.campaign
LEFT JOIN ({brought}) AS brought ON brought.campaign = c.id AND c.segment_id IS NULL
WHERE {where}
"""


def spend_sql(choice):
    """(SELECT, params) of spend in the period by campaign and segment: campaign, segment, spend, part."""
    where, params = ["true"], {"first": choice.period.first, "until": choice.period.until}
    if choice.region is not None:
        where.append("coalesce(c.region_id, 0) = ANY(%(region)s)")
        params["region"] = list(choice.region.under)
    if choice.channel is not None:
        where.append("coalesce(c.channel, '') = %(channel)s")
        params["channel"] = choice.channel
    if choice.by_row:
        where.append("m.campaign = ANY(%(campaigns)s)")
        params["campaigns"] = only(choice)
    return SPEND.format(brought=BROUGHT, where=" AND ".join(where)), params


def charged(choice):
    """(SELECT, params) of `spend`: what the segment of a Choice is charged with in the period."""
    sql, params = spend_sql(choice)
    return (
        f"SELECT coalesce(sum(spend * part), 0) AS spend FROM ({sql}) AS s WHERE segment = ANY(%(segment)s)",
        params | {"segment": list(choice.segment.under)},
    )


def segments(choice, known, discount) -> Segments:
    """The Segments of a Choice, in one statement. `discount` is the yearly rate, 0.1 for 10 %.

    Customers' years are narrowed by the region only: they belong to no channel, campaign or person.
    """
    asked, choice = choice.segment, replace(choice, segment=None)
    spend, params = spend_sql(choice)
    narrow = "" if choice.region is None else "AND region = ANY(%s)"
    regions = [] if choice.region is None else [list(choice.region.under)]
    read = reading.read(
        {
            "deals": _deals(choice),
            "customers": (CUSTOMERS.format(region=narrow), [choice.today.replace(day=1), *regions]),
            "spend": (
                f"SELECT segment, sum(spend * part) AS spend FROM ({spend}) AS s GROUP BY segment",
                params,
            ),
        }
    )
    names = {pk: axis.name for pk, axis in known.segments.items()} | {NONE: _("No segment")}
    facts = {}
    for part in read.values():
        for row in part:
            facts.setdefault(row["segment"], {}).update(row)
    rows = [_segment(pk, names.get(pk, str(pk)), discount, found) for pk, found in facts.items()]
    total = {name: sum((getattr(one, name) for one in rows), ZERO) for name in (*COUNTS, *SUMS)}
    return Segments(
        sorted(rows, key=lambda one: (-one.revenue, -one.spend, one.name)),
        _segment(NONE, _("All"), discount, total),
        asked and asked.under,
    )


def _deals(choice):
    span = [choice.period.first, choice.period.until]
    if choice.by_row:
        where, params = choice.narrow()
        return OF_ROWS.format(where=where), [*span, *params]
    deals, cell = cells(DealMonth, choice, "segment")
    return DEALS.format(deals=deals), [*cell, *span]


COUNTS = ("won", "uncosted", "customers", "kept", "kept_uncosted")
SUMS = ("revenue", "margin", "spend", "kept_margin")


def _segment(pk, name, discount, row):
    counts: dict[str, Any] = {one: int(row.get(one) or 0) for one in COUNTS}
    sums: dict[str, Any] = {one: Decimal(row.get(one) or 0) for one in SUMS}
    return Segment(pk, name, discount, **counts, **sums)


@dataclass(frozen=True)
class Spent:
    """What a campaign (None: none) spent in the period, and the part of it that a segment is charged with."""

    campaign: int | None
    name: str
    spend: Decimal
    part: Decimal

    @property
    def charged(self):
        return self.spend * self.part


def spent(choice, segment):
    """The Spent behind the spend of a segment (0: none), the largest first."""
    sql, params = spend_sql(choice)
    rows = reading.read(
        {
            "spent": (
                f"SELECT s.*, c.name FROM ({sql}) AS s LEFT JOIN pipeline_campaign c ON c.id = s.campaign "
                "WHERE s.segment = %(segment)s ORDER BY s.spend * s.part DESC, c.name",
                params | {"segment": segment},
            )
        }
    )["spent"]
    return [
        Spent(row["campaign"], row["name"] or "", Decimal(row["spend"]), Decimal(row["part"])) for row in rows
    ]
