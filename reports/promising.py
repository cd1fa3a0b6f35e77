"""How the matrix of targets is written."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import organisation
from reports import periods
from reports.models import Measure
from ui import formats
from ui.tables import Column

NOWHERE = 0
HORIZONS = {
    "month": gettext_lazy("This month"),
    "quarter": gettext_lazy("This quarter"),
    "year": gettext_lazy("This fiscal year"),
}


def whole(choice):
    """A Choice over all channels, segments and regions, with months: the fiscal year stands for all time."""
    choice = replace(choice, channel=None, segment=None, region=None)
    if not choice.period.is_all:
        return choice
    start = organisation.current().fiscal_year_start
    return replace(choice, period=periods.named("year", choice.today, start))


def regions(known):
    """{id: name} of the rows, none among them."""
    return {**{one.id: one.name for one in known.regions.values()}, NOWHERE: _("No region")}


def segments(known):
    """{id: name} of the columns, none among them."""
    return {**{one.id: one.name for one in known.segments.values()}, NOWHERE: _("No segment")}


def cell_name(region, segment):
    """The name of a cell's field."""
    return f"cell-{region}-{segment}"


def initial(found, known):
    """{field: target} of the form."""
    return {
        cell_name(region, segment): found.cell(region, segment).target
        for region in regions(known)
        for segment in segments(known)
    }


def shown(found, known, choice, measure, form):
    """The matrix in words: header, rows with the field and the promise of each cell, sums, horizons."""
    columns = segments(known)

    def worded(promise):
        return {
            "target": _amount(promise.target, measure, choice),
            "attained": _amount(promise.attained, measure, choice),
            "share": formats.percent(promise.share, 0),
            "reached": promise.share is not None and promise.share >= 1,
        }

    rows = [
        {
            "name": name,
            "cells": [
                {
                    **worded(found.cell(region, segment)),
                    "field": form[cell_name(region, segment)] if form else None,
                    "label": f"{name}, {columns[segment]}",
                }
                for segment in columns
            ],
            "sum": worded(found.region(region)),
        }
        for region, name in regions(known).items()
    ]
    return {
        "columns": columns.values(),
        "rows": rows,
        "sums": [worded(found.segment(segment)) for segment in columns],
        "total": worded(found.total),
        "horizons": [{"name": label, **worded(found.horizons[key])} for key, label in HORIZONS.items()],
    }


def _amount(value, measure, choice):
    return formats.number(value) if measure == Measure.SQLS else formats.short_money(value, choice.currency)


def file(found, known):
    """(columns, rows) of the matrix as a file: a row for each cell."""
    columns = [
        Column("region", gettext_lazy("Region")),
        Column("segment", gettext_lazy("Segment")),
        Column("target", gettext_lazy("Target")),
        Column("attained", gettext_lazy("Attained")),
    ]
    return columns, [
        {
            "region": where,
            "segment": what,
            "target": found.cell(region, segment).target,
            "attained": found.cell(region, segment).attained,
        }
        for region, where in regions(known).items()
        for segment, what in segments(known).items()
    ]
