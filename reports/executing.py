"""Campaigns as they were launched, as they are planned by now, and as they came. Capability 73.

The plan as launched is kept by the database (LaunchPlan) and nobody rewrites it; what came is that of the campaign with all
under it, to date. What is due by today is the plan by the share of its days that are over.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.apps import apps

from pipeline.changes import changes as changes_of
from pipeline.money import rate_sql
from reports import heeding, periods, reading, returns
from reports.models import PlanRemark

HEEDED = ("period", "model", "channel", "segment", "region", "campaign")
MONEY = ("budget", "expected_pipeline", "expected_revenue")
COUNTS = ("expected_leads", "expected_mqls", "expected_sqls")
# {what is measured: the field of the plan}
MEASURES = {
    "spend": "budget",
    "leads": "expected_leads",
    "mqls": "expected_mqls",
    "sqls": "expected_sqls",
    "pipeline": "expected_pipeline",
    "revenue": "expected_revenue",
}
PLACES = ("channel", "segment_id", "region_id")
DAYS = ("starts_on", "ends_on")
KEPT = (*DAYS, "budget", "currency", *COUNTS, "expected_pipeline", "expected_revenue", *PLACES)
PLAN = ", ".join(f"e.{name}" for name in KEPT)
# A row: a campaign that was launched, with its plan then (null where it was not kept) and now; `changed`: how often the plan was since.
LAUNCHED = """
SELECT c.id, c.name, c.code, c.status, c.parent_id AS parent, l.campaign_id IS NOT NULL AS known, l.launched_at, l.history, l.from_history, l.months,
  by.full_name AS launched_by, {plans},
  (SELECT count(*) FROM (
    SELECT e.pgh_id AS number, ({old})::text AS before,
      coalesce(lead(({old})::text) OVER (ORDER BY e.pgh_id), ({now})::text) AS after
    FROM pipeline_campaignevent e WHERE e.pgh_obj_id = c.id AND e.pgh_label = 'update'
  ) AS change WHERE number > l.history AND before IS DISTINCT FROM after) AS changed
FROM pipeline_campaign c LEFT JOIN reports_launchplan l ON l.campaign_id = c.id LEFT JOIN accounts_user by ON by.id = l.launched_by_id
WHERE (l.campaign_id IS NOT NULL OR c.status IN ('active', 'done')) AND {within}
"""


@dataclass(frozen=True)
class Plan:
    """A plan, amounts in report currency at the rate of its first day; None where nobody said."""

    starts_on: date | None
    ends_on: date | None
    channel: str
    segment: int | None
    region: int | None
    values: dict[str, Decimal | None]


@dataclass(frozen=True)
class Executed:
    """A campaign, its Plan as launched (None: not kept) and as it stands, and what came of it to date, by measure."""

    id: int
    name: str
    code: str
    status: str
    parent: int | None
    launched: Plan | None
    launched_at: datetime | None
    launched_by: str
    history: int | None
    from_history: bool
    months: dict[str, Decimal] | None
    now: Plan
    came: dict[str, Decimal]
    changed: int
    today: date

    @property
    def moved(self):
        """By how many days the last day lies later than when it was launched; None where either is unknown."""
        then = self.launched and self.launched.ends_on
        return (self.now.ends_on - then).days if then and self.now.ends_on else None

    @property
    def passed(self):
        """The share of its days as launched that are over, 1 where none are set or it is done."""
        if self.launched is None or self.status == "done":
            return Decimal(1)
        first, last = self.launched.starts_on, self.launched.ends_on
        if first and self.today < first:
            return Decimal(0)
        if not first or not last or self.today > last:
            return Decimal(1)
        return Decimal((self.today - first).days) / ((last - first).days + 1)

    def due(self, measure):
        """What was to have come by today of what was planned at the launch; None where nothing was."""
        planned = self.launched and self.launched.values[measure]
        return None if planned is None else planned * self.passed

    def off(self, measure):
        """How far what came lies from what was due, as a part of it; None where nothing was due."""
        due = self.due(measure)
        return (self.came[measure] - due) / due if due else None

    @property
    def most_off(self):
        """The largest deviation either way; None where nothing was planned."""
        known = [off for measure in MEASURES if (off := self.off(measure)) is not None]
        return max(known, key=abs) if known else None


def executed(asked, under=None) -> list[Executed]:
    """The campaigns of a Choice that were launched and have days in its period, the furthest from their plan first, in one statement.

    `under`: that campaign alone, whatever the period.
    """
    choice = heeding.heeded(asked, HEEDED)
    to_date = replace(
        choice,
        period=periods.named("all", choice.today),
        channel=None,
        segment=None,
        region=None,
        campaign=None,
    )
    rows = reading.read({"launched": _launched(choice, under), **returns.parts(to_date, under, whole=True)})
    found = returns.made(to_date, rows)
    came = {line.campaign: line.money for line in found.tree()}
    told = [_executed(row, came.get(row["id"]), choice.today) for row in rows["launched"]]
    return sorted(told, key=lambda one: (one.most_off is None, -abs(one.most_off or 0), one.name, one.id))


def _launched(choice, under):
    plans = []
    for side, table, day in (("then", "l", "l.launched_at"), ("now", "c", "CURRENT_DATE")):
        rate = rate_sql(f"{table}.currency", f"coalesce({table}.starts_on, {day}::date)")
        plans += [f"{table}.{name} AS {side}_{name}" for name in (*DAYS, *PLACES, *COUNTS)]
        plans += [f"round({table}.{name} * {rate}, 4) AS {side}_{name}" for name in MONEY]
    within, narrow = returns.of_campaigns(choice)
    params: list = [choice.currency] * (2 * len(MONEY))
    if under is not None:
        where, narrow = "c.id = %s", [under]
    else:
        first, until = choice.period.first, choice.period.until
        where = f"coalesce(c.starts_on, l.launched_at::date, %s) < %s AND coalesce(c.ends_on, %s) >= %s AND {within('c.id')}"
        narrow = [first, until, first, first, *narrow]
    sql = LAUNCHED.format(plans=", ".join(plans), old=PLAN, now=PLAN.replace("e.", "c."), within=where)
    return sql, [*params, *narrow]


def _executed(row, money, today):
    came = {
        "spend": money.spend if money else Decimal(0),
        **{
            name: Decimal(getattr(money, name)) if money else Decimal(0)
            for name in MEASURES
            if name != "spend"
        },
    }
    return Executed(
        id=row["id"], name=row["name"], code=row["code"], status=row["status"], parent=row["parent"],
        launched=_plan(row, "then") if row["known"] else None,
        launched_at=reading.moment(row["launched_at"]),
        launched_by=row["launched_by"] or "",
        history=row["history"],
        from_history=bool(row["from_history"]),
        months=None if row["months"] is None else {month: Decimal(sum_) for month, sum_ in sorted(row["months"].items())},
        now=_plan(row, "now"),
        came=came,
        changed=row["changed"] if row["known"] else 0,
        today=today,
    )  # fmt: skip


def _plan(row, side):
    values = {
        measure: None if (value := row[f"{side}_{field}"]) is None else Decimal(value)
        for measure, field in MEASURES.items()
    }
    return Plan(
        reading.day(row[f"{side}_starts_on"]),
        reading.day(row[f"{side}_ends_on"]),
        row[f"{side}_channel"],
        row[f"{side}_segment_id"],
        row[f"{side}_region_id"],
        values,
    )


def changes(campaign, one):
    """What was changed of the plan of a campaign since it was launched as an Executed (None: was not), newest first: who, when, from what to what."""
    since = one.history or 0 if one else 0
    return changes_of(campaign, apps.get_model("pipeline.CampaignEvent"), KEPT, since)


def remark(campaign, text, by, at):
    """Keep why a plan was changed or came otherwise, beside what others said."""
    return PlanRemark.objects.create(campaign=campaign, text=text, by=by, at=at)
