"""Rejected rows as a file: the same columns, and one that says where and why; no cell of it is a formula."""

import csv
import re

from django.utils.translation import gettext as _

from leads.importing.cells import FORMULA
from leads.importing.mapping import REASON
from leads.models import ImportReject

HARMLESS = re.compile(r"[+\-]?[\d\s.,()/-]*")


def write(run, header, file):
    """Write the rejects of a run as CSV to a text file; rows come once, with all reasons. Returns how many."""
    writer = csv.writer(file, delimiter=run.spec.get("delimiter") or ",")
    writer.writerow([*map(harmless, header), REASON])
    count, last, cells, reasons = 0, None, [], []
    found = ImportReject.objects.filter(run=run, warning=False).order_by("line", "pk")
    for reject in found.iterator(2000):
        if reject.line != last:
            if last is not None:
                writer.writerow(row(header, cells, reasons))
            last, cells, reasons, count = reject.line, reject.cells, [], count + 1
        reasons.append(sentence(reject))
    if last is not None:
        writer.writerow(row(header, cells, reasons))
    return count


def row(header, cells, reasons):
    """The cells as they stood, padded to the header, and why."""
    cells = [*map(harmless, cells), *[""] * (len(header) - len(cells))]
    return [*cells, "; ".join(reasons)]


def sentence(reject):
    """Where and why, in one sentence."""
    where = _("line %(line)d") % {"line": reject.line}
    if reject.column:
        where = _("%(line)s, column “%(column)s”") % {"line": where, "column": reject.column}
    if reject.value:
        where = _("%(where)s, “%(value)s”") % {"where": where, "value": reject.value[:200]}
    return f"{where}: {reject.reason}"


def harmless(cell):
    """The cell so that no spreadsheet takes it for a formula; plain numbers stay."""
    if cell[:1] in {"\t", "\r", "\n"} or (FORMULA.match(cell) and not HARMLESS.fullmatch(cell)):
        return "'" + cell
    return cell
