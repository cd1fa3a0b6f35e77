"""Plan against actual, and the month in which a campaign had paid itself back (capabilities 73 and 85)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.money import rate_sql
from reports import reading

# A row: a campaign with a plan. Amounts in report currency at the rate of the first day, null without a rate.
PLANS = """
SELECT c.id AS campaign, c.parent_id AS parent, c.expected_leads AS leads, round(c.expected_revenue * {rate}, 4) AS revenue,
  round(c.budget * {rate}, 4) AS budget
FROM pipeline_campaign c
"""
# A row: a campaign with all under it that has spent anything. `payback` is the first month since which what was earned to date has
# covered what was spent to date, null where it does not today; by margin where every credited deal's is known (`costed`).
PAYBACKS = """
WITH RECURSIVE closure (root, id) AS (
  SELECT id, id FROM pipeline_campaign
  UNION SELECT closure.root, c.id FROM closure JOIN pipeline_campaign c ON c.parent_id = closure.id
), flow AS (
  SELECT campaign, month, paid + committed AS spent, 0 AS revenue, 0 AS margin, 0 AS unknown FROM reports_campaignmonth
  UNION ALL
  SELECT campaign, month, 0, revenue, margin, unpriced + uncosted FROM reports_creditmonth WHERE model = %s AND NOT renewal
), monthly AS (
  SELECT root, month, sum(spent) AS spent, sum(revenue) AS revenue, sum(margin) AS margin, sum(unknown) AS unknown
  FROM closure JOIN flow ON flow.campaign = closure.id WHERE month <= %s GROUP BY root, month
), running AS (
  SELECT root, month, sum(spent) OVER months AS spent, sum(revenue) OVER months AS revenue, sum(margin) OVER months AS margin,
    sum(unknown) OVER (PARTITION BY root) = 0 AS costed
  FROM monthly WINDOW months AS (PARTITION BY root ORDER BY month)
), covered AS (
  SELECT root, month, spent, costed,
    bool_and(CASE WHEN costed THEN margin ELSE revenue END >= spent) OVER (PARTITION BY root ORDER BY month DESC) AS since
  FROM running
)
SELECT root AS campaign, min(month) FILTER (WHERE since AND spent > 0) AS payback, bool_and(costed) AS costed
FROM covered GROUP BY root HAVING max(spent) > 0
"""


@dataclass(frozen=True)
class Plan:
    """What a campaign was to bring, with all under it: None where nobody said. `payback`: see PAYBACKS; `costed`: by margin."""

    budget: Decimal | None = None
    leads: int | None = None
    revenue: Decimal | None = None
    payback: date | None = None
    costed: bool = False


NONE = Plan()
PLANNED = ("budget", "leads", "revenue")


def plans(choice):
    """{campaign id: Plan} of every campaign with a plan or spend, in one statement.

    A programme's own word stands for all under it; where it says nothing, what is said under it is summed.
    """
    rate = rate_sql("c.currency", "coalesce(c.starts_on, CURRENT_DATE)")
    rows = reading.read(
        {
            "plans": (PLANS.format(rate=rate), [choice.currency] * 2),
            "paybacks": (PAYBACKS, [choice.model, choice.today]),
        }
    )
    own = {row["campaign"]: row for row in rows["plans"]}
    children = {}
    for row in own.values():
        children.setdefault(row["parent"], []).append(row["campaign"])
    paid = {row["campaign"]: row for row in rows["paybacks"]}
    return {
        campaign: Plan(
            **{name: _said(campaign, name, own, children, frozenset()) for name in PLANNED},
            payback=reading.day(paid[campaign]["payback"]) if campaign in paid else None,
            costed=campaign in paid and paid[campaign]["costed"],
        )
        for campaign in own
    }


def _said(campaign, name, own, children, above):
    value = own[campaign][name]
    if value:
        return value if name == "leads" else Decimal(value)
    under = [
        _said(child, name, own, children, above | {campaign})
        for child in children.get(campaign, [])
        if child not in above
    ]
    known = [one for one in under if one is not None]
    if known or name == "budget" or value is None:  # who has a budget of nothing has none
        return sum(known) if known else None
    return 0 if name == "leads" else Decimal(0)
