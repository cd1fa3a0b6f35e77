"""Reports as files: CSV streamed line by line, XLSX written row by row, whatever their length.

Numbers are plain and exact, days are ISO; a text that a spreadsheet would take for a formula gets an apostrophe.
"""

import csv
import tempfile
from datetime import date, datetime
from decimal import Decimal

from django.http import FileResponse, StreamingHttpResponse
from django.utils.encoding import force_str
from openpyxl import Workbook

from accounts.doors import require

FORMATS = ("csv", "xlsx")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 2_000  # rows in memory


def wanted(request):
    """The format that the address asks for, None for the page. Raises PermissionDenied for whoever may not export."""
    asked = request.GET.get("format")
    if asked not in FORMATS:
        return None
    require(request, "reports.export")
    return asked


def answer(kind, name, columns, rows):
    """A download. `columns`: ui.tables.Column; `rows`: any iterable of dicts, read once."""
    head = [force_str(column.label) for column in columns]
    lines = ([_cell(row.get(column.name)) for column in columns] for row in rows)
    made = _csv(head, lines) if kind == "csv" else _xlsx(name, head, lines)
    made["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return made


def chunked(queryset, shown):
    """The rows of a queryset of values(), shown chunk by chunk: `shown(rows)` gives them as the page has them."""
    chunk = []
    for row in queryset.iterator(CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from shown(chunk)
            chunk = []
    yield from shown(chunk)


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text


def _csv(head, lines):
    writer = csv.writer(_Echo())

    def written():
        yield "\ufeff" + writer.writerow(head)
        for line in lines:
            yield writer.writerow(line)

    return StreamingHttpResponse(written(), content_type="text/csv; charset=utf-8")


def _xlsx(name, head, lines):
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.append(head)
    for line in lines:
        sheet.append(line)
    file = tempfile.TemporaryFile()  # noqa: SIM115, the response closes it
    book.save(file)
    file.seek(0)
    return FileResponse(file, content_type=XLSX)


def _cell(value):
    if value is None or isinstance(value, (int, float, Decimal)):
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    text = force_str(value).strip()
    return f"'{text}" if text.startswith(FORMULA) else text
