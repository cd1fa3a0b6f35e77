"""What a campaign changed: those it reached against those held out by lot."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import sqrt

from leads.proportions import Effect, Z, difference
from reports import reading
from reports.statements import statement

MEASURES = ("leads", "sqls", "won")
SQUARES = {"revenue": "squares", "margin": "margin_squares"}


@dataclass(frozen=True)
class Arm:
    """People of one side of the lot: how many became a lead, were accepted by sales, bought; their revenue and margin with
    the squares of both; `uncosted` deals have no known margin.
    """

    people: int = 0
    leads: int = 0
    sqls: int = 0
    won: int = 0
    revenue: Decimal = Decimal()
    squares: Decimal = Decimal()
    margin: Decimal = Decimal()
    margin_squares: Decimal = Decimal()
    uncosted: Decimal = Decimal()

    def rate(self, measure):
        """The share of its people; None without any."""
        return getattr(self, measure) / self.people if self.people else None

    def mean(self, what="revenue"):
        """Revenue or margin by person; None without any."""
        return getattr(self, what) / self.people if self.people else None

    def error(self, what="revenue"):
        """The square of the standard error of `mean`; None for fewer than two people."""
        if self.people < 2:
            return None
        total, squares = float(getattr(self, what)), float(getattr(self, SQUARES[what]))
        return max(squares - total**2 / self.people, 0) / (self.people - 1) / self.people


@dataclass(frozen=True)
class Lift:
    """Both sides of the lot, the spend of the campaign in the months from the draw to the last of its days, and whether these are
    over; they count from the moment `since` to the end of `last_day`."""

    reached: Arm
    held: Arm
    spend: Decimal
    over: bool
    since: datetime | None = None
    last_day: date | None = None

    def lift(self, measure):
        """The Effect on a measure in shares of people; None without both sides."""
        return difference(
            getattr(self.reached, measure), self.reached.people, getattr(self.held, measure), self.held.people
        )

    @property
    def revenue(self):
        """Incremental revenue: (mean of the reached − mean of the held out) × reached, as an Effect; None if unknown."""
        return self._incremental("revenue")

    @property
    def margin(self):
        """The same on margin."""
        return self._incremental("margin")

    @property
    def uncosted(self):
        """How many deals of either side have no known margin, and are not in it."""
        return round(self.reached.uncosted + self.held.uncosted)

    def _incremental(self, what):
        # Where nobody has bought anything yet, an interval would have no width, and say more than is known.
        errors = self.reached.error(what), self.held.error(what)
        if None in errors or not self.reached.won + self.held.won:
            return None
        gap = float(self.reached.mean(what) - self.held.mean(what))
        return incremental(gap, sqrt(sum(errors)), self.reached.people)

    @property
    def roi(self):
        """(incremental revenue − spend) ÷ spend, as an Effect; None without spend."""
        return returned(self.revenue, self.spend)


def incremental(mean, error, times) -> Effect:
    """The Effect of a mean difference with a standard error, `times` over."""
    return Effect(mean * times, (mean - Z * error) * times, (mean + Z * error) * times)


def returned(revenue, spend) -> Effect | None:
    """The incremental ROI of an Effect on revenue; None without revenue or spend."""
    if revenue is None or not spend:
        return None
    cost = float(spend)
    return Effect(*((one - cost) / cost for one in (revenue.estimate, revenue.low, revenue.high)))


SPEND = "SELECT coalesce(sum(paid + committed), 0) AS spend FROM reports_campaignmonth WHERE campaign = %(campaign)s"
MEANWHILE = f"{SPEND} AND month >= date_trunc('month', %(first)s::timestamp) AND month < %(last)s AND month <= %(today)s"


def spent(campaign_id) -> Decimal:
    """What a campaign has paid and committed to date."""
    rows = reading.read({"spend": (SPEND, {"campaign": campaign_id})})
    return Decimal(rows["spend"][0]["spend"])


@dataclass(frozen=True)
class Lot:
    """An audience by its id, and the days in which its effect counts: from `first` to before `last`, on the first from the moment `since` on."""

    audience: int
    first: date
    last: date
    since: datetime


def lot_of(audience, drawn_on, drawn_at, starts_on, days, midnight) -> Lot:
    """The Lot of what was drawn on a day, of late at a known moment, for a campaign that starts on a day (None: unknown)."""
    first = max(filter(None, (drawn_on, starts_on)))
    since = drawn_at if drawn_at and first == drawn_on else midnight(first)
    return Lot(audience, first, first + timedelta(days=days), since)


def arms_of(lots, midnight):
    """What `arms` needs, for `reading.read`. `midnight(day)` is the moment at which a local day begins."""
    asked = [
        {
            "audience": one.audience,
            "first": one.first.isoformat(),
            "last": one.last.isoformat(),
            "since": one.since.isoformat(),
            "until": midnight(one.last).isoformat(),
        }
        for one in lots
    ]
    return statement("lots"), {"asked": json.dumps(asked)}


def arms(rows) -> dict[int, dict[bool, Arm]]:
    """{audience: {held out?: Arm}} of the rows that `arms_of` asked for."""
    found: dict[int, dict[bool, Arm]] = {}
    for row in rows:
        found.setdefault(row["audience"], {})[row["held"]] = reading.typed(Arm, row)
    return found


def lift(audience, midnight, today) -> Lift:
    """The Lift of a drawn audience, in one statement."""
    lot = lot_of(
        audience.pk,
        audience.drawn_on,
        audience.drawn_at,
        audience.starts_on,
        audience.days,
        midnight,
    )
    meanwhile = {
        "campaign": audience.campaign_id,
        "first": audience.drawn_on,
        "last": lot.last,
        "today": today,
    }
    rows = reading.read({"arms": arms_of([lot], midnight), "spend": (MEANWHILE, meanwhile)})
    sides = arms(rows["arms"]).get(audience.pk, {})
    spend = Decimal(rows["spend"][0]["spend"])
    return Lift(
        sides.get(False, Arm()),
        sides.get(True, Arm()),
        spend,
        lot.last <= today,
        lot.since,
        lot.last - timedelta(days=1),
    )
