"""Tables as files, written as a stream: the first bytes leave at once, and memory holds a few rows however many there are.

A workbook is a zip whose rows are packed as they come. openpyxl makes all of it but the rows; the parts of a zip may stand
in any order, so what names the sheets comes last, when their number is known.
"""

import csv
import re
from io import BytesIO
from itertools import chain, islice
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import INVALID_TITLE_REGEX

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
MARK = "\ufeff"  # tells spreadsheets that a CSV is UTF-8
MOST_ROWS = 1_048_576  # that a sheet may have, its head included
MOST_BYTES = (
    1_500_000_000  # of XML in a sheet: beyond 2 GiB a part needs an extension that spreadsheets do not read
)
LONGEST_TEXT = 32_767  # characters that a cell may hold
MOST_OF_TITLE = (
    28  # characters of the 31 that a sheet's title may have: openpyxl numbers those that are alike
)
BATCH = 500  # rows written at once
SENT_FROM = 64 * 1024  # bytes
LEVEL = 3  # of deflate: a third of the work of the usual 6 for a file a tenth larger
# What XML cannot say.
UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
PLAIN, BOLD, TEXT = 0, 1, 2  # the looks of a cell, in the order in which `_frame` makes them

OPENING = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>'
    '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
CLOSING = "</sheetData></worksheet>"


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text


def lines(rows, delimiter=","):
    """The rows (of anything that a CSV may hold) as lines of a CSV, each a str. Begin the file with MARK."""
    writer = csv.writer(_Echo(), delimiter=delimiter)
    return (writer.writerow(row) for row in rows)


def workbook(name, head, rows, *, as_text=False, more=()):
    """The bytes of an .xlsx, piece by piece: one sheet `name`, and more of them where there are more rows than a sheet holds.

    `head`: names of the columns; `rows`: any iterable of lists of as many numbers, texts and None, read once. `as_text`: cells are
    formatted as text, so that a spreadsheet leaves "007" alone. Texts stand as they are given: formulas are the caller's care.
    `more`: (name, head, rows) of further tables, on sheets of their own.
    """
    packed, look, titles = _Packed(), TEXT if as_text else PLAIN, []
    # The stubs ask for close(), but a ZipFile leaves a file open that it was given.
    with ZipFile(packed, "w", ZIP_DEFLATED, compresslevel=LEVEL) as zipped:  # type: ignore[call-overload]
        for title, columns, table in ((name, head, rows), *more):
            left, number, first = iter(table), 1, []
            while number == 1 or first:
                titles.append(title if number == 1 else f"{title[:25]} {number}")
                yield from _sheet(zipped, packed, len(titles), columns, chain(first, left), look)
                number, first = number + 1, list(islice(left, 1))
        for name_of, held in _frame(titles):
            with zipped.open(name_of, "w") as part:
                part.write(held)
    yield packed.taken()


class _Packed:
    """What a ZipFile has written and nobody has fetched yet. It cannot seek, so the zip says sizes after each part."""

    def __init__(self):
        self.pieces, self.size = [], 0

    def write(self, data):
        self.pieces.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self):
        """Nothing is held back."""

    def taken(self):
        """All of it, once."""
        pieces, self.pieces, self.size = self.pieces, [], 0
        return b"".join(pieces)


def _sheet(zipped, packed, number, head, rows, look):
    """Yields what is ready of one sheet, which takes as many of the rows as it may."""
    columns = [get_column_letter(at) for at in range(1, len(head) + 1)]
    with zipped.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
        part.write((OPENING + _row(1, head, columns, BOLD)).encode())
        yield packed.taken()
        place, size = 2, 0
        while size < MOST_BYTES and (batch := list(islice(rows, min(BATCH, MOST_ROWS + 1 - place)))):
            written = "".join(_row(at, row, columns, look) for at, row in enumerate(batch, place)).encode()
            size += part.write(written)
            place += len(batch)
            if packed.size >= SENT_FROM:
                yield packed.taken()
        part.write(CLOSING.encode())


def _row(number, row, columns, look):
    cells = [_cell(f"{column}{number}", value, look) for column, value in zip(columns, row, strict=True)]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(place, value, look):
    style = f' s="{look}"' if look else ""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return f'<c r="{place}"{style} t="b"><v>{value:d}</v></c>'
    if not isinstance(value, str):
        return f'<c r="{place}"{style}><v>{value}</v></c>'
    text = escape(UNSPEAKABLE.sub("", value)[:LONGEST_TEXT])
    kept = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f'<c r="{place}"{style} t="inlineStr"><is><t{kept}>{text}</t></is></c>'


def _frame(titles):
    """(name, bytes) of every part of a workbook with sheets of these titles but the sheets themselves."""
    book = Workbook()
    book.remove(book.active)
    for title in titles:
        sheet = book.create_sheet(INVALID_TITLE_REGEX.sub(" ", title)[:MOST_OF_TITLE])
    sheet["A1"].font = Font(bold=True)
    sheet["A2"].number_format = "@"
    made = BytesIO()
    book.save(made)
    with ZipFile(made) as parts:
        for part in parts.namelist():
            if not part.startswith("xl/worksheets/"):
                yield part, parts.read(part)
