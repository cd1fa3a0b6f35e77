"""Months as files: the list of months, the figures of one, and what has changed in it since its close, in exact numbers."""

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from reports.monthly import CHANGED, LINES, NAMES, SIDES, WHAT, regrouped, value
from reports.months.official import Worth
from ui.tables import Column, Table

FILED = [
    Column("month", gettext_lazy("Month")),
    Column("closed", pgettext_lazy("of a month", "Closed on"), "day"),
    *(
        Column(f"{side}_{name}", format_lazy("{}: {}", label, words))
        for name, label, *_rest in LINES
        for side, words in SIDES.items()
    ),
]


def listed(found):
    """(columns, rows) of the months as a file: official, late, live and restated beside each other."""
    return FILED, [
        {
            "month": one.month,
            "closed": one.shut and one.shut.at.date(),
            **{
                f"{side}_{name}": value(getattr(one, side), what, measures)
                for name, _label, what, measures, _money in LINES
                for side in SIDES
                if side != "restated" or one.shut
            },
        }
        for one in found.months
    ]


def lines(one) -> Table:
    """The figures of one month as a table of its file: official, what of it came late, live, restated since the close."""
    rows = [
        {"name": str(label), **{side: value(getattr(one, side), what, measures) for side in SIDES}}
        for _name, label, what, measures, _money in LINES
    ]
    columns = [Column("name", _("Figure")), *(Column(side, words) for side, words in SIDES.items())]
    return Table(rows, columns, _("Official and live"))


def changes(found, what=""):
    """(columns, rows) of the changes since a close as a file, in their `what`; else in amounts, where they have any."""
    columns = [Column("measure", gettext_lazy("Measure")), Column("item", gettext_lazy("Number")), *CHANGED]
    return columns, (
        {
            "measure": str(NAMES[one.measure]),
            "item": one.item,
            "name": one.name,
            "what": " · ".join(filter(None, (str(WHAT[one.what]), regrouped(one)))),
            **{side: _amount(getattr(one, side), what) for side in ("was", "now", "difference")},
            "who": one.who,
            "at": one.at,
        }
        for one in found
    )


def _amount(worth: Worth, what):
    return getattr(worth, what or ("amount" if worth.amount else "n"))
