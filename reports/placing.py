"""Campaigns by sales region as the page tells them: a matrix of one measure, and every measure of each region beside its target."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import drawing
from reports.choice import NOTHING
from reports.columns import link
from reports.models import Measure
from reports.models.base import NONE
from reports.places import EMPTY, TARGETED, has_targets
from reports.regions import indented, named
from ui import formats
from ui.tables import Column, Table


@dataclass(frozen=True)
class Told:
    """A measure of the matrix: the attribute of a Place, how it is written, the list behind it, and the target it is held against."""

    label: str | Promise
    value: str
    kind: str
    behind: str
    target: Measure | None = None


MEASURES = {
    "leads": Told(gettext_lazy("Leads"), "leads", "number", "leads"),
    "mqls": Told(gettext_lazy("MQLs"), "mqls", "number", "mqls"),
    "sqls": Told(gettext_lazy("SQLs"), "sqls", "number", "sqls", Measure.SQLS),
    "acceptance": Told(gettext_lazy("Acceptance"), "acceptance", "percent", "acceptance"),
    "days": Told(gettext_lazy("Mean days to SQL"), "days", "days", "sqls"),
    "pipeline": Told(
        gettext_lazy("Pipeline created"), "opened_amount", "short_money", "created", Measure.PIPELINE
    ),
    "won": Told(gettext_lazy("Won revenue"), "won_amount", "short_money", "won", Measure.WON),
    "margin": Told(gettext_lazy("Margin of wins"), "known_margin", "short_money", "margin", Measure.MARGIN),
    "revenue": Told(gettext_lazy("Credited revenue"), "revenue", "short_money", "placed_credits"),
    "credited_margin": Told(gettext_lazy("Credited margin"), "known_credit", "short_money", "placed_credits"),
}
DEFAULT = "revenue"
TARGET = {
    Measure.SQLS: gettext_lazy("Target: SQLs"),
    Measure.PIPELINE: gettext_lazy("Target: pipeline"),
    Measure.WON: gettext_lazy("Target: won"),
    Measure.MARGIN: gettext_lazy("Target: margin"),
}


def regions(found, known):
    """{id: name} of the columns: every region with anything to tell or a target, in the house's order, each before its parts; none last."""
    told = set(found.sums).union(*(one for one in found.targets.values()))
    names = {pk: axis.name for pk, axis in known.regions.items()} | {NONE: _("No region")}
    return {pk: names[pk] for pk, _depth in found.tree.lines(told) if pk in names}


def _of_which(found, names, pk):
    """The name of a column: of what it is a part, whose column holds it too."""
    above = found.tree.above.get(pk)
    if above is None:
        return names[pk]
    return _("%(region)s, part of %(whole)s") % {"region": names[pk], "whole": names.get(above, above)}


def matrix(found, known, measure) -> Table:
    """Campaigns beneath their programmes by region, of one measure; the sums and the targets of the regions beneath."""
    told, columns = MEASURES[measure], regions(found, known)
    rows = [
        {
            **_named(line),
            **_cells(line.places, line.total, columns, told, found.choice, campaign=line.campaign),
        }
        for line in found.lines
    ]
    if rows:
        rows.append(
            {"name": _("All"), "href": "", **_cells(found.sums, found.total, columns, told, found.choice)}
        )
    if rows and told.target and has_targets(found.choice):
        rows += _promised(found, columns, told)
    heads = [
        Column("name", gettext_lazy("Campaign"), href="href", note="code"),
        *(Column(f"r{pk}", _of_which(found, columns, pk), "figure", href=f"r{pk}_href") for pk in columns),
        Column("all", gettext_lazy("All"), "figure", href="all_href"),
    ]
    empty = _("No campaign brought or earned anything in this period.")
    return Table(rows, heads, _("Campaigns by region"), sideways=True, empty=empty)


def _named(line):
    name = line.name or _("Without a campaign")
    return {
        "name": f"{chr(0x2003) * line.depth}{name}",
        "code": line.code,
        "href": link("pipeline:campaign", line.campaign) if line.campaign else "",
    }


def _cells(cells, total, columns, told, choice, **narrow):
    if "campaign" in narrow and not narrow["campaign"]:
        narrow["campaign"] = NOTHING
    row = {}
    for pk in columns:
        href = drawing.address(told.behind, choice, region=_place(pk, choice), **narrow)
        row |= _cell(f"r{pk}", cells.get(pk), told, choice, href)
    return row | _cell("all", total, told, choice, drawing.address(told.behind, choice, **narrow))


def _cell(name, place, told, choice, href):
    value = getattr(place, told.value) if place else None
    nothing = not value and (place is None or place == EMPTY)
    return {
        name: "" if nothing else written(value, told.kind, choice),
        f"{name}_exact": None if nothing else value,
        f"{name}_href": "" if nothing else href,
    }


def _place(pk, choice):
    """How an address names what a column tells."""
    return named(pk, choice) if pk else NOTHING


def _promised(found, columns, told):
    """The target of each region, and how much of it these campaigns brought."""
    target: dict = {"name": _("Target"), "href": ""}
    share: dict = {"name": _("Attained"), "href": ""}
    for name, pk in (*((f"r{pk}", pk) for pk in columns), ("all", None)):
        amount = found.target(told.target, pk)
        came = (found.total if pk is None else found.sums.get(pk, EMPTY)).attained(told.target)
        part = came / amount if amount else None
        where = {} if pk is None else {"region": _place(pk, found.choice)}
        target |= {
            name: "" if amount is None else written(amount, told.kind, found.choice),
            f"{name}_exact": amount,
            f"{name}_href": drawing.address(f"targets-{told.target}", found.choice, campaign=None, **where),
        }
        share |= {name: "" if part is None else formats.percent(part, 0), f"{name}_exact": part}
    return [target, share]


def written(value, kind, choice):
    """A measure in words."""
    if value is None:
        return formats.EMPTY
    if kind == "short_money":
        return formats.short_money(value, choice.currency)
    if kind == "percent":
        return formats.percent(value)
    return formats.number(value, 1 if kind == "days" else 0)  # a target of a count may have parts


def by_region(found, known) -> Table:
    """Every measure of each region, its targets beside what came."""
    heads = [Column("name", gettext_lazy("Region"))]
    for name, told in MEASURES.items():
        heads.append(Column(name, told.label, "figure", href=f"{name}_href"))
        if told.target and has_targets(found.choice):
            heads.append(Column(f"{name}_target", TARGET[told.target], "figure", href=f"{name}_target_href"))
    names = regions(found, known)
    rows = [
        _region(pk, indented(names[pk], depth), found.sums.get(pk, EMPTY), found)
        | {"parent": names.get(found.tree.above.get(pk))}
        for pk, depth in found.tree.lines(names)
    ]
    if len(rows) > 1:
        rows.append(_region(None, _("All"), found.total, found))
    empty = _("Nothing was brought, earned or promised in this period.")
    return Table(rows, heads, _("By region, against its targets"), sideways=True, empty=empty)


def _region(pk, name, place, found):
    where = {} if pk is None else {"region": _place(pk, found.choice)}
    row = {"name": name}
    for key, told in MEASURES.items():
        row |= _cell(key, place, told, found.choice, drawing.address(told.behind, found.choice, **where))
    for key, told in MEASURES.items():
        if told.target in TARGETED:
            amount = found.target(told.target, pk)
            row |= {
                f"{key}_target": "" if amount is None else written(amount, told.kind, found.choice),
                f"{key}_target_exact": amount,
                f"{key}_target_href": drawing.address(
                    f"targets-{told.target}", found.choice, campaign=None, **where
                ),
            }
    return row


def verdict(found, known):
    """Where the money of the campaigns was earned, in a sentence; empty where none was."""
    names, total = regions(found, known), found.total.revenue
    earned = {pk: found.sums[pk].revenue for pk in found.tree.tops(found.sums) if found.sums[pk].revenue > 0}
    if not earned or total <= 0:
        return ""
    best = max(earned, key=lambda pk: earned[pk])
    return _("%(region)s earned the most: %(amount)s, %(share)s of what is credited.") % {
        "region": names.get(best, _("No region")),
        "amount": formats.short_money(earned[best], found.choice.currency),
        "share": formats.percent(earned[best] / total, 0),
    }
