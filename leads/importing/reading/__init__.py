"""Reading a file of rows, CSV or Excel, as one stream of (line, cells, problem)."""

from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from django.utils.translation import gettext as _

from leads.importing.problems import FileRefused, SheetUnknown
from leads.importing.reading import encodings, texts, workbooks
from pipeline.identities import clean_text

LOOKED_AT = 20  # rows in which the header is looked for
REASON = "reason"  # the column of a file of rejects that says why


@dataclass(frozen=True)
class Layout:
    """How a file is to be read, settled once: `path` is of text, also for a workbook (its sheet unfolded as CSV).

    `header` are the cleaned names of the columns; `header_line` the line on which they stand.
    """

    path: str
    encoding: str
    delimiter: str
    header: tuple
    header_line: int
    sheet: str = ""

    @property
    def excel(self):
        """Whether the rows come from a workbook."""
        return bool(self.sheet)


def settle(path, *, encoding="", delimiter="", sheet="", header_line=0, expected=()) -> Layout:
    """Find out how to read the file. Raises FileRefused, EncodingUnknown or SheetUnknown.

    `expected` are names of columns that the mapping knows: the first row that holds most of them is the header.
    """
    path = str(path)
    if Path(path).stat().st_size == 0:
        raise FileRefused(_("The file is empty."))
    if workbooks.is_workbook(path):
        path, sheet = _unfolded(path, sheet)
        encoding, delimiter = "utf-8", ","
    elif not encodings.is_text(path):
        raise FileRefused(
            _("The file is no table but a picture, a PDF or the like: save the rows as Excel or CSV.")
        )
    else:
        sheet = ""
        encoding = texts.settle_encoding(path, encoding)
        delimiter = texts.settle_delimiter(path, encoding, delimiter)
    layout = Layout(path, encoding, delimiter, (), header_line, sheet)
    line, names = _find_header(layout, expected)
    return Layout(path, encoding, delimiter, _checked(names), line, sheet)


def rows(layout):
    """Yield (line, cells, problem) below the header; cells are padded or cut to the header where only blanks differ.

    What a file of rejects holds in spare columns was too much in its first file, and still is.
    """
    width, spare = len(layout.header), surplus(layout.header)
    named = width - 1 - spare
    for line, cells, problem in _records(layout):
        if line <= layout.header_line:
            continue
        count = len(cells)
        if count > width and not any(cells[width:]):
            cells = cells[:width]
        elif count < width and layout.excel:
            cells = cells + [""] * (width - count)
        if len(cells) != width and not problem:
            problem = _("the row has %(count)d of %(width)d columns") % {"count": count, "width": width}
        elif spare and not problem and any(cells[named:-1]):
            count = max(number for number, cell in enumerate(cells[:-1], 1) if cell)
            problem = _("the row has %(count)d of %(width)d columns") % {"count": count, "width": named}
        yield line, cells, problem


def surplus(header):
    """How many unnamed columns stand before the reason in a file of rejects: for cells beyond the columns of the first file."""
    if not header or header[-1].casefold() != REASON:
        return 0
    return sum(1 for _name in takewhile(lambda name: not name, reversed(header[:-1])))


def forget(path):
    """Delete what was unfolded from the workbook at `path`; it is unfolded again when it is asked for."""
    workbooks.forget(path)


def _unfolded(path, sheet):
    names = workbooks.sheets(path)
    if not names:
        raise FileRefused(_("The workbook holds no rows."))
    if not sheet and len(names) > 1:
        raise SheetUnknown(names)
    if sheet and sheet not in names:
        raise FileRefused(
            _("The workbook has no sheet “%(sheet)s”; it has: %(sheets)s")
            % {"sheet": sheet, "sheets": ", ".join(names)}
        )
    sheet = sheet or names[0]
    return workbooks.unfolded(path, sheet, names.index(sheet)), sheet


def _records(layout):
    """Records with the numbers that people see: of lines in a text, of rows in a sheet."""
    try:
        with texts.open_text(layout.path, layout.encoding) as file:
            for line, cells, problem in texts.records(file, layout.delimiter):
                if layout.excel:
                    yield int(cells[0]), cells[1:], problem
                else:
                    yield line, cells, problem
    except UnicodeError as error:
        raise FileRefused(
            _("The file is not in %(encoding)s: %(error)s") % {"encoding": layout.encoding, "error": error}
        ) from None


def _find_header(layout, expected):
    """(line, names) of the header: as told, else by the columns that the mapping expects, else by its look."""
    expected = {name.casefold() for name in expected}
    seen = []
    for line, cells, _problem in _records(layout):
        names = [clean_text(cell) for cell in cells]
        if layout.header_line and line >= layout.header_line:
            return line, names
        if expected and expected <= {name.casefold() for name in names}:
            return line, names
        seen.append((line, names))
        if len(seen) == LOOKED_AT:
            break
    if not seen:
        raise FileRefused(_("The file holds no rows."))
    return _likeliest(seen, expected)


def _likeliest(seen, expected):
    """The first row that names most expected columns; without any, the first that is as wide as the rows below it."""

    def known(names):
        return len(expected & {name.casefold() for name in names})

    best = max(known(names) for _line, names in seen)
    if best:
        return next(one for one in seen if known(one[1]) == best)
    widest = max(_width(names) for _line, names in seen)
    return next(one for one in seen if _width(one[1]) * 2 > widest)


def _width(names):
    return sum(map(bool, names))


def _checked(names):
    """The names without empty ones at the end. Raises FileRefused where two columns share a name."""
    while names and not names[-1]:
        names = names[:-1]
    seen = {}
    for position, name in enumerate(names, 1):
        other = seen.setdefault(name.casefold(), (name, position)) if name else (name, position)
        if other[1] != position:
            raise FileRefused(
                _(
                    "Two columns have one name: “%(first)s” (column %(one)d) and “%(second)s” (column %(two)d). Rename one."
                )
                % {"first": other[0], "one": other[1], "second": name, "two": position}
            )
    return tuple(names)
