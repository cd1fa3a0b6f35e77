"""The months of each channel or segment: what was spent, whom it brought, and what that became."""

from dataclasses import dataclass
from datetime import date

from accounts import organisation
from reports import periods, reading
from reports.models.base import ALL, ALL_CHANNELS, EVERYBODY
from reports.models.shifts import ShiftAxis
from reports.segments import BROUGHT

MOST_MONTHS = 36
MEASURED = ("spend", "leads", "pipeline", "revenue")


@dataclass(frozen=True)
class Month:
    """A month of a channel or segment: paid and committed spend, passes captured, pipeline opened and revenue won.

    Not `whole`: that in which it began, as what was spent or came of it fills only a part of that month.
    """

    month: date
    spend: float = 0.0
    leads: float = 0.0
    pipeline: float = 0.0
    revenue: float = 0.0
    whole: bool = True


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
BEGIN = (
    "SELECT min(day) AS day FROM reports_passday WHERE who = %(all)s AND whose = %(all)s AND flow = 'leads'"
)
SQL = {ShiftAxis.CHANNEL: BY_CHANNEL, ShiftAxis.SEGMENT: BY_SEGMENT}


def histories(by, model, until, count=MOST_MONTHS):
    """{key: [Month, …]} of the channels or segments, over `count` months before `until`, in one statement.

    All begin with the first month in which any of them has anything; a month without anything is all 0. The month in
    which the records of passes begin, or counting by the day of going live, is whole only where that is its first day:
    what is spent in it and before has brought more than anybody wrote down. Whether a channel or segment was there before its
    first month tells one month more.
    """
    live_on = organisation.current().live_on
    first = periods.shifted(until, -count)
    params = {
        "model": model,
        "first": periods.shifted(first, -1),
        "until": until,
        "every": ALL_CHANNELS,
        "all": ALL,
    }
    told = reading.read({"months": (SQL[ShiftAxis(by)], params), "begin": (BEGIN, {"all": EVERYBODY})})
    since = max(filter(None, (reading.day(told["begin"][0]["day"]), live_on)), default=None)
    begin = max(_whole(since), first)
    found, began, months = {}, {}, set()
    for row in told["months"]:
        month, values = reading.day(row["month"]), {name: float(row[name]) for name in MEASURED}
        if any(values.values()):
            began[row["key"]] = min(month, began.get(row["key"], month))
        if month >= begin:
            months.add(month)
            found.setdefault(row["key"], {})[month] = values
    return {
        key: [
            Month(month, **of.get(month, {}), whole=month != began.get(key) or month == since)
            for month in _all(sorted(months), until)
        ]
        for key, of in found.items()
    }


def _whole(day):
    """The first day of the first whole month from a day on; every month is where there is none."""
    return date.min if day is None else periods.shifted(day.replace(day=1), int(day.day > 1))


def _all(months, until):
    """Every month from the first that has anything to the last before `until`."""
    month = months[0] if months else until
    while month < until:
        yield month
        month = periods.shifted(month, 1)
