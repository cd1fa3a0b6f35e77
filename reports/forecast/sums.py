"""What deals say of a period: sums by forecast category, weighted, against the target, by whatever they are grouped."""

import re
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from pipeline.models.deals import ForecastCategory
from reports import climbing, reading
from reports.cells import cells
from reports.forecast.calls import subject_parts, subjects_of
from reports.forecast.due import COUNT, DUE
from reports.forecast.said import Call, call_of, mine, said_parts, sees_every_deal, within_sight
from reports.models import DueMonth, Measure
from reports.periods import shifted
from reports.regions import Tree

ZERO = Decimal()
# Cumulative, as a forecast is read: each holds all before it.
CATEGORIES = (
    ForecastCategory.CLOSED,
    ForecastCategory.COMMIT,
    ForecastCategory.BEST_CASE,
    ForecastCategory.PIPELINE,
)
BY = {
    "rep": _("Rep"),
    "team": _("Team"),
    "region": _("Region"),
    "segment": _("Segment"),
    "month": _("Month"),
}
KEYS = {
    "rep": "owner",
    "team": "coalesce(u.team_id, 0)",
    "region": "d.region",
    "segment": "d.segment",
    "month": "to_char(d.day, 'YYYY-MM-01')",
}
NAMES = {
    "rep": "SELECT id AS key, full_name AS name, role = 'marketing' AS brings FROM accounts_user",
    "team": "SELECT id AS key, name, track = 'marketing' AS brings FROM accounts_team",
    "region": "SELECT id AS key, name, parent_id AS parent FROM accounts_region ORDER BY position, name, id",
    "segment": "SELECT id AS key, name FROM accounts_segment",
}
LATEST = 12  # calls on the page
HALF = 15  # of the days of a month


@dataclass(frozen=True)
class Sums:
    """Sums over deals in report currency, each category by itself. `weighted`: closed + amount × probability of the rest.

    `open` counts open deals, `unpriced` those among all without an amount. `target` is None where there is none.
    """

    closed: Decimal = ZERO
    commit: Decimal = ZERO
    best_case: Decimal = ZERO
    pipeline: Decimal = ZERO
    weighted: Decimal = ZERO
    deals: int = 0
    open: int = 0
    unpriced: int = 0
    target: Decimal | None = None

    def __add__(self, other):
        known = [one for one in (self.target, other.target) if one is not None]
        added = {
            one.name: getattr(self, one.name) + getattr(other, one.name)
            for one in fields(self)
            if one.name != "target"
        }
        return Sums(**added, target=sum(known, ZERO) if known else None)

    def up_to(self, category):
        """Cumulative: the category and all that are surer."""
        place = CATEGORIES.index(category) + 1
        return sum((getattr(self, one) for one in CATEGORIES[:place]), ZERO)

    @property
    def coverage(self):
        """Open pipeline due in the period ÷ (target − won so far); None without a target, or past it."""
        if self.target is None or self.reached:
            return None
        return (self.commit + self.best_case + self.pipeline) / (self.target - self.closed)

    @property
    def reached(self):
        """Is the target won already?"""
        return self.target is not None and self.closed >= self.target


@dataclass(frozen=True)
class Board:
    """The forecast of a period. `groups` by key (0: nobody, none), `names` of the keys; `months` by first day. A region holds all that
    is part of it by the `tree`, which is empty of all but regions.

    `said`: the latest calls about the period, the newest first; `past`: calls made by day 1 of past periods of the same length.
    `overdue`: open deals whose expected close has passed, or that have none. `subjects`: whom the reader may speak for.
    `teams`: those of the reader, whose quotas are the target, where the deals are theirs alone; None where all are read.
    `bring`: the keys of teams and people of marketing, who stand here for the deals that they own.
    """

    total: Sums
    groups: dict[object, Sums]
    names: dict[object, str]
    months: dict[date, Sums]
    said: list[Call] = field(default_factory=list)
    past: list[Call] = field(default_factory=list)
    overdue: Sums = field(default_factory=Sums)
    subjects: dict[str, str] = field(default_factory=dict)
    teams: list[int] | None = None
    bring: frozenset = frozenset()
    tree: Tree = field(default_factory=lambda: Tree({}))

    def latest(self, rep=None, team=None):
        """The latest Call of a person about a subject; None where nobody has said anything."""
        return next((one for one in self.said if one.by and (one.rep, one.team) == (rep, team)), None)


MEASURED = f"""{COUNT} AS deals, count(*) FILTER (WHERE category <> 'closed') AS open,
  count(*) FILTER (WHERE amount IS NULL) AS unpriced, coalesce(sum(amount), 0) AS amount,
  coalesce(sum(round(amount * chance / 100, 4)), 0) AS weighted"""


def board(user, choice, by, at) -> Board:
    """The Board of a Choice as `user` may see it, in one statement. `by`: one of BY; `at`: now."""
    rows = reading.read(parts(user, choice, by))
    tree = tree_of(rows, choice, by)
    total, groups, months = made_of(rows, tree)
    late = rows["overdue"][0]
    return Board(
        total,
        groups,
        {row["key"]: row["name"] for row in rows["names"]},
        {date.fromisoformat(month): sums for month, sums in sorted(months.items())},
        [call_of(row) for row in rows["said"]],
        [call_of(row) for row in rows["past"]],
        Sums(deals=late["deals"], open=late["deals"], pipeline=Decimal(late["amount"])),
        subjects_of(user, rows),
        None if sees_every_deal(user) else [row["id"] for row in rows["teams_of"]],
        frozenset(row["key"] for row in rows["names"] if row.get("brings")),
        tree,
    )


def tree_of(rows, choice, by):
    """The Tree by which groups hold their parts, from the rows of the part names: of regions."""
    return Tree.of(rows["names"], choice.region, "key") if by == "region" else Tree({})


def made_of(rows, tree):
    """(total, groups, months) from the rows of the parts groups, months, targets and month_targets."""
    months = grouped(rows, Tree({}), "months", "month_targets")
    return sum(months.values(), Sums()), grouped(rows, tree), months


def grouped(rows, tree, sums="groups", targets="targets"):
    """{key: Sums} with their targets, from the rows of two parts, each with all that is part of it."""
    found = tree.whole(_sums(rows[sums]))
    for row in rows[targets]:
        found[row["key"]] = found.get(row["key"], Sums()) + Sums(target=Decimal(row["amount"]))
    return found


def parts(user, choice, by):
    """What `board` needs, for `reading.read`."""
    where, params = within(user, choice)
    due = re.sub(r"%\(\w+\)s", "%s", DUE)
    first, until = choice.period.first, choice.period.until
    span = [max(first, choice.today), until, first, until]
    team = " LEFT JOIN accounts_user u ON u.id = d.owner" if by == "team" else ""
    made = {}
    for name, axis, join in (("groups", by, team), ("months", "month", "")):
        made[name] = _kept(user, choice, axis) or (
            f"SELECT {KEYS[axis]} AS key, category, {MEASURED} FROM {due}{join} WHERE {where} GROUP BY 1, 2",
            [*span, *params],
        )
    made["overdue"] = (
        "SELECT count(*) AS deals, coalesce(sum(amount), 0) AS amount FROM reports_counteddeal d "
        f"WHERE outcome = 'open' AND (due_on IS NULL OR due_on < %s) AND category <> 'omitted' AND {where}",
        [choice.today, *params],
    )
    made["targets"] = _targets(user, choice, by)
    made["month_targets"] = _targets(user, choice, "month")
    made["teams_of"] = NO_TEAMS if user is None else (TEAMS, mine(user)[1:])
    made["names"] = (NAMES[by], []) if by in NAMES else ("SELECT 0 AS key, '' AS name WHERE false", [])
    return made if user is None else made | said_parts(user, choice) | subject_parts(user)


SUMMED = """sum(deals)::bigint AS deals, sum(CASE WHEN category <> 'closed' THEN deals ELSE 0 END)::bigint AS open,
  sum(unpriced)::bigint AS unpriced, sum(amount) AS amount, sum(weighted) AS weighted"""
# Of the running month the kept sums still hold deals that are past their day. They are taken off, or, once there are more of them
# than of those to come, the latter are read instead of the kept sums.
RUNNING = {
    by: f"""
SELECT key, category, {{sign}} count(*), {{sign}} (count(*) - count(amount)), {{sign}} coalesce(sum(amount), 0), {{sign}} coalesce(sum(weighted), 0)
FROM (
  SELECT {key} AS key, CASE category WHEN 'closed' THEN 'commit' ELSE category END AS category, amount,
    round(amount * chance / 100, 4) AS weighted
  FROM reports_counteddeal d WHERE outcome = 'open' AND category <> 'omitted' AND due_on >= %s AND due_on < %s AND {{where}}
) AS running GROUP BY key, category"""
    for by, key in {
        "month": "to_char(d.due_on, 'YYYY-MM-01')",
        "region": "d.region",
        "segment": "d.segment",
    }.items()
}
KEPT_KEYS = {"month": "to_char(month, 'YYYY-MM-01')", "region": "region", "segment": "segment"}


def _kept(user, choice, by):
    """The same sums from those that are kept; None where they are not kept so narrow, or tell more than `user` may see."""
    told = choice.whose if choice.by_row else by in KEPT_KEYS
    if (
        not told
        or by not in KEPT_KEYS
        or (choice.by_row and by == "segment")
        or within_sight(user)[0] != "true"
    ):
        return None
    axis = None if by == "month" or choice.by_row else by
    due, params = cells(DueMonth, choice, axis)
    where, narrow = within(user, choice)
    first, until, today = choice.period.first, choice.period.until, choice.today
    month, following = today.replace(day=1), shifted(today.replace(day=1), 1)
    late = today.day > HALF
    since, low, high, sign = (following, today, following, "") if late else (month, month, today, "-")
    running = RUNNING[by].format(where=where, sign=sign)
    return (
        f"SELECT key, category, {SUMMED} FROM (SELECT {KEPT_KEYS[by]} AS key, category, deals, unpriced, amount, weighted "
        f"FROM {due} WHERE month >= %s AND month < %s AND (category = 'closed' OR month >= %s) UNION ALL {running}) AS told "
        "GROUP BY 1, 2 HAVING sum(deals) <> 0 OR sum(amount) <> 0",
        [*params, first, until, since, max(first, low), min(until, high), *narrow],
    )


def within(user, choice):
    """The conditions and parameters that pick deals `d` of a Choice that `user` (None: everybody) may see."""
    (where, params), (sight, seen) = choice.narrow("d."), within_sight(user)
    return f"{where} AND {sight}", [*params, *seen]


def _sums(rows):
    found = {}
    for row in rows:
        one = Sums(
            weighted=Decimal(row["weighted"]),
            deals=row["deals"],
            open=row["open"],
            unpriced=row["unpriced"],
            **{row["category"]: Decimal(row["amount"])},
        )
        found[row["key"]] = found.get(row["key"], Sums()) + one
    return found


NO_TARGET = ("SELECT 0 AS key, 0 AS amount WHERE false", [])
NO_TEAMS = ("SELECT 0 AS id WHERE false", [])
TEAMS = "SELECT id FROM accounts_team WHERE track = 'sales' AND (id = %s OR head_id = %s) ORDER BY id"
QUOTAS = f"""
SELECT to_char(month, 'YYYY-MM-01') AS key, sum(amount) AS amount FROM reports_quota
WHERE measure = %s AND month >= %s AND month < %s AND team_id IN ({TEAMS}) GROUP BY 1
"""


def _targets(user, choice, by):
    """Targets are promised by month, region and segment, never by channel, campaign or person; and not for all time.

    Whoever reads the own people's deals alone has their teams' quotas for a target: by month, and not narrower.
    """
    if choice.period.is_all:
        return NO_TARGET
    if user is not None and not sees_every_deal(user):
        if by != "month" or choice.is_narrow:
            return NO_TARGET
        return QUOTAS, [Measure.WON, choice.period.first, choice.period.until, *mine(user)[1:]]
    if by not in KEPT_KEYS or choice.channel is not None or choice.by_row:
        return NO_TARGET
    target, params = climbing.climbed([Measure.WON], choice.period)
    narrowed = climbing.lines if by == "region" else climbing.once
    where, places = narrowed(choice.region, choice.segment)
    return (
        f"SELECT {KEPT_KEYS[by]} AS key, sum(amount) AS amount FROM {target} WHERE true{where} GROUP BY 1",
        [*params, *places],
    )
