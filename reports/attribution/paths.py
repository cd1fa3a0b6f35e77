"""Tables of paths: which channels were met in which order, and how often that ended in a conversion or in none."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path as File

DELIMITERS = ",;\t"
NONE = "\x1f"  # what parts the cells of a table of one column
NAMES = {
    "path": {"path", "paths"},
    "conversions": {"conversions", "conversion", "total_conversions", "conv"},
    "value": {"value", "values", "conversion_value", "total_conversion_value", "revenue"},
    "nulls": {"nulls", "null", "total_null", "total_nulls"},
}


class BadTable(ValueError):
    """The table cannot be read; says why, and in which line."""


@dataclass(frozen=True)
class Path:
    """One way through the channels: `conversions` people went it and bought for `value` in all, `nulls` did not buy."""

    channels: tuple[str, ...]
    conversions: float = 1.0
    value: float = 0.0
    nulls: float = 0.0


def read(file):
    """The Paths of a CSV file (comma, semicolon or tab; UTF-8) with columns path, conversions, value and nulls.

    A path is written `a > b > c`. Without a column of conversions each row is one; a table with the one column is of whole
    lines, whatever stands in them. Raises BadTable, OSError.
    """
    text = File(file).read_bytes()
    if not text.strip():
        raise BadTable("The file is empty.")
    try:
        return parse(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadTable("The file is not UTF-8.") from None
    except csv.Error as error:
        raise BadTable(f"The file cannot be read as a table: {error}.") from None


def unknown(file):
    """The names of the columns beside the path where none of them is known, so that every row counts as one conversion."""
    _delimiter, _rows, names = _opened(File(file).read_text(encoding="utf-8-sig"))
    if set(_columns(names)) != {"path"}:
        return []
    return [name.strip() for name in names if name.strip() and name.strip().casefold() not in NAMES["path"]]


def _opened(text):
    """(what parts its cells, its rows, the names in the first of them) of a table."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=head.count) if any(one in head for one in DELIMITERS) else NONE
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    return delimiter, rows, next((row for row in rows if any(cell.strip() for cell in row)), [])


def parse(text):
    """The Paths of a table as text; see `read`."""
    delimiter, rows, names = _opened(text)
    columns, found = _columns(names), []
    for row in rows:
        if any(cell.strip() for cell in row[len(names) :]):
            raise BadTable(
                f"Line {rows.line_num} has more cells than the first line: quote a cell that holds {delimiter!r}."
            )
        if any(cell.strip() for cell in row):
            found.append(_path(row, columns, delimiter, rows.line_num))
    return found


def _columns(head):
    """{what: place} of the header row."""
    found = {}
    for place, cell in enumerate(head):
        name = cell.strip().casefold().replace(" ", "_")
        for what, names in NAMES.items():
            if name in names and what not in found:
                found[what] = place
    if "path" not in found:
        raise BadTable("The table has no column named path.")
    return found


def _path(row, columns, delimiter, line):
    cells = {what: row[place].strip() if place < len(row) else "" for what, place in columns.items()}
    numbers = {
        what: _number(cells[what], what, delimiter, line)
        for what in ("conversions", "value", "nulls")
        if what in cells
    }
    channels = tuple(name for name in (part.strip() for part in cells["path"].split(">")) if name)
    return Path(channels, **numbers)


def _number(text, what, delimiter, line):
    """A count or an amount, not negative; nothing is 0. A comma is a decimal point unless it parts the cells."""
    if not text:
        return 0.0
    try:
        number = float(text.replace(",", ".") if delimiter != "," else text)
    except ValueError:
        number = float("nan")
    if not 0 <= number < float("inf"):
        raise BadTable(f"Line {line}: {what} is {text[:40]!r}, not a number from 0.")
    return number
