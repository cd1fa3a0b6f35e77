"""Rejected rows as a file: the same columns, and one that says where and why; no cell of it is a formula."""

import re
from itertools import chain

from django.db.models import Count, Func, IntegerField, Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engine import sheets
from leads.importing import wording
from leads.importing.cells import FORMULA
from leads.importing.reading import REASON
from leads.models import ImportReject

SHOWN = 20  # reasons that a look ahead tells
HARMLESS = re.compile(r"[+\-]?[\d\s.,()/-]*")


def written(run, header):
    """The rejects of a run as the pieces of a CSV, each a str; rows come once, with all reasons."""
    delimiter = run.spec.get("delimiter") or ","
    names = columns(run, header)
    return sheets.lines(chain([[*map(harmless, names), REASON]], _rows(run, header, names)), delimiter)


def workbook(run, header):
    """The same as the pieces of an .xlsx, each bytes, every cell as text."""
    names = columns(run, header)
    head = [*map(harmless, names), REASON]
    return sheets.workbook(run.sheet or run.kind, head, _rows(run, header, names), as_text=True)


def count(run):
    """How many rows were refused."""
    return ImportReject.objects.filter(run=run, warning=False).aggregate(rows=Count("line", distinct=True))[
        "rows"
    ]


def _rows(run, header, names):
    for cells, reasons in refused(run):
        yield [*map(harmless, fitted(run, cells, header, names)), harmless("; ".join(reasons))]


def refused(run):
    """Yield (cells, reasons) of each refused row, in the order of the file."""
    last, cells, reasons = None, [], []
    for reject in ImportReject.objects.filter(run=run, warning=False).order_by("line", "pk").iterator(2000):
        if reject.line != last:
            if last is not None:
                yield cells, reasons
            last, cells, reasons = reject.line, reject.cells, []
        reasons.append(sentence(reject))
    if last is not None:
        yield cells, reasons


def columns(run, header):
    """The names of the file's columns, and unnamed ones for what the longest refused row holds beyond them."""
    rejects = ImportReject.objects.filter(run=run, warning=False)
    longest = (
        rejects.aggregate(
            longest=Max(Func("cells", function="jsonb_array_length", output_field=IntegerField()))
        )["longest"]
        or 0
    )
    names = header[:-1] if _told_before(run, header) else header
    return [*names, *[""] * ((longest if longest > len(header) else 0) - len(names))]


def fitted(run, cells, header, names):
    """The cells as they stood, as many as there are `names`; a reason of an earlier file of rejects is not one of them."""
    if _told_before(run, header) and len(cells) <= len(header):
        cells = cells[: len(header) - 1]
    return [*cells, *[""] * (len(names) - len(cells))]


def _told_before(run, header):
    """Whether the file was one of rejects itself: its last column says why, and is mapped to nothing."""
    return header[-1:] == (REASON,) and REASON not in run.spec["columns"]


def commonest(run, warning):
    """[{line, column, value, reason, said, rows}], as JSON can hold it: what is wrong with most rows first, 20 at most.

    `line` is the first of the `rows` with the same wrong value of a column.
    """
    found = ImportReject.objects.filter(run=run, warning=warning).values("column", "value", "reason", "said")
    return list(found.annotate(line=Min("line"), rows=Count("pk")).order_by("-rows", "line")[:SHOWN])


def told(problem):
    """A row of `commonest` as a sentence."""
    first = sentence(ImportReject(**{name: problem[name] for name in problem if name != "rows"}))
    more = problem["rows"] - 1
    return (
        first
        if not more
        else ngettext("%(first)s; %(more)d more row", "%(first)s; %(more)d more rows", more)
        % {"first": first, "more": more}
    )


def sentence(reject):
    """Where and why, in one sentence."""
    where = _("line %(line)d") % {"line": reject.line}
    if reject.column:
        where = _("%(line)s, column “%(column)s”") % {"line": where, "column": reject.column}
    if reject.value:
        where = _("%(where)s, “%(value)s”") % {"where": where, "value": reject.value[:200]}
    return f"{where}: {wording.again(reject.said, reject.reason)}"


def said(column, value, reason):
    """What is wrong with a row whose line is told already."""
    where = " ".join(filter(None, [column, value and f"“{value[:200]}”"]))
    return f"{where}: {reason}" if where else reason


def harmless(cell):
    """The cell so that no spreadsheet takes it for a formula; plain numbers stay."""
    if cell[:1] in {"\t", "\r", "\n"} or (FORMULA.match(cell) and not HARMLESS.fullmatch(cell)):
        return "'" + cell
    return cell
