"""What a campaign changed against a baseline, which is weaker than a lot: the same season, or other regions."""

import json
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from math import sqrt
from statistics import fmean, variance

from leads.proportions import Effect
from reports import periods, reading
from reports.lift import Z, returned
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
    `margin` is told as `revenue` is, `lasting` without what was cancelled later of deals of the months compared, by the month
    of the deal; `uncosted` deals of the campaign's months have no known margin, and are in neither.
    """

    kind: str
    spend: Decimal
    months: list[float] = field(default_factory=list)
    baseline: list[float] = field(default_factory=list)
    revenue: Effect | None = None
    why: str = ""
    spans: list[date] = field(default_factory=list)
    left_out: int = 0
    margin: Effect | None = None
    lasting: Effect | None = None
    uncosted: int = 0

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
MONTHLY = """
WITH asked AS (SELECT * FROM jsonb_to_recordset(%(asked)s::jsonb) AS x (campaign bigint, inside bigint[], segment bigint, first date, until date))
SELECT a.campaign, m.month, coalesce(sum(m.{won}) FILTER (WHERE m.region = ANY(a.inside)), 0) AS inside,
  coalesce(sum(m.{won}) FILTER (WHERE m.region <> ALL(a.inside) AND m.region > 0), 0) AS outside,
  coalesce(sum(m.{won}) FILTER (WHERE m.region = %(all)s), 0) AS everywhere
FROM asked a JOIN reports_dealmonth m ON m.segment = a.segment AND m.month >= a.first AND m.month < a.until
WHERE m.channel = %(every)s AND m.kind <> 'renewal' GROUP BY a.campaign, m.month
"""
# What was cancelled after the last month compared, by the month of the deal it was cancelled of.
LATER = """
WITH asked AS (SELECT * FROM jsonb_to_recordset(%(asked)s::jsonb) AS x (campaign bigint, inside bigint[], segment bigint, first date, until date))
SELECT a.campaign, date_trunc('month', o.closed_on)::date AS month, coalesce(sum(c.margin) FILTER (WHERE c.region = ANY(a.inside)), 0) AS inside,
  coalesce(sum(c.margin) FILTER (WHERE c.region <> ALL(a.inside) AND c.region > 0), 0) AS outside, coalesce(sum(c.margin), 0) AS everywhere
FROM asked a JOIN reports_counteddeal c ON c.outcome = 'cancelled' AND c.closed_on >= a.until
JOIN pipeline_deal d ON d.id = c.deal_id JOIN reports_counteddeal o ON o.deal_id = d.cancels_id
WHERE o.outcome = 'won' AND o.kind <> 'renewal' AND o.closed_on >= a.first AND o.closed_on < a.until AND a.segment IN (%(all)s, o.segment)
GROUP BY 1, 2
"""
SUMS = {"won": "won_amount", "margin": "margin", "uncosted": "won_uncosted + m.won_unpriced"}


@dataclass(frozen=True)
class Frame:
    """What is compared: a campaign's whole months (their first days) in the regions `inside` and a segment, or ALL."""

    campaign: int
    kind: str
    spans: tuple[date, ...]
    inside: tuple[int, ...] = ()
    segment: int = ALL

    @property
    def first(self):
        """The first month that is read."""
        return periods.shifted(self.spans[0], -max(12, len(self.spans)))

    @property
    def until(self):
        """The month after the last that is read."""
        return periods.shifted(self.spans[-1], 1)


def parts(frames):
    """What `told` needs of all these frames with months, for `reading.read`."""
    asked = [
        {
            "campaign": one.campaign,
            "inside": list(one.inside),
            "segment": one.segment,
            "first": one.first.isoformat(),
            "until": one.until.isoformat(),
        }
        for one in frames
        if one.spans
    ]
    params = {"asked": json.dumps(asked), "all": ALL, "every": ALL_CHANNELS}
    monthly = {name: (MONTHLY.format(won=column), params) for name, column in SUMS.items()}
    return {**monthly, "later": (LATER, params), "begin": (BEGIN, params)}


def compared(audience, campaign, under, today, live_on=None):
    """The Compared of a campaign with the baseline that its audience names, in one statement.

    Its months are the whole ones from its first day to its last, or to today; `under`: the ids of its region and all that is
    part of it; `live_on`: the day from which figures count. What is won there (renewals apart) is told by the rollups, in its
    segment where it has one.
    """
    spans = tuple(whole_months(campaign.starts_on, campaign.ends_on, today))
    frame = Frame(campaign.pk, audience.baseline, spans, tuple(under), campaign.segment_id or ALL)
    rows = reading.read({**parts([frame]), "spend": (SPENT, {"campaign": campaign.pk})})
    if not spans:
        return Compared(
            frame.kind, sum((Decimal(row["spend"]) for row in rows["spend"]), Decimal()), why="dates"
        )
    found = told(frame, rows, today, live_on)
    spent = _spent(campaign, rows["spend"], today)
    if frame.kind == "season":
        spent = {
            month: amount for month, amount in spent.items() if month not in spans or month in found.spans
        }
    return replace(found, spend=sum(spent.values(), Decimal()))


def told(frame, rows, today, live_on=None) -> Compared:
    """The Compared of one frame with months, of the rows that `parts` asked for; without its spend."""
    begin = max(filter(None, (reading.day(rows["begin"][0]["month"]), live_on)), default=today).replace(day=1)
    months: dict[str, dict] = {name: {} for name in (*SUMS, "later")}
    for name, of in months.items():
        of.update((reading.day(row["month"]), row) for row in rows[name] if row["campaign"] == frame.campaign)

    def sums(what, side, spans):
        named = ("margin", "later") if what == "lasting" else (what,)
        return [
            sum(float(months[one][month][side]) for one in named if month in months[one]) for month in spans
        ]

    weigh = _by_season if frame.kind == "season" else _by_regions
    found = weigh(frame, sums, begin, "won")
    if found.revenue is None:
        return found
    inside = "inside" if frame.inside else "everywhere"
    return replace(
        found,
        margin=weigh(frame, sums, begin, "margin").revenue,
        lasting=weigh(frame, sums, begin, "lasting").revenue,
        uncosted=round(sum(sums("uncosted", inside, found.spans))),
    )


def _by_season(frame, sums, begin, what):
    """The Compared of a sum with that of a year earlier, of the months that have one."""
    kept = [month for month in frame.spans if begin <= periods.shifted(month, -12) < frame.spans[0]]
    side, before = "inside" if frame.inside else "everywhere", [periods.shifted(month, -12) for month in kept]
    found = season(sums(what, side, kept), sums(what, side, before), Decimal())
    why = found.why if kept else "season"
    return replace(found, spans=kept, left_out=len(frame.spans) - len(kept), why=why)


def _by_regions(frame, sums, begin, what):
    """The Compared of a sum with that of the other regions, before and after."""
    if not frame.inside:
        return Compared(frame.kind, Decimal(), why="region")
    back = (periods.shifted(one, -len(frame.spans)) for one in frame.spans)
    before = [month for month in back if month >= begin]
    here, there = (
        (sums(what, side, before), sums(what, side, frame.spans)) for side in ("inside", "outside")
    )
    return replace(regions(*here, *there, Decimal()), spans=list(frame.spans))


def _spent(campaign, rows, today):
    """{month: what was spent}. While the campaign runs, its running month is told of neither side: what it costs brings nothing yet."""
    now = today.replace(day=1)
    runs = campaign.ends_on is None or campaign.ends_on >= now
    spent = {reading.day(row["month"]): Decimal(row["spend"]) for row in rows}
    return {month: amount for month, amount in spent.items() if month < now or not runs}


def whole_months(starts_on, ends_on, today):
    """The first days of the whole months in which a campaign ran."""
    if starts_on is None:
        return []
    month = starts_on.replace(day=1)
    last = min(ends_on or today, today)
    found = []
    while periods.shifted(month, 1) <= today.replace(day=1) and month <= last:
        found.append(month)
        month = periods.shifted(month, 1)
    return found
