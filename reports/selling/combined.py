"""Where money of marketing and sales together earns most: credited margin ÷ combined cost, by segment and region.

Money stands where it is known to belong; the rest follows the work. Spend of a campaign goes to all the leads it brought, so
that a segment is charged as on Segments; a cost of sales to the SQLs accepted in the period, of its segment, region or
team's region as far as those are known.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from math import sqrt

from leads.proportions import Z
from reports import heeding, reading, regions
from reports.choice import Choice, bounded
from reports.models.base import NONE
from reports.money import ZERO
from reports.regions import Tree

HEEDED = ("period", "model", "segment", "region")
AXES = ("segment", "region")
FEW = 20  # deals below which nothing is ranked
# A row: what a campaign (0: none) spent in the period, and for whom it is.
SPENT = """
SELECT m.campaign, c.name, c.segment_id AS segment, c.region_id AS region, sum(m.paid + m.committed) AS amount
FROM reports_campaignmonth m LEFT JOIN pipeline_campaign c ON c.id = m.campaign
WHERE m.month >= %s AND m.month < %s GROUP BY m.campaign, c.id HAVING sum(m.paid + m.committed) <> 0
"""
# A row: how many leads a campaign brought to a place, whenever.
BROUGHT = """
SELECT campaign, segment, region, sum(leads) AS weight FROM reports_campaignplace WHERE campaign <> 0
GROUP BY 1, 2, 3 HAVING sum(leads) > 0
"""
# A row: what selling cost in the period, what it says of itself, and for whom it is by that; a team works where it is.
SOLD = """
SELECT s.of, t.id AS team, t.name AS team_name, c.id AS programme, c.name AS programme_name, s.segment_id AS own_segment, s.region_id AS own_region,
  coalesce(s.segment_id, c.segment_id) AS segment, coalesce(s.region_id, c.region_id, t.region_id) AS region, sum(s.base_amount) AS amount
FROM pipeline_salescost s LEFT JOIN accounts_team t ON t.id = s.team_id
LEFT JOIN pipeline_campaign c ON c.id = s.campaign_id
WHERE s.kind IN ('committed', 'paid') AND s.month >= %s AND s.month < %s
GROUP BY s.of, s.segment_id, s.region_id, t.id, c.id HAVING sum(s.base_amount) <> 0
"""
WORKED = """
SELECT segment, region, sum(sqls) AS weight FROM reports_campaignplace WHERE month >= %s AND month < %s
GROUP BY 1, 2 HAVING sum(sqls) > 0
"""
EARNED = """
SELECT segment, region, sum(margin) AS margin, sum(margin) FILTER (WHERE campaign <> 0) AS by_campaigns,
  sum(uncosted + unpriced) AS uncosted
FROM reports_creditplace WHERE model = %s AND NOT renewal AND month >= %s AND month < %s GROUP BY 1, 2
"""
# A row: how many new and expansion deals a place won, and how far their margins spread.
WON = """
SELECT segment, region, count(*) FILTER (WHERE outcome = 'won') AS deals, count(*) FILTER (WHERE outcome = 'won' AND first_win) AS customers,
  coalesce(sum(margin * margin), 0) AS squares
FROM reports_counteddeal WHERE outcome IN ('won', 'cancelled') AND kind <> 'renewal' AND closed_on >= %s AND closed_on < %s GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Combined:
    """A place, or several: what marketing and sales spent on it, the margin credited to it, and how sure that is.

    `margin` is None where a cost is unknown; `by_campaigns` is what of it campaigns earned. `squares` sums the squares of
    the margins of its `deals`.
    """

    marketing: Decimal = ZERO
    sales: Decimal = ZERO
    margin: Decimal = ZERO
    by_campaigns: Decimal = ZERO
    uncosted: Decimal = ZERO
    deals: int = 0
    customers: int = 0
    squares: Decimal = ZERO

    def __add__(self, other):
        return Combined(*(getattr(self, name) + getattr(other, name) for name in NAMES))

    @property
    def cost(self):
        return self.marketing + self.sales

    @property
    def times(self):
        """Credited margin ÷ combined cost; None without a cost, or where the margin is not known."""
        return self.margin / self.cost if self.cost > 0 and not self.uncosted else None

    @property
    def interval(self):
        """(low, high) of it in 19 of 20 such periods: chance decides how many deals are won, and which. None as above, or without deals."""
        if self.times is None or not self.deals:
            return None
        half = Decimal(Z * sqrt(self.squares))
        return max((self.margin - half) / self.cost, ZERO), (self.margin + half) / self.cost

    @property
    def is_few(self):
        """Too few deals to tell it from chance."""
        return self.deals < FEW

    @property
    def cac(self):
        """Spend of marketing ÷ new customers; None without any, or where nothing was spent."""
        return self.marketing / self.customers if self.customers and self.marketing > 0 else None

    @property
    def cac_with_sales(self):
        """Spend of marketing and cost of sales ÷ new customers; None without any, or where nothing was spent."""
        return self.cost / self.customers if self.customers and self.cost > 0 else None


NAMES = tuple(Combined.__dataclass_fields__)
EMPTY = Combined()


@dataclass(frozen=True)
class Money:
    """Places by (segment, region), 0 for none, of the Choice that is heeded; `kinds` is what selling cost
    there by what for."""

    choice: Choice
    cells: dict[tuple[int, int], Combined]
    kinds: dict[str, Decimal] = field(default_factory=dict)
    tree: Tree = field(default_factory=lambda: Tree({}))

    def by(self, axis):
        """{id: Combined} by segment or region, what earned most per cost first, a region before its parts and with them; what
        cannot be told last."""
        place = AXES.index(axis)
        found: dict[int, Combined] = {}
        for key, one in self.cells.items():
            found[key[place]] = found.get(key[place], EMPTY) + one
        tree = self.tree if axis == "region" else Tree({})
        whole = tree.whole(found)

        def most(pk):
            return whole[pk].times is None, -(whole[pk].times or 0), -whole[pk].margin

        return {pk: whole[pk] for pk, _depth in tree.lines(whole, most)}

    @property
    def total(self):
        return sum(self.cells.values(), EMPTY)


def combined(asked) -> Money:
    """The Money of a Choice, in one statement; of all time it is the fiscal year."""
    choice = heeding.heeded(bounded(asked), HEEDED)
    span = [choice.period.first, choice.period.until]
    rows = reading.read(
        {
            "spent": (SPENT, span),
            "brought": (BROUGHT, []),
            "sold": (SOLD, span),
            "worked": (WORKED, span),
            "earned": (EARNED, [choice.model, *span]),
            "won": (WON, span),
            **regions.PARTS,
        }
    )
    cells: dict[tuple[int, int], Combined] = defaultdict(Combined)
    brought = defaultdict(list)
    for row in rows["brought"]:
        brought[row["campaign"]].append(row)
    for row in rows["spent"]:
        for place, amount in _spread(row, brought[row["campaign"]]):
            cells[place] += Combined(marketing=amount)
    kinds: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows["sold"]:
        for place, amount in _spread(row, there(row, rows["worked"])):
            cells[place] += Combined(sales=amount)
            if within(choice, *place):
                kinds[row["of"]] += amount
    for row in [*rows["earned"], *rows["won"]]:
        place = row["segment"], row["region"]
        known = {name: type(getattr(EMPTY, name))(row[name]) for name in NAMES if row.get(name) is not None}
        cells[place] += Combined(**known)
    return Money(
        choice,
        {place: one for place, one in cells.items() if within(choice, *place) and one != EMPTY},
        dict(kinds),
        Tree.of(rows[regions.PART], choice.region),
    )


def placed(row, weights):
    """[(place, weight)] of an amount: the segment and region that it is for, the one that is not known as the weights lie."""
    segment, region = row["segment"], row["region"]
    if not weights:
        return [((segment or NONE, region or NONE), 1)]
    return [
        ((one["segment"] if segment is None else segment, one["region"] if region is None else region), one["weight"])
        for one in weights
    ]  # fmt: skip


def _spread(row, weights):
    """(place, amount) of an amount."""
    parts = placed(row, weights)
    whole = sum(weight for _place, weight in parts)
    for place, weight in parts:
        yield place, Decimal(row["amount"]) * weight / whole


def there(row, weights):
    """The weights where a cost of sales is known to belong: a team works for those of its region."""
    segment, region = row["segment"], row["region"]
    return [
        one
        for one in weights
        if (segment is None or one["segment"] == segment) and (region is None or one["region"] == region)
    ]


def within(choice, segment, region):
    """Is a place one of those that a Choice asks for?"""
    return (choice.segment is None or segment in choice.segment.under) and (
        choice.region is None or region in choice.region.under
    )
