"""What a programme kept: the margin of the customers that it reached, against what would have been kept without it.

Without it: what those of the same segment and region brought whom it did not reach, by customer, in the same months; where
either are too few, what all of them brought by customer in the same months a year before. Nobody was drawn by lot, so that
both are weaker evidence than an effect that was measured.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from math import sqrt

from accounts import organisation
from leads.proportions import Z
from pipeline import campaigns
from reports import periods, reading
from reports.money import ZERO
from reports.statements import statement

FEW = 20  # customers of a side: with fewer nobody is compared
YEAR = 12
OTHERS, BEFORE = "others", "before"
SPENT = """
SELECT coalesce((SELECT sum(paid + committed) FROM reports_campaignmonth WHERE campaign = ANY(%(campaigns)s) AND month >= %(first)s AND month < %(until)s), 0) AS marketing,
  coalesce((SELECT sum(base_amount) FROM pipeline_salescost WHERE campaign_id = ANY(%(campaigns)s) AND kind IN ('committed', 'paid') AND month >= %(first)s AND month < %(until)s), 0) AS sales
"""


@dataclass(frozen=True)
class Side:
    """Customers of a side: how many, how many of them bought again, the margin of it with the sum of its squares by customer, and how
    many deals have no known margin."""

    customers: int = 0
    kept: int = 0
    margin: Decimal = ZERO
    squares: Decimal = ZERO
    uncosted: int = 0

    @property
    def mean(self):
        """Margin by customer; None without any."""
        return self.margin / self.customers if self.customers else None

    @property
    def error(self):
        """The square of the standard error of `mean`; 0 for fewer than two customers."""
        if self.customers < 2:
            return Decimal(0)
        spread = max(self.squares - self.margin**2 / self.customers, ZERO)
        return spread / (self.customers - 1) / self.customers


NOBODY = Side()
NAMES = ("customers", "kept", "margin", "squares", "uncosted")


@dataclass(frozen=True)
class Kept:
    """A programme in its months, up to today: its sides, and what marketing and sales spent on it."""

    first: date
    until: date
    over: bool
    reached: Side
    others: Side
    before: Side
    marketing: Decimal
    sales: Decimal

    @property
    def spend(self):
        return self.marketing + self.sales

    @property
    def against(self):
        """What it is held against: OTHERS, BEFORE, or None where neither has enough customers."""
        if self.reached.customers < FEW:
            return None
        if self.others.customers >= FEW:
            return OTHERS
        return BEFORE if self.before.customers >= FEW else None

    @property
    def without(self):
        """What would have been kept of the reached customers without it; None where it is held against nothing."""
        if self.against is None:
            return None
        return getattr(self, self.against).mean * self.reached.customers

    @property
    def more(self):
        """(estimate, low, high) of the margin that it kept beyond that, in 19 of 20 cases; None as above, or where a cost is unknown."""
        if self.against is None or self.reached.uncosted or getattr(self, self.against).uncosted:
            return None
        found = self.reached.margin - self.without
        error = self.reached.error + getattr(self, self.against).error
        half = Decimal(Z * self.reached.customers * sqrt(error))
        return found, found - half, found + half

    @property
    def roi(self):
        """(estimate, low, high) of (margin kept beyond − spend) ÷ spend; None without spend, or where nothing is told of the margin."""
        if self.more is None or self.spend <= 0:
            return None
        return tuple((one - self.spend) / self.spend for one in self.more)


def months_of(campaign, goal, today):
    """(first day, day after the last) of a programme: those of its goal, else of its own days, else of the last year."""
    if goal:
        return goal.first, periods.shifted(goal.last, 1)
    last = campaign.ends_on or today
    first = (campaign.starts_on or periods.shifted(today.replace(day=1), 1 - YEAR)).replace(day=1)
    return first, periods.shifted(max(last, first).replace(day=1), 1)


def kept(campaign, goal, regions, today) -> Kept:
    """The Kept of a programme, in one statement. `regions`: the ids that its region counts with; None for any."""
    first, until = months_of(campaign, goal, today)
    now = min(until, date.fromordinal(today.toordinal() + 1))
    params = {
        "campaigns": sorted(campaigns.beneath(campaign)),
        "segment": campaign.segment_id,
        "regions": regions,
        "first": first,
        "until": now,
        "until_at": datetime.combine(now, time(), organisation.zone()),
        "before_first": periods.same_day_before(first),
        "before_until": periods.same_day_before(now),
    }
    rows = reading.read({"sides": (statement("kept_customers"), params), "spent": (SPENT, params)})
    sides = {
        row["side"]: Side(**{name: type(getattr(NOBODY, name))(row[name]) for name in NAMES})
        for row in rows["sides"]
    }
    (spent,) = rows["spent"]
    return Kept(
        first=first,
        until=until,
        over=today >= until,
        reached=sides.get("reached", NOBODY),
        others=sides.get(OTHERS, NOBODY),
        before=sides.get(BEFORE, NOBODY),
        marketing=Decimal(spent["marketing"]),
        sales=Decimal(spent["sales"]),
    )
