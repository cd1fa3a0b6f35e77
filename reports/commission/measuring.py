"""The incremental margin of many campaigns at once, by the same measures as the page of an effect tells it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from leads.models.audiences import Baseline
from leads.proportions import Effect
from reports import baselines, lift, reading
from reports.effects import midnight
from reports.lift import Arm, Lift
from reports.models.base import ALL
from reports.periods import shifted

LOT = "lot"
# A row: a campaign whose effect is measured and no statement has settled, with the day on which its measurement ends; null where it has no last day.
# Those that were measured only after the quarter of that day was settled are `late`.
MEASURED = """
SELECT *, ends < %(first)s AS late FROM (
  SELECT a.id AS audience, a.campaign_id AS campaign, c.name, c.segment_id AS segment, c.region_id AS region, c.starts_on, c.ends_on, a.drawn_on, a.drawn_at, a.days, l.began,
    CASE WHEN lot THEN 'lot' ELSE a.baseline END AS kind, CASE WHEN lot THEN greatest(a.drawn_on, l.began) + a.days - 1 ELSE c.ends_on END AS ends
  FROM leads_audience a JOIN pipeline_campaign c ON c.id = a.campaign_id
  CROSS JOIN LATERAL (SELECT a.drawn_on IS NOT NULL AND a.held_percent > 0 AS lot, coalesce(a.kept_first, c.starts_on) AS began) AS l
  WHERE (lot OR (a.baseline <> '' AND c.starts_on IS NOT NULL))
    AND NOT EXISTS (SELECT 1 FROM reports_commissionline x WHERE x.campaign = c.id)
) AS measured WHERE (ends >= %(first)s AND ends < %(until)s) OR (ends IS NULL AND starts_on < %(until)s)
  OR (ends < %(first)s AND EXISTS (SELECT 1 FROM reports_commissionstatement s WHERE ends >= s.first AND ends < s.until))
ORDER BY ends, campaign
"""


@dataclass(frozen=True)
class Scope:
    """How the effect of a campaign is measured: by the lot of its audience in the days from `first` to before `last`, on the
    first from the moment `since` on (None: all of it), or over the months from `first` to before `last` in `regions` (with all
    their parts) and a segment, or ALL."""

    campaign: int
    kind: str
    audience: int
    first: date
    last: date
    regions: tuple[int, ...] = ()
    segment: int = ALL
    since: datetime | None = None


@dataclass(frozen=True)
class Found:
    """The incremental margin without what was cancelled since; against a baseline also how much of it was `cancelled` since.

    `gone`: the people of its lot are no longer there, so that nothing can be told of it any more. `left_out`: the months that have no year
    before to be compared with, where others have.
    """

    effect: Effect | None = None
    cancelled: Decimal = Decimal()
    uncosted: int = 0
    gone: bool = False
    left_out: tuple[date, ...] = ()


def scopes(rows, regions):
    """(the Scopes of the rows of MEASURED, the campaigns that have no last day). `regions`: rows of id and parent_id."""
    parts: dict[int, list[int]] = {}
    for row in regions:
        parts.setdefault(row["parent_id"], []).append(row["id"])
    ended = [_scope(row, parts) for row in rows if row["ends"]]
    return ended, [row["campaign"] for row in rows if not row["ends"]]


def measure(asked, today, live_on=None) -> dict[int, Found]:
    """{campaign: Found} of Scopes, in one statement."""
    lots = [one for one in asked if one.kind == LOT]
    frames = {one.campaign: _frame(one, today) for one in asked if one.kind != LOT}
    parts = {}
    if lots:
        asked_of = [
            lift.Lot(one.audience, one.first, one.last, one.since or midnight(one.first)) for one in lots
        ]
        parts["arms"] = lift.arms_of(asked_of, midnight)
    if any(one.spans for one in frames.values()):
        parts |= baselines.parts(frames.values())
    rows = reading.read(parts)
    arms = lift.arms(rows.get("arms", ()))
    found = {one.campaign: _of_lot(arms.get(one.audience)) for one in lots}
    for campaign, frame in frames.items():
        told = baselines.told(frame, rows, today, live_on) if frame.spans else None
        found[campaign] = _found(told, frame) if told else Found()
    return found


def _scope(row, parts):
    if row["kind"] == LOT:
        drawn, starts = (reading.day(row[name]) for name in ("drawn_on", "began"))
        at = reading.moment(row["drawn_at"])
        lot = lift.lot_of(row["audience"], drawn, at, starts, row["days"], midnight)
        return Scope(row["campaign"], LOT, lot.audience, lot.first, lot.last, since=lot.since)
    first, last = (reading.day(row[name]).replace(day=1) for name in ("starts_on", "ends_on"))
    regions = _under(row["region"], parts) if row["region"] else ()
    return Scope(
        row["campaign"], row["kind"], row["audience"], first, shifted(last, 1), regions, row["segment"] or ALL
    )


def _under(region, parts):
    found = [region]
    for one in found:
        found += [part for part in parts.get(one, ()) if part not in found]
    return tuple(found)


def _frame(scope, today):
    spans = baselines.whole_months(scope.first, scope.last - timedelta(days=1), today)
    kind = Baseline(scope.kind).value
    return baselines.Frame(scope.campaign, kind, tuple(spans), scope.regions, scope.segment)


def _of_lot(sides):
    if not sides:
        return Found(gone=True)
    told = Lift(sides.get(False, Arm()), sides.get(True, Arm()), Decimal(), over=True)
    return Found(told.margin, uncosted=told.uncosted)


def _found(told, frame):
    then, now = told.margin, told.lasting
    since = Decimal(now.estimate - then.estimate) if then and now else Decimal()
    left_out = tuple(month for month in frame.spans if month not in told.spans) if told.spans else ()
    return Found(now, since, told.uncosted, left_out=left_out)
