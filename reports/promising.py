"""How the matrix of targets is written."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import drawing, file_tables
from reports.models import Measure
from reports.regions import indented, named
from reports.targets import Promise
from ui import formats
from ui.tables import Column, Table

NOWHERE = 0
NOTHING: dict = {}  # nothing is proposed
TARGETS = ("period", "segment", "region")  # the filters that targets heed
QUOTAS = ("period", "team")
HORIZONS = {
    "month": gettext_lazy("This month"),
    "quarter": gettext_lazy("This quarter"),
    "year": gettext_lazy("This fiscal year"),
}


def quarterly(query):
    """Let a query that names no period mean this quarter; changes it."""
    if not query.get("from") and not query.get("to"):
        query.setdefault("period", "quarter")


def regions(known, choice, tree=None):
    """{id: name} of the rows: none is among them, unless the choice names a region; those of a Tree beneath what they are part of."""
    names = _places(known.regions, choice.region, _("No region"))
    return {one: indented(names[one], depth) for one, depth in tree.lines(names)} if tree else names


def segments(known, choice):
    """{id: name} of the columns: none is among them, unless the choice names a segment."""
    return _places(known.segments, choice.segment, _("No segment"))


def _places(known, axis, none):
    if axis is not None:
        return {
            pk: known[pk].name if pk in known else none for pk in axis.under if pk in known or pk == NOWHERE
        }
    return {**{one.id: one.name for one in known.values()}, NOWHERE: none}


def cell_name(region, segment):
    """The name of a cell's field."""
    return f"cell-{region}-{segment}"


def quota_name(row):
    """The name of the field of a team's or person's quota."""
    return f"{row.kind}-{row.id}"


def initial(found, known, choice, proposed=NOTHING):
    """{field: target} of the form; of what is `proposed` already that."""
    return {
        cell_name(region, segment): proposed.get((region, segment), found.own.get((region, segment)))
        for region in regions(known, choice)
        for segment in segments(known, choice)
    }


BEHIND = {
    Measure.WON: "won",
    Measure.MARGIN: "margin",
    Measure.KEPT: "margin_kept",
    Measure.SQLS: "sqls",
    Measure.PIPELINE: "created",
}
# what stands behind a margin for whoever is not told what a deal cost
UNCOSTED = {Measure.MARGIN: "won", Measure.KEPT: "won_existing"}


def promised(promise, measure, choice, what="targets", **narrow):
    """A Promise in words, with the addresses of what was promised (`what`: targets or quotas) and of what was attained."""
    if "region" in narrow:
        narrow["region"] = named(narrow["region"], choice)
    return {
        "href": drawing.address(BEHIND[measure], choice, **narrow),
        "target_href": drawing.address(f"{what}-{measure}", choice, **narrow),
        "target": _amount(promise.target, measure, choice),
        "attained": _amount(promise.attained, measure, choice),
        "share": formats.percent(promise.share, 0),
        "reached": promise.share is not None and promise.share >= 1,
    }


def quota_rows(found, measure, choice, form, everybody=True):
    """Teams and people in words: each with its field, what it attained, how far on the short and the long horizon.

    Without `everybody` nobody is told how much of a team's quota is given to whom.
    """

    def worded(row):
        name, who = quota_name(row), {"team" if row.kind == "team" else "rep": row.address}
        shown = promised(row.promise, measure, choice, "quotas", **who)
        if not everybody and measure in UNCOSTED:  # what they won, without what it cost
            shown["href"] = drawing.address(UNCOSTED[measure], choice, **who)
        list_of = shown["href"].split("?")[0]
        spans = {key: choice.query(**who, period=key, **{"from": None, "to": None}) for key in HORIZONS}
        return {
            "name": row.name,
            "is_team": row.kind == "team",
            "field": form[name] if form and name in form.fields else None,
            **shown,
            "horizons": [
                (formats.percent(row.horizons[key].share, 0), f"{list_of}?{query}")
                for key, query in spans.items()
            ],
        }

    rows = []
    for one in found:
        note = ""
        if one.open and everybody:
            amount = _amount(abs(one.open), measure, choice)
            note = (
                _("%(amount)s of it given to nobody")
                if one.open > 0
                else _("its people have %(amount)s more")
            ) % {"amount": amount}
        rows += [worded(one.team) | {"note": note}, *map(worded, one.people)]
    return rows


def quota_sums(found, total, measure, choice):
    """(label, text, address) of how quotas reconcile: the target of the matrix, the teams' quotas and the difference."""
    addresses = [drawing.address(f"{what}-{measure}", choice) for what in ("targets", "quotas")]
    told = _sums(found, total)
    return [
        (str(label), _amount(amount, measure, choice), href)
        for (label, amount), href in zip(told, (*addresses, ""), strict=False)
    ]


def _sums(found, total):
    """[(label, amount)] of the target of the matrix, the teams' quotas, and how far these fall short of it or go beyond, where both are known."""
    teams = sum((one.team.promise for one in found if one.team.promise.target is not None), Promise())
    told = [(_("Target of all regions and segments"), total.target), (_("Quotas of the teams"), teams.target)]
    if total.target is None or teams.target is None:
        return told
    short = total.target - teams.target
    return [
        *told,
        (_("Not covered by quotas"), short) if short >= 0 else (_("Quotas beyond the target"), -short),
    ]


def quotas_file(found):
    """(columns, rows) of the quotas as a file."""
    columns = [
        Column("team", gettext_lazy("Team")),
        Column("person", gettext_lazy("Person"), kind="person"),
        Column("target", gettext_lazy("Quota")),
        *file_tables.PROMISED[1:],
        *(Column(key, label) for key, label in HORIZONS.items()),
    ]
    return columns, [
        {"team": one.team.name, "person": "" if row is one.team else row.name}
        | file_tables.promised(row.promise)
        | {key: row.horizons[key].share for key in HORIZONS}
        for one in found
        for row in (one.team, *one.people)
    ]


def quota_sums_file(found, total) -> Table:
    """How quotas reconcile with the target of the matrix, as a table of its file."""
    rows = [{"name": str(label), "amount": amount} for label, amount in _sums(found, total)]
    caption = _("Quotas against targets")
    return Table(rows, [Column("name", _("What")), Column("amount", _("Amount"))], caption)


def shown(found, known, choice, measure, form, proposed=NOTHING):
    """The matrix in words: header, rows with the field and the promise of each cell, what is proposed of it, sums, horizons."""
    columns = segments(known, choice)

    def worded(promise, **narrow):
        return promised(promise, measure, choice, **narrow)

    rows = [
        {
            "name": name,
            "cells": [
                {
                    **worded(found.cell(region, segment), region=region, segment=segment),
                    "field": form[cell_name(region, segment)] if form else None,
                    "label": f"{name.strip()}, {columns[segment]}",
                    "parts": _given(found, region, segment, measure, choice),
                    "proposed": _amount(proposed[region, segment], measure, choice)
                    if (region, segment) in proposed
                    else "",
                }
                for segment in columns
            ],
            "sum": worded(found.region(region), region=region),
        }
        for region, name in regions(known, choice, found.tree).items()
    ]
    return {
        "columns": columns.values(),
        "rows": rows,
        "sums": [worded(found.segment(segment), segment=segment) for segment in columns],
        "total": worded(found.total),
        "horizons": [
            {"name": label, **worded(found.horizons[key], period=key, **{"from": None, "to": None})}
            for key, label in HORIZONS.items()
        ],
    }


def _given(found, region, segment, measure, choice):
    """How the target of a region and those of its parts agree, in words; "" where there is nothing to say."""
    given = found.given(region, segment)
    if given is None:
        return ""
    if (region, segment) not in found.own:
        return _("%(amount)s by its parts") % {"amount": _amount(given, measure, choice)}
    rest = (found.cell(region, segment).target or 0) - given
    if not rest:
        return ""
    words = _("%(amount)s of it given to no part") if rest > 0 else _("its parts have %(amount)s more")
    return words % {"amount": _amount(abs(rest), measure, choice)}


def _amount(value, measure, choice):
    return (
        formats.number(value, 0) if measure == Measure.SQLS else formats.short_money(value, choice.currency)
    )


def file(found, known, choice):
    """(columns, rows) of the matrix as a file: a row for each cell."""
    columns = [
        Column("region", gettext_lazy("Region")),
        *file_tables.part_of(found.tree),
        Column("segment", gettext_lazy("Segment")),
        *file_tables.PROMISED,
    ]
    names = regions(known, choice)
    return columns, [
        {"region": names[region], "parent": names.get(found.tree.above.get(region)), "segment": what}
        | file_tables.promised(found.cell(region, segment))
        for region in regions(known, choice, found.tree)
        for segment, what in segments(known, choice).items()
    ]


def more(found, known, choice):
    """The other tables of the page of targets, for its file: the horizons, and what each side promised."""
    sales, marketing = _("Sales"), _("Marketing")
    sums = [
        *((sales, name, found.region(region)) for region, name in regions(known, choice, found.tree).items()),
        *((marketing, name, found.segment(segment)) for segment, name in segments(known, choice).items()),
        (_("All"), "", found.total),
    ]
    columns = [Column("track", _("Track")), Column("name", _("Region or segment")), *file_tables.PROMISED]
    rows = [{"track": track, "name": name, **file_tables.promised(one)} for track, name, one in sums]
    return [
        file_tables.horizons(found.horizons, HORIZONS),
        Table(rows, columns, _("Sums by region and segment")),
    ]
