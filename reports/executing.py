"""Campaigns as they were launched, as they are planned by now, and as they came. Capability 73.

The plan as launched is kept by the database (LaunchPlan) and nobody rewrites it; what came is that of the campaign with all
under it, to date. What is due by today is the plan by the share of its days that are over, today included.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from django.apps import apps

from pipeline.changes import changes as changes_of
from pipeline.money import rate_sql
from reports import heeding, periods, programmes, reading, returns
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
LAUNCHED_ON = "(l.launched_at AT TIME ZONE (SELECT zone FROM accounts_organisation))::date"
# A row: a campaign that was launched, or a programme, with its plan then (null where it was not kept) and now; `shown`: it is asked for,
# the others only for what stands under a programme; `changed`: how often the plan was changed since.
LAUNCHED = """
SELECT c.id, c.name, c.code, c.status, c.parent_id AS parent, l.campaign_id IS NOT NULL AS known, l.launched_at, l.history, l.from_history, l.months,
  by.full_name AS launched_by, {plans}, ran, shown,
  CASE WHEN shown THEN (SELECT count(*) FROM (
    SELECT e.pgh_id AS number, ({old})::text AS before,
      coalesce(lead(({old})::text) OVER (ORDER BY e.pgh_id), ({now})::text) AS after
    FROM pipeline_campaignevent e WHERE e.pgh_obj_id = c.id AND e.pgh_label = 'update'
  ) AS change WHERE number > l.history AND before IS DISTINCT FROM after) END AS changed
FROM pipeline_campaign c LEFT JOIN reports_launchplan l ON l.campaign_id = c.id LEFT JOIN accounts_user by ON by.id = l.launched_by_id
CROSS JOIN LATERAL (SELECT (l.campaign_id IS NOT NULL OR c.status IN ('active', 'done')) AS ran) AS is_launched
CROSS JOIN LATERAL (SELECT ran AND {within} AS shown) AS is_asked
WHERE (ran OR c.id IN (SELECT parent_id FROM pipeline_campaign)) AND {there}
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
    """A campaign, its Plan as launched (None: not kept) and as it stands, and what came of it to date, by measure.

    `under`: those directly under it. What a programme does not plan itself, or with 0, is what was launched under it.
    """

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
    ran: bool
    changed: int
    today: date
    under: tuple["Executed", ...] = ()

    @property
    def moved(self):
        """By how many days the last day lies later than when it was launched; None where either is unknown."""
        then = self.launched and self.launched.ends_on
        return (self.now.ends_on - then).days if then and self.now.ends_on else None

    @property
    def passed(self):
        """The share of its days as launched that are over, today included; 1 where none are set or it is done."""
        if self.launched is None or self.status == "done":
            return Decimal(1)
        first, last = self.launched.starts_on, self.launched.ends_on
        if first and self.today < first:
            return Decimal(0)
        if not first or not last or self.today > last:
            return Decimal(1)
        return Decimal((self.today - first).days + 1) / ((last - first).days + 1)

    @property
    def whole_months(self):
        """What was planned at the launch by month of service, of the campaign with all that was launched under it; None where nothing was kept."""
        kept = [told for told in (self.months, *(one.whole_months for one in self.under)) if told is not None]
        if not kept:
            return None
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for months in kept:
            for month, amount in months.items():
                sums[month] += amount
        return dict(sorted(sums.items()))

    def planned(self, measure):
        """What was planned at the launch; None where nothing was."""
        return self._own_or(self.launched and self.launched.values[measure], "planned", measure)

    def planned_now(self, measure):
        """What is planned of it by now; None where nothing is."""
        return self._own_or(self.now.values[measure] if self.ran else None, "planned_now", measure)

    def due(self, measure):
        """What was to have come by today of what was planned at the launch; None where nothing was."""
        own = self.launched and self.launched.values[measure]
        return self._own_or(None if own is None else own * self.passed, "due", measure, own)

    def _own_or(self, own, told, measure, planned=None):
        """`own`, unless nothing is planned of this campaign itself: then the sum of what those under it tell."""
        if own or planned:
            return own
        known = [value for one in self.under if (value := getattr(one, told)(measure)) is not None]
        return sum(known, Decimal(0)) if known else own

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
    told = _with_those_under(rows["launched"], came, choice.today)
    return sorted(told, key=lambda one: (one.most_off is None, -abs(one.most_off or 0), one.name, one.id))


def _with_those_under(rows, came, today):
    """The Executed of the rows that are asked for, each with those under it."""
    above = programmes.above({row["id"]: row["parent"] for row in rows})
    by_id, under = {row["id"]: row for row in rows}, defaultdict(list)
    for pk in by_id:
        under[above[pk]].append(pk)

    @cache
    def made(pk):
        row, parts = by_id[pk], tuple(made(one) for one in under.get(pk, ()))
        return _executed(row, came.get(pk), today, parts)

    return [made(row["id"]) for row in rows if row["shown"]]


def _launched(choice, under):
    plans = []
    for side, table, day in (("then", "l", LAUNCHED_ON), ("now", "c", "CURRENT_DATE")):
        rate = rate_sql(f"{table}.currency", f"coalesce({table}.starts_on, {day})")
        plans += [f"{table}.{name} AS {side}_{name}" for name in (*DAYS, *PLACES, *COUNTS)]
        plans += [f"round({table}.{name} * {rate}, 4) AS {side}_{name}" for name in MONEY]
    within, narrow = returns.of_campaigns(choice)
    params: list = [choice.currency] * (2 * len(MONEY))
    if under is not None:
        asked, narrow = "c.id = %s", [under, under]
        there = f"c.id IN ({returns.UNDER.replace('%(under)s', '%s')})"
    else:
        first, until = choice.period.first, choice.period.until
        there = "true"
        asked = f"coalesce(c.starts_on, {LAUNCHED_ON}, %s) < %s AND coalesce(c.ends_on, %s) >= %s AND {within('c.id')}"
        narrow = [first, until, first, first, *narrow]
    sql = LAUNCHED.format(
        plans=", ".join(plans), old=PLAN, now=PLAN.replace("e.", "c."), within=asked, there=there
    )
    return sql, [*params, *narrow]


def _executed(row, money, today, under):
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
        ran=row["ran"],
        changed=row["changed"] or 0 if row["known"] else 0,
        today=today,
        under=under,
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
