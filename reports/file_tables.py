"""What a tab draws or says in words, as tables of exact numbers for its file."""

from dataclasses import replace
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reports import drawing, funnel
from reports.forecast.sums import CATEGORIES
from reports.shifting import MEASURES
from ui.tables import Column, Table

WINDOWS = {
    30: gettext_lazy("In 30 days"),
    90: gettext_lazy("In 90 days"),
    180: gettext_lazy("In 180 days"),
}
STEPS = [
    Column("name", gettext_lazy("Step")),
    Column("entered", gettext_lazy("Entered")),
    Column("rate", gettext_lazy("By today")),
    *(Column(f"within_{days}", WINDOWS[days]) for days in funnel.WINDOWS),
    Column("median", gettext_lazy("Median days")),
    Column("p90", gettext_lazy("9 of 10 within")),
]
CHANNELS = [
    Column("name", gettext_lazy("Channel")),
    Column("spend", gettext_lazy("Spend")),
    Column("leads", gettext_lazy("Leads")),
    Column("sqls", gettext_lazy("SQLs")),
    Column("pipeline", pgettext_lazy("created", "Pipeline")),
    Column("revenue", gettext_lazy("Revenue")),
    Column("revenue_roi", gettext_lazy("Revenue ROI")),
]
OFFERS = [
    Column("month", gettext_lazy("Month")),
    Column("accepted", gettext_lazy("Accepted")),
    Column("returned", gettext_lazy("Returned")),
    Column("expired", gettext_lazy("Expired")),
]
SERVICE = [
    Column("month", gettext_lazy("Month")),
    Column("planned", gettext_lazy("Planned")),
    Column("committed", gettext_lazy("Committed")),
    Column("paid", gettext_lazy("Paid")),
]
PROMISED = [
    Column("target", gettext_lazy("Target")),
    Column("attained", gettext_lazy("Attained")),
    Column("share", gettext_lazy("Share")),
]
PART_OF = Column("parent", gettext_lazy("Part of"))
DUE = [Column("month", gettext_lazy("Month")), *(Column(str(one), one.label) for one in CATEGORIES)]
ENDS: dict[str, Any] = {
    "estimate": "{}",
    "low": gettext_lazy("{}: at least, in 9 of 10 cases"),
    "high": gettext_lazy("{}: at most, in 9 of 10 cases"),
}
MOVED = [
    Column("name", gettext_lazy("What")),
    Column("when", pgettext_lazy("of a move", "When")),
    Column("spend", gettext_lazy("Spend a month")),
    *(
        Column(f"{name}_{end}", format_lazy(words, label))
        for name, label in MEASURES.items()
        for end, words in ENDS.items()
    ),
]


def part_of(tree):
    """The column that says which region a region is part of, where any is."""
    return [PART_OF] if tree.is_deep else []


def placed(table, tree) -> Table:
    """A table of the page as its file has it: with what each region is part of, where its rows are regions and any is part of another."""
    if not any("parent" in row for row in table.rows):
        return table
    first, *rest = table.columns
    return replace(table, columns=[first, *part_of(tree), *rest])


def steps(named) -> Table:
    """Conversion and days of {name: reports.funnel.Conversion}."""
    rows = [
        {
            "name": str(name),
            "entered": step.entered,
            "rate": step.rate,
            **{f"within_{days}": share for days, share in step.windows.items()},
            "median": step.median,
            "p90": step.p90,
        }
        for name, step in named.items()
    ]
    return Table(rows, STEPS, _("Time in each step"))


def channels(found) -> Table:
    """Spend, pipeline and revenue of every channel of reports.returns.Returns."""
    rows = [
        {"name": drawing.channel_name(name), **{one.name: getattr(money, one.name) for one in CHANNELS[1:]}}
        for name, money in found.channels().items()
    ]
    return Table(rows, CHANNELS, _("By channel"))


def week(sentences) -> Table:
    """What changed since last week, a sentence a row."""
    rows = [{"text": text} for text, _href in sentences]
    caption = _("What changed since last week")
    return Table(rows, [Column("text", caption)], caption)


def offers(found, choice) -> Table:
    """What became of the offers of each month of the period, of reports.answers.Answers."""
    rows = [vars(one) for one in found.months if one.month in choice.period and one.month <= choice.today]
    return Table(rows, OFFERS, _("What became of the offers, by month"))


def service(found) -> Table:
    """Planned, committed and paid of each month of service, of reports.budget.Budget."""
    rows = [{"month": month, **sums} for month, sums in found.months.items()]
    return Table(rows, SERVICE, _("By month of service"))


def horizons(promises, names) -> Table:
    """Target and what is attained over the month, the quarter and the fiscal year."""
    rows = [{"name": str(name), **promised(promises[key])} for key, name in names.items()]
    return Table(rows, [Column("name", _("Period")), *PROMISED], _("Short and long horizon"))


def promised(promise):
    """A reports.targets.Promise as the values of PROMISED."""
    return {name: getattr(promise, name) for name in ("target", "attained", "share")}


def due(found, choice) -> Table:
    """The forecast of each month of the period by category."""
    rows = [
        {"month": month, **{str(one): getattr(sums, one) for one in CATEGORIES}}
        for month, sums in sorted(found.months.items())
        if month in choice.period
    ]
    return Table(rows, DUE, _("By month of expected close"))


def moved(found, named) -> Table:
    """What a simulation expects in a quarter, both sides before and after, and both together."""
    rows = [
        {"name": named[side.key], "when": when, "spend": round(spend, 2), **_ends(ranges)}
        for side in (found.source, found.target)
        for when, spend, ranges in (
            (_("as now"), side.now, side.before),
            (_("after the move"), side.then, side.after),
        )
    ]
    rows.append({"name": _("Both together"), "when": _("change"), "spend": None, **_ends(found.change)})
    return Table(rows, MOVED, _("Expected in a quarter, with 9 of 10 cases in brackets"))


def _ends(ranges):
    return {f"{name}_{end}": round(getattr(one, end), 2) for name, one in ranges.items() for end in ENDS}
