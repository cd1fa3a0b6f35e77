"""The months of each channel or segment: what was spent, whom it brought, and what that became."""

from dataclasses import dataclass
from datetime import date

from reports import periods, reading
from reports.models.base import ALL, ALL_CHANNELS
from reports.models.shifts import ShiftAxis
from reports.segments import BROUGHT

MOST_MONTHS = 36


@dataclass(frozen=True)
class Month:
    """A month of a channel or segment: paid and committed spend, passes captured, pipeline opened and revenue won."""

    month: date
    spend: float = 0.0
    leads: float = 0.0
    pipeline: float = 0.0
    revenue: float = 0.0


# A row: a month of a channel. Spend, passes and pipeline of its campaigns, revenue by the model.
BY_CHANNEL = """
SELECT c.channel AS key, side.month, sum(spend) AS spend, sum(leads) AS leads, sum(pipeline) AS pipeline, sum(revenue) AS revenue
FROM (
  SELECT campaign, month, paid + committed AS spend, leads, pipeline, 0 AS revenue FROM reports_campaignmonth
  UNION ALL
  SELECT campaign, month, 0, 0, 0, revenue FROM reports_creditmonth WHERE model = %(model)s AND NOT renewal
) AS side JOIN pipeline_campaign c ON c.id = side.campaign
WHERE side.month >= %(first)s AND side.month < %(until)s GROUP BY c.channel, side.month
"""
# A row: a month of a segment. Its own passes and deals whatever brought them; spend as reports.segments charges it.
BY_SEGMENT = f"""
SELECT key::text, month, sum(spend) AS spend, sum(leads) AS leads, sum(pipeline) AS pipeline, sum(revenue) AS revenue
FROM (
  SELECT coalesce(c.segment_id, brought.segment, 0) AS key, m.month,
    (paid + committed) * coalesce(brought.leads / brought.leads_in_all, 1) AS spend,
    0 AS leads, 0 AS pipeline, 0 AS revenue
  FROM reports_campaignmonth m LEFT JOIN pipeline_campaign c ON c.id = m.campaign
  LEFT JOIN ({BROUGHT}) AS brought ON brought.campaign = c.id AND c.segment_id IS NULL
  UNION ALL
  SELECT segment, month, 0, leads, 0, 0 FROM reports_funnelmonth
  WHERE channel = %(every)s AND region = %(all)s AND segment <> %(all)s
  UNION ALL
  SELECT segment, month, 0, 0, opened_amount, won_amount FROM reports_dealmonth
  WHERE channel = %(every)s AND region = %(all)s AND segment <> %(all)s AND kind <> 'renewal'
) AS side
WHERE month >= %(first)s AND month < %(until)s GROUP BY key, month
"""
SQL = {ShiftAxis.CHANNEL: BY_CHANNEL, ShiftAxis.SEGMENT: BY_SEGMENT}


def histories(by, model, until, count=MOST_MONTHS):
    """{key: [Month, …]} of the channels or segments, over `count` months before `until`, in one statement.

    All begin with the first month in which any of them has anything; a month without anything is all 0.
    """
    params = {
        "model": model,
        "first": periods.shifted(until, -count),
        "until": until,
        "every": ALL_CHANNELS,
        "all": ALL,
    }
    rows = reading.read({"months": (SQL[ShiftAxis(by)], params)})["months"]
    found, months = {}, sorted({reading.day(row["month"]) for row in rows})
    for row in rows:
        values = {name: float(row[name]) for name in ("spend", "leads", "pipeline", "revenue")}
        found.setdefault(row["key"], {})[reading.day(row["month"])] = values
    return {
        key: [Month(month, **of.get(month, {})) for month in _all(months, until)] for key, of in found.items()
    }


def _all(months, until):
    """Every month from the first that has anything to the last before `until`."""
    month = months[0] if months else until
    while month < until:
        yield month
        month = periods.shifted(month, 1)
