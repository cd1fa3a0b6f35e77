"""What a campaign changed against a baseline, which is weaker than a lot: the same season, or other regions."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from math import sqrt
from statistics import fmean, variance

from reports import periods, reading
from reports.lift import Effect, Z, returned
from reports.models.base import ALL, ALL_CHANNELS

FEWEST = 3  # months on either side of a baseline
# Student's 97.5 % points by degrees of freedom; above 30, that of the normal distribution.
STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
           2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042)  # fmt: skip


@dataclass(frozen=True)
class Compared:
    """A campaign's months against its baseline. `why` says why nothing can be told: "region", "months", "dates", "season", or "".

    `months` is what was won where the campaign ran, `baseline` what the baseline leads one to expect, month by month of
    those that have one; `spans` holds the first days of these months, and `left_out` says how many of the campaign have
    none. `spend` is that to date without what was spent in those left out, and in the running month of a campaign that still runs.
    """

    kind: str
    spend: Decimal
    months: list[float] = field(default_factory=list)
    baseline: list[float] = field(default_factory=list)
    revenue: Effect | None = None
    why: str = ""
    spans: list[date] = field(default_factory=list)
    left_out: int = 0

    @property
    def roi(self):
        """(incremental revenue − spend) ÷ spend, as an Effect; None if unknown."""
        return returned(self.revenue, self.spend)


def season(now, before, spend) -> Compared:
    """The Compared of monthly sums with those of the same months a year earlier: paired differences."""
    if len(now) < FEWEST:
        return Compared("season", spend, now, before, why="months")
    gaps = [one - other for one, other in zip(now, before, strict=True)]
    return Compared(
        "season", spend, now, before, _mean_effect(fmean(gaps), _error(gaps), len(gaps) - 1, len(gaps))
    )


def regions(before, after, other_before, other_after, spend) -> Compared:
    """The Compared of differences in differences: the months of the campaign's regions against the others'.

    The others, scaled to be as large as the campaign's regions were before, say what would have been.
    """
    if min(len(before), len(after)) < FEWEST or not sum(other_before):
        return Compared("regions", spend, after, why="months")
    scale = sum(before) / sum(other_before)
    calm = [one - scale * other for one, other in zip(before, other_before, strict=True)]
    moved = [one - scale * other for one, other in zip(after, other_after, strict=True)]
    error = sqrt(_error(calm) ** 2 + _error(moved) ** 2)
    freedom = len(calm) + len(moved) - 2
    effect = _mean_effect(fmean(moved) - fmean(calm), error, freedom, len(moved))
    return Compared("regions", spend, after, [scale * one for one in other_after], effect)


def _error(values):
    return sqrt(variance(values) / len(values))


def _mean_effect(mean, error, freedom, times):
    point = STUDENT[freedom - 1] if freedom <= len(STUDENT) else Z
    return Effect(mean * times, (mean - point * error) * times, (mean + point * error) * times)


SPENT = """
SELECT month, sum(paid + committed) AS spend FROM reports_campaignmonth WHERE campaign = %(campaign)s GROUP BY month
"""
BEGIN = "SELECT min(month) AS month FROM reports_dealmonth WHERE channel = %(every)s AND segment = %(all)s AND region = %(all)s AND won <> 0"
WON = """
SELECT month, coalesce(sum(won_amount) FILTER (WHERE region = ANY(%(inside)s)), 0) AS inside,
  coalesce(sum(won_amount) FILTER (WHERE region <> ALL(%(inside)s) AND region > 0), 0) AS outside,
  coalesce(sum(won_amount) FILTER (WHERE region = %(all)s), 0) AS everywhere
FROM reports_dealmonth
WHERE channel = %(every)s AND segment = ANY(%(segment)s) AND kind <> 'renewal' AND month >= %(first)s AND month < %(until)s
GROUP BY month
"""


def compared(audience, campaign, under, today, live_on=None):
    """The Compared of a campaign with the baseline that its audience names, in one statement.

    Its months are the whole ones from its first day to its last, or to today; `under`: the ids of its region and all that is
    part of it; `live_on`: the day from which figures count. What is won there (renewals apart) is told by the rollups, in its
    segment where it has one.
    """
    kind, spans = audience.baseline, _months(campaign, today)
    rows = reading.read(_parts(campaign, spans, under, today))
    won = {reading.day(row["month"]): row for row in rows["won"]}
    spent = _spent(campaign, rows["spend"], today) if spans else {}
    begin = max(filter(None, (reading.day(rows["begin"][0]["month"]), live_on)), default=today).replace(day=1)
    spend = sum(spent.values(), Decimal())
    if not spans:
        return Compared(kind, sum((Decimal(row["spend"]) for row in rows["spend"]), Decimal()), why="dates")

    def sums(side, months):
        return [float(won[month][side]) if month in won else 0.0 for month in months]

    if kind == "season":
        told = [month for month in spans if begin <= periods.shifted(month, -12) < spans[0]]
        left_out = set(spans).difference(told)
        spend -= sum((spent.get(month, 0) for month in left_out), Decimal())
        side, before = "inside" if under else "everywhere", [periods.shifted(month, -12) for month in told]
        found = season(sums(side, told), sums(side, before), spend)
        return replace(found, spans=told, left_out=len(left_out), why=found.why if told else "season")
    if not under:
        return Compared(kind, spend, why="region")
    back = [month for month in (periods.shifted(one, -len(spans)) for one in spans) if month >= begin]
    found = regions(
        sums("inside", back), sums("inside", spans), sums("outside", back), sums("outside", spans), spend
    )
    return replace(found, spans=spans)


def _spent(campaign, rows, today):
    """{month: what was spent}. While the campaign runs, its running month is told of neither side: what it costs brings nothing yet."""
    now = today.replace(day=1)
    runs = campaign.ends_on is None or campaign.ends_on >= now
    spent = {reading.day(row["month"]): Decimal(row["spend"]) for row in rows}
    return {month: amount for month, amount in spent.items() if month < now or not runs}


def _parts(campaign, spans, under, today):
    """What `compared` reads: what was won by month, what was spent by month, and the month in which wins begin."""
    params = {
        "inside": list(under),
        "all": ALL,
        "every": ALL_CHANNELS,
        "segment": [campaign.segment_id or ALL],
        "first": periods.shifted(spans[0], -max(12, len(spans))) if spans else today,
        "until": periods.shifted(spans[-1], 1) if spans else today,
        "campaign": campaign.pk,
    }
    return {"won": (WON, params), "spend": (SPENT, params), "begin": (BEGIN, params)}


def _months(campaign, today):
    """The first days of the whole months in which a campaign ran."""
    if campaign.starts_on is None:
        return []
    month = campaign.starts_on.replace(day=1)
    last = min(campaign.ends_on or today, today)
    found = []
    while periods.shifted(month, 1) <= today.replace(day=1) and month <= last:
        found.append(month)
        month = periods.shifted(month, 1)
    return found
