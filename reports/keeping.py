"""Keeping customers, segment by segment: margin kept against its target, and the campaigns that are to keep it. Capability 80."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts import organisation
from pipeline.models import CampaignStatus
from reports import heeding, reading, targets
from reports.choice import Choice, bounded
from reports.models import Measure
from reports.targets import Matrix, Promise

NARROWED = ("segment", "region")
# A row: a campaign for existing customers with days in the period. What has no day may be on any.
PROGRAMMES = """
SELECT c.id, c.name, c.status, coalesce(c.segment_id, 0) AS segment, coalesce(u.full_name, c.owner_text) AS owner, c.starts_on, c.ends_on,
  coalesce(m.planned, 0) AS planned, coalesce(m.spend, 0) AS spend, (
    SELECT g.margin FROM reports_keepgoal g WHERE g.campaign_id = c.id AND g.first < %(until)s AND g.last >= %(first)s
      AND (SELECT count(*) FROM reports_keepsignature s WHERE s.goal_id = g.id) = 2 ORDER BY g.id DESC LIMIT 1
  ) AS goal
FROM pipeline_campaign c LEFT JOIN accounts_user u ON u.id = c.owner_id
LEFT JOIN LATERAL (
  SELECT sum(planned) AS planned, sum(paid + committed) AS spend FROM reports_campaignmonth
  WHERE campaign = c.id AND month >= %(first)s AND month < %(until)s
) AS m ON true
WHERE c.for_existing AND c.status <> %(cancelled)s AND coalesce(c.starts_on, c.ends_on, %(first)s) < %(until)s
  AND coalesce(c.ends_on, %(first)s) >= %(first)s {narrow}
ORDER BY m.spend DESC NULLS LAST, c.name, c.id
"""


@dataclass(frozen=True)
class Programme:
    """A campaign for existing customers: its segment (0: none), and what was planned and spent for it in the period, and the
    margin that both heads signed that it is to keep in months that meet the period."""

    id: int
    name: str
    status: str
    segment: int
    owner: str
    starts_on: date | None
    ends_on: date | None
    planned: Decimal
    spend: Decimal
    goal: Decimal | None = None


@dataclass(frozen=True)
class Keeping:
    """Margin kept by region and segment as it was promised and attained, and the Programmes, of the Choice that both heed."""

    choice: Choice
    matrix: Matrix
    programmes: list[Programme]

    @property
    def segments(self):
        """The ids of segments (0: none) with a promise, margin or programme."""
        return {what for _where, what in self.matrix.cells} | {one.segment for one in self.programmes}

    def segment(self, pk) -> Promise:
        """What was promised and attained of a segment."""
        return self.matrix.segment(pk)

    def of(self, pk):
        """The Programmes of a segment."""
        return [one for one in self.programmes if one.segment == pk]


def keeping(choice) -> Keeping:
    """The Keeping of a Choice, in two statements; narrowed by segment and region alone, for which targets are set."""
    choice = heeding.heeded(bounded(choice), NARROWED)
    start = organisation.current().fiscal_year_start
    promised = targets.matrix(Measure.KEPT, choice.period, choice.today, start, choice.region, choice.segment)
    narrow, params = "", {"first": choice.period.first, "until": choice.period.until}
    for name, axis in (("segment", choice.segment), ("region", choice.region)):
        if axis is not None:
            narrow += f" AND coalesce(c.{name}_id, 0) = ANY(%({name})s)"
            params[name] = list(axis.under)
    params["cancelled"] = CampaignStatus.CANCELLED.value
    rows = reading.read({"programmes": (PROGRAMMES.format(narrow=narrow), params)})["programmes"]
    return Keeping(choice, promised, [_programme(row) for row in rows])


def _programme(row):
    days = {name: reading.day(row[name]) for name in ("starts_on", "ends_on")}
    amounts = {name: Decimal(row[name]) for name in ("planned", "spend")}
    return Programme(**row | days | amounts | {"goal": None if row["goal"] is None else Decimal(row["goal"])})
