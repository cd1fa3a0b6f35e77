"""Cohorts of the funnel: by month of capture, and by the channel, segment and region that passes came from."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reports import drawing, funnel, reading, regions, waiting
from reports.cells import cells
from reports.choice import alone
from reports.forecast.said import within_sight
from reports.funnel import Funnel, Month
from reports.models import FunnelMonth, FunnelSplit
from reports.money import ZERO
from reports.regions import Tree, indented
from ui import charts, formats
from ui.tables import Column, Table

MOST_MONTHS = 18
REACHED = {
    "to_mql": gettext_lazy("MQL"),
    "to_ready": gettext_lazy("Ready"),
    "to_sql": gettext_lazy("SQL"),
    "to_deal": gettext_lazy("Deal"),
    "to_won": gettext_lazy("Won"),
}
STEPS = {
    "new_mql": gettext_lazy("Lead → MQL"),
    "mql_ready": gettext_lazy("MQL → ready"),
    "ready_sql": gettext_lazy("Ready → SQL"),
    "sql_deal": gettext_lazy("SQL → deal"),
    "deal_won": gettext_lazy("Deal → won"),
    "new_won": gettext_lazy("Lead → won"),
}
AXES = ("channel", "segment", "region")
SPLITS = {"rep": "owner", "grade": "grade"}  # of reports.models.FunnelSplit
COLUMNS = [
    Column("name", pgettext_lazy("of people", "From"), href="href"),
    Column("leads", gettext_lazy("Leads"), "number", href="leads_href"),
    *(Column(name, label, "percent", href=f"{name}_href") for name, label in REACHED.items()),
]


@dataclass(frozen=True)
class Cohorts:
    """The funnel of a Choice, and how far the passes of each channel, segment, region, rep and grade came: {axis: {key: Month}}, the
    most first, a region before its parts and with them.

    `reps`: the names of the reps by key; `queues`: where leads wait now, and on whom; `bring`: the keys of those of marketing among the reps.
    """

    funnel: Funnel
    sources: dict[str, dict[object, Month]]
    reps: dict[str, str] = field(default_factory=dict)
    queues: list[waiting.Waiting] = field(default_factory=list)
    bring: frozenset = frozenset()
    tree: Tree = field(default_factory=lambda: Tree({}))


def cohorts(choice, user=None) -> Cohorts:
    """The Cohorts of a Choice, in one statement; of reps those whose work `user` (None: everybody) may see."""
    asked = {f"by_{axis}": _by(axis, choice) for axis in AXES} | {
        f"by_{name}": _split(axis, choice, user) for name, axis in SPLITS.items()
    }
    rows = reading.read({**funnel.parts(choice), **asked, **waiting.parts(choice, user), **regions.PARTS})
    names = ("leads", *funnel.REACHED)
    sources = {
        axis: {
            row["key"]: Month(choice.period.first, **{name: row[name] for name in names})
            for row in rows[f"by_{axis}"]
        }
        for axis in (*AXES, *SPLITS)
    }
    tree = Tree.of(rows[regions.PART], choice.region)
    sources["region"] = _within(sources["region"], tree)
    reps = {row["key"]: row["name"] for row in rows["by_rep"]}
    bring = frozenset(row["key"] for row in rows["by_rep"] if row["brings"])
    return Cohorts(funnel.made(choice, rows), sources, reps, waiting.made(rows), bring, tree)


def _within(own, tree):
    """{region: Month} with all that is part of each, in the order of the page."""
    whole = tree.whole(own)
    return {one: whole[one] for one, _depth in tree.lines(whole, lambda one: (-whole[one].leads, one))}


def _by(axis, choice):
    """One row for each value of an axis, in the cell of the choice on the others."""
    names = ("leads", *funnel.REACHED)
    months, cell = cells(FunnelMonth, choice, axis, only=names)
    sums = ", ".join(f"sum({name})::bigint AS {name}" for name in names)
    return (
        f"SELECT {axis} AS key, {sums} FROM {months} WHERE month >= %s AND month < %s "
        f"GROUP BY {axis} HAVING sum(leads) > 0 ORDER BY sum(leads) DESC, {axis}",
        [*cell, choice.period.first, choice.period.until],
    )


def _split(axis, choice, user):
    """One row for each rep or grade."""
    months, params = cells(FunnelSplit, choice)
    sums = ", ".join(f"sum({name})::bigint AS {name}" for name in ("leads", *funnel.REACHED))
    sight, seen = within_sight(user if axis == "owner" else None)
    return (
        f"SELECT d.key, coalesce(u.full_name, '') AS name, u.role IS NOT DISTINCT FROM 'marketing' AS brings, {', '.join(('leads', *funnel.REACHED))} FROM ("
        f"SELECT key, {sums}, CASE WHEN axis = 'owner' THEN key::bigint END AS owner FROM {months} "
        "WHERE axis = %s AND month >= %s AND month < %s GROUP BY axis, key HAVING sum(leads) > 0"
        f") AS d LEFT JOIN accounts_user u ON u.id = d.owner WHERE {sight} ORDER BY d.leads DESC, d.key",
        [*params, axis, choice.period.first, choice.period.until, *seen],
    )


# -- as the page has it ----------------------------------------------------------------------------------
def heat_map(found, choice):
    """The share of each month's passes that came so far by today; pale where they have not had the usual time."""
    months = shown_months(found, choice)
    usual = found.funnel.steps["new_won"].usual or 0
    pale = {
        (row, column)
        for row, month in enumerate(months)
        for column, name in enumerate(REACHED)
        if not funnel.had(month.month, usual if name in ("to_deal", "to_won") else 0, choice.today)
    }
    return charts.heat(
        [formats.month(month.month) for month in months],
        [str(label) for label in REACHED.values()],
        [[share(month, name) for name in REACHED] for month in months],
        _("Share of the passes captured in a month that came so far by today"),
        pale=pale,
        links=[drawing.of_month("leads", choice, month.month) for month in months],
        cell_links=[[drawing.of_month(name, choice, month.month) for name in REACHED] for month in months],
    )


def shown_months(found, choice):
    """The last months of the period with passes in them, the oldest first."""
    inside = [month for month in found.funnel.months if month.month in choice.period and month.leads]
    return inside[-MOST_MONTHS:]


def share(month, name):
    """The share of a cohort that came so far; None without anybody in it."""
    return (ZERO + getattr(month, name)) / month.leads if month.leads else None


def step_rows(found, choice):
    """Days and conversion of each step, in words."""
    return drawing.worded_steps(
        {str(label): found.funnel.steps[step] for step, label in STEPS.items()}, choice
    )


def source_tables(found, known, choice):
    """A (heading, table) for each axis: how many came from there, and how far."""
    headings = {
        "channel": _("By channel"),
        "segment": _("By segment"),
        "region": _("By region"),
        "rep": _("By rep"),
        "grade": _("By grade"),
    }
    return [
        (headings[axis], _table(axis, found, known, choice, headings[axis]))
        for axis in (*AXES, *SPLITS)
        if axis == "channel" or any(found.sources[axis])
    ]


def _table(axis, found, known, choice, caption):
    depths = dict(found.tree.lines(found.sources[axis])) if axis == "region" else {}
    rows = [
        {
            "name": indented(_named(axis, key, known, found), depths.get(key, 0)),
            "href": _narrowed(axis, _whose(axis, key, found), choice),
            **({"parent": _above(key, known, found)} if axis == "region" else {}),
            "leads": month.leads,
            **{name: share(month, name) for name in REACHED},
            **{
                f"{name}_href": _listed(name, axis, _whose(axis, key, found), choice)
                for name in ("leads", *REACHED)
            },
        }
        for key, month in found.sources[axis].items()
    ]
    return Table(rows, COLUMNS, caption, cards=True, empty=_("Nobody came in this period."))


def _whose(axis, key, found):
    """How an address names a rep who is of marketing, for what they took; any other key as it is."""
    return alone(key) if axis == "rep" and key in found.bring else key


def _above(key, known, found):
    """The name of the region that a region is part of; None of none."""
    above = known.regions.get(found.tree.above.get(key))
    return above and above.name


def _listed(name, axis, key, choice):
    """The address of the passes of one channel, segment, region, rep or grade that came so far."""
    if axis == "grade":
        graded = f"grade_{key.lower() or 'none'}"
        return drawing.address(graded if name == "leads" else f"{graded}_{name}", choice)
    key = 0 if key == "0" else regions.named(key, choice) if axis == "region" else key
    return drawing.address(name, choice, **{axis: key})


def _can_narrow(axis, key):
    """Has it a page of its own? A grade has none, nor has what stands nowhere."""
    return axis != "grade" and key not in ("", "0", 0)


def _narrowed(axis, key, choice):
    """The address of the funnel of one channel, segment, region or rep."""
    if not _can_narrow(axis, key):
        return ""
    return f"{reverse('reports:funnel')}?{choice.query(**{axis: key})}"


def _named(axis, key, known, found):
    if not key or key == "0":
        return _("Nobody") if axis == "rep" else _("None")
    if axis == "rep":
        return found.reps[key]
    if axis == "grade":
        return key
    if axis == "channel":
        return drawing.channel_name(key)
    axes = known.segments if axis == "segment" else known.regions
    return axes[key].name if key in axes else str(key)


def file(found, choice):
    """(columns, rows) of the cohorts as a file."""
    columns = [
        Column("month", gettext_lazy("Month of capture")),
        Column("leads", gettext_lazy("Leads")),
        *(Column(name, label) for name, label in REACHED.items()),
    ]
    months = [month for month in found.funnel.months if month.month in choice.period and month.leads]
    return columns, [
        {"month": month.month, "leads": month.leads, **{name: getattr(month, name) for name in REACHED}}
        for month in months
    ]
