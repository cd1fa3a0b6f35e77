"""Reports as files: CSV and XLSX streamed row by row, whatever their length.

Numbers are plain and exact, days are ISO; a text that a spreadsheet would take for a formula gets an apostrophe.
"""

from datetime import date, datetime
from decimal import Decimal
from itertools import chain

from django.http import StreamingHttpResponse
from django.utils.encoding import force_str

from accounts.doors import require
from engine import sheets

FORMATS = ("csv", "xlsx")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CHUNK = 2_000  # rows in memory


def wanted(request):
    """The format that the address asks for, None for the page. Raises PermissionDenied for whoever may not export."""
    asked = request.GET.get("format")
    if asked not in FORMATS:
        return None
    require(request, "reports.export")
    return asked


def answer(kind, name, columns, rows, note=""):
    """A download. `columns`: ui.tables.Column; `rows`: any iterable of dicts, read once.

    Where the page says a number in words, `<column>_exact` of a row is the number. `note`: a sentence that the page says of
    the rows, which stands in a last line.
    """
    head = [force_str(column.label) for column in columns]
    names = [(f"{column.name}_exact", column.name) for column in columns]
    last = [[_cell(note), *[None] * (len(head) - 1)]] if note else []
    lines = chain(([_cell(row.get(exact, row.get(name))) for exact, name in names] for row in rows), last)
    if kind == "csv":
        made = StreamingHttpResponse(
            chain([sheets.MARK], sheets.lines(chain([head], lines))), content_type=sheets.CSV
        )
    else:
        made = StreamingHttpResponse(sheets.workbook(name, head, lines), content_type=sheets.XLSX)
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


def _cell(value):
    if value is None or isinstance(value, (int, float, Decimal)):
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    text = force_str(value).strip()
    return f"'{text}" if text.startswith(FORMULA) else text
