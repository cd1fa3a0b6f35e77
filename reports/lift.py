"""What a campaign changed: those it reached against those held out by lot."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from math import sqrt

from reports import reading, wins

Z = 1.959964  # 95 %
MEASURES = ("leads", "sqls", "won")


@dataclass(frozen=True)
class Arm:
    """People of one side of the lot: how many became a lead, were accepted by sales, bought; their revenue and its squares."""

    people: int = 0
    leads: int = 0
    sqls: int = 0
    won: int = 0
    revenue: Decimal = Decimal()
    squares: Decimal = Decimal()

    def rate(self, measure):
        """The share of its people; None without any."""
        return getattr(self, measure) / self.people if self.people else None

    @property
    def mean(self):
        """Revenue by person; None without any."""
        return self.revenue / self.people if self.people else None

    @property
    def error(self):
        """The square of the standard error of `mean`; None for fewer than two people."""
        if self.people < 2:
            return None
        spread = max(float(self.squares) - float(self.revenue) ** 2 / self.people, 0) / (self.people - 1)
        return spread / self.people


@dataclass(frozen=True)
class Effect:
    """A difference and where the true one lies in 19 of 20 cases."""

    estimate: float
    low: float
    high: float

    @property
    def is_sure(self):
        """Does the interval leave 0 out?"""
        return self.low > 0 or self.high < 0


def difference(hits, people, other_hits, others) -> Effect | None:
    """The Effect p₁ − p₂ of two shares, by Newcombe's interval from Wilson's; None where either side has nobody.

    Newcombe (1998), Interval estimation for the difference between independent proportions, method 10.
    """
    if not people or not others:
        return None
    first, second = hits / people, other_hits / others
    (low, high), (other_low, other_high) = wins.interval(hits, people), wins.interval(other_hits, others)
    return Effect(
        first - second,
        first - second - sqrt((first - low) ** 2 + (other_high - second) ** 2),
        first - second + sqrt((high - first) ** 2 + (second - other_low) ** 2),
    )


@dataclass(frozen=True)
class Lift:
    """Both sides of the lot, the spend of the campaign in the months of the `days` after the draw, and whether these are over."""

    reached: Arm
    held: Arm
    spend: Decimal
    over: bool

    def lift(self, measure):
        """The Effect on a measure in shares of people; None without both sides."""
        return difference(
            getattr(self.reached, measure), self.reached.people, getattr(self.held, measure), self.held.people
        )

    @property
    def revenue(self):
        """Incremental revenue: (mean of the reached − mean of the held out) × reached, as an Effect; None if unknown.

        Where nobody has bought anything yet, an interval would have no width, and say more than is known.
        """
        if self.reached.error is None or self.held.error is None or not self.reached.won + self.held.won:
            return None
        return incremental(
            float(self.reached.mean - self.held.mean),
            sqrt(self.reached.error + self.held.error),
            self.reached.people,
        )

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


# A row: a side of the lot. A person counts with all who were merged into them; a deal with several people of the
# audience is cut among them; what is cancelled of it, whenever that is, is off their revenue, and they have bought all the same.
ARMS = """
WITH RECURSIVE kin (member, held, contact_id) AS (
  SELECT m.contact_id, m.held, m.contact_id FROM leads_audiencemember m WHERE m.audience_id = %(audience)s
  UNION
  SELECT kin.member, kin.held, c.id FROM kin JOIN pipeline_contact c ON c.merged_into_id = kin.contact_id
), pass AS (
  SELECT kin.member, bool_or(l.captured_at >= %(since)s AND l.captured_at < %(until)s) AS lead,
    bool_or(l.sql_at >= %(since)s AND l.sql_at < %(until)s) AS sql
  FROM kin JOIN leads_lead l ON l.contact_id = kin.contact_id
  WHERE l.merged_into_id IS NULL AND NOT l.is_test AND l.disqualified_because <> 'spam'
  GROUP BY kin.member
), named AS (
  SELECT kin.member, dc.deal_id FROM kin JOIN pipeline_dealcontact dc ON dc.contact_id = kin.contact_id
  UNION
  SELECT kin.member, l.deal_id FROM kin JOIN leads_lead l ON l.contact_id = kin.contact_id WHERE l.deal_id IS NOT NULL
), won AS (
  SELECT named.member, (d.base_amount + coalesce(gone.amount, 0)) / count(*) OVER (PARTITION BY d.id) AS amount
  FROM named JOIN pipeline_deal d ON d.id = named.deal_id
  LEFT JOIN LATERAL (SELECT sum(c.base_amount) AS amount FROM pipeline_deal c WHERE c.cancels_id = d.id) AS gone ON true
  WHERE d.outcome = 'won' AND d.cancels_id IS NULL AND d.signed_on >= %(first)s AND d.signed_on < %(last)s
), bought AS (
  SELECT member, sum(coalesce(amount, 0)) AS amount FROM won GROUP BY member
)
SELECT m.held, count(*) AS people, count(*) FILTER (WHERE pass.lead) AS leads, count(*) FILTER (WHERE pass.sql) AS sqls,
  count(bought.member) AS won, coalesce(sum(bought.amount), 0) AS revenue, coalesce(sum(bought.amount ^ 2), 0) AS squares
FROM leads_audiencemember m
LEFT JOIN pass ON pass.member = m.contact_id
LEFT JOIN bought ON bought.member = m.contact_id
WHERE m.audience_id = %(audience)s GROUP BY m.held
"""
SPEND = "SELECT coalesce(sum(paid + committed), 0) AS spend FROM reports_campaignmonth WHERE campaign = %(campaign)s"
MEANWHILE = f"{SPEND} AND month >= date_trunc('month', %(first)s::timestamp) AND month < %(last)s AND month <= %(today)s"


def spent(campaign_id) -> Decimal:
    """What a campaign has paid and committed to date."""
    rows = reading.read({"spend": (SPEND, {"campaign": campaign_id})})
    return Decimal(rows["spend"][0]["spend"])


def lift(audience, midnight, today) -> Lift:
    """The Lift of a drawn audience, in one statement. `midnight(day)` is the moment at which a local day begins."""
    last = audience.drawn_on + timedelta(days=audience.days)
    params = {
        "audience": audience.pk,
        "campaign": audience.campaign_id,
        "first": audience.drawn_on,
        "last": last,
        "today": today,
        "since": midnight(audience.drawn_on),
        "until": midnight(last),
    }
    rows = reading.read({"arms": (ARMS, params), "spend": (MEANWHILE, params)})
    arms = {row["held"]: reading.typed(Arm, row) for row in rows["arms"]}
    return Lift(
        arms.get(False, Arm()), arms.get(True, Arm()), Decimal(rows["spend"][0]["spend"]), last <= today
    )
