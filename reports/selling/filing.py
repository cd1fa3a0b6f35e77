"""Tables of costs that were brought, in the reader's language."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from ui import formats
from ui.tables import Column, Table

COLUMNS = [
    Column("name", gettext_lazy("File"), href="href"),
    Column("rows", gettext_lazy("Rows"), "number"),
    Column("by", gettext_lazy("By"), "person"),
    Column("at", gettext_lazy("When"), "moment"),
    Column("state", gettext_lazy("State"), "pill"),
]


def table(files) -> Table:
    """The tables that were brought."""
    rows = [
        {
            "name": one.name,
            "href": reverse("reports:cost-brought", args=[one.pk]),
            "rows": one.rows,
            "by": one.brought_by and one.brought_by.full_name,
            "at": one.brought_at,
            "state": _("Taken back") if one.taken_back_at else pgettext("file", "Kept"),
            "tone": "" if one.taken_back_at else "ok",
        }
        for one in files
    ]
    return Table(rows, COLUMNS, _("Files that were brought"), cards=True, empty=_("No file was brought yet."))


def stays(left):
    """Why something of a file stays, in sentences."""
    told = []
    if count := len(left.changed):
        told.append(
            ngettext(
                "%(count)s cost stays: somebody changed it since.",
                "%(count)s costs stay: somebody changed them since.",
                count,
            )
            % {"count": formats.number(count)}
        )
    if count := len(left.shut):
        told.append(
            ngettext(
                "%(count)s cost stays: it is booked in a month that is closed.",
                "%(count)s costs stay: they are booked in months that are closed.",
                count,
            )
            % {"count": formats.number(count)}
        )
    return told


def told(gone, stay):
    """What became of taking a file back."""
    if not gone and not len(stay):
        return _("There is nothing to take back: it was taken back already.")
    first = (
        ngettext(
            "%(count)s cost is taken away; history keeps it.",
            "%(count)s costs are taken away; history keeps them.",
            gone,
        )
        % {"count": formats.number(gone)}
        if gone
        else _("Nothing is taken back.")
    )
    return " ".join([first, *stays(stay)])
