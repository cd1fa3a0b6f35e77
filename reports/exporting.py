"""Reports as files: CSV and XLSX streamed row by row, whatever their length.

Numbers are plain and exact, days are ISO; a text that a spreadsheet would take for a formula gets an apostrophe.
"""

from datetime import date, datetime
from decimal import Decimal
from itertools import chain

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.encoding import force_str

from accounts.doors import require
from engine import sheets
from reports.tabs import TABS

FORMATS = ("csv", "xlsx")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CHUNK = 2_000  # rows in memory
NAMES = {"dashboard": "overview", "mine": "numbers"}
TITLES = {NAMES.get(tab.page, tab.page): tab.label for tab in TABS}
PLACES, AMOUNT = 6, 4  # of a ratio, and of an amount


def wanted(request):
    """The format that the address asks for, None for the page. Raises PermissionDenied for whoever may not export."""
    asked = request.GET.get("format")
    if asked not in FORMATS:
        return None
    require(request, "reports.export")
    return asked


def answer(kind, name, columns, rows, note="", more=(), title=""):
    """A download, its first sheet of this `title`, else named as the tab is. `columns`: ui.tables.Column; `rows`: any iterable of dicts, read once.

    Where the page says a number in words, `<column>_exact` of a row is the number. `note`: a sentence that the page says of
    the rows, which stands in a last line. `more`: the other ui.tables.Tables of the page, each on a sheet of its own; in a CSV
    one beneath the other, each after an empty line and its caption.
    """
    head, lines = _plain(columns, rows)
    if note:
        lines = chain(lines, [[_cell(note), *[None] * (len(head) - 1)]])
    others = [(force_str(one.caption), *_plain(one.columns, one.rows)) for one in more]
    if kind == "csv":
        beneath = (chain([[], [_cell(caption)], titles], below) for caption, titles, below in others)
        every = chain([head], lines, chain.from_iterable(beneath))
        made = StreamingHttpResponse(chain([sheets.MARK], sheets.lines(every)), content_type=sheets.CSV)
    else:
        book = sheets.workbook(force_str(title or TITLES.get(name, name)), head, lines, more=others)
        made = StreamingHttpResponse(book, content_type=sheets.XLSX)
    made["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return made


def _plain(columns, rows):
    """(names of the columns, the rows as lists of plain values)."""
    names = [(f"{column.name}_exact", column.name) for column in columns]
    lines = ([_cell(row.get(exact, row.get(name))) for exact, name in names] for row in rows)
    return [force_str(column.label) for column in columns], lines


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
    if isinstance(value, (float, Decimal)):
        return _short(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, datetime):  # in the reader's zone, as on the page
        return timezone.localtime(value).replace(tzinfo=None).isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    text = force_str(value).strip()
    return f"'{text}" if text.startswith(FORMULA) else text


def _short(value):
    """A number without the digits of a division that nobody asked for."""
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and exponent > 0:  # 0E+4: nothing, divided
            return value.quantize(Decimal(1))
        if (
            isinstance(exponent, int) and exponent < -AMOUNT and value == value.to_integral_value()
        ):  # a count, summed
            return value.quantize(Decimal(1))
        if not isinstance(exponent, int) or exponent >= -PLACES:
            return value
    return round(value, PLACES)
