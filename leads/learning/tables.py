"""A table to learn from: each column its distinct texts and, for each row, which one stands there (−1: nothing)."""

import csv
from array import array
from dataclasses import dataclass

import numpy as np

from leads.importing.problems import EncodingUnknown
from leads.importing.reading import encodings
from leads.learning import cells

SNIFFED = 64 * 1024  # characters
LONGEST = 1 << 27  # of a cell: mails with all their quotes
MOST_COLUMNS = 300  # of records; whoever sends a key of its own with each lead fills no memory


@dataclass(frozen=True)
class Column:
    """`texts` are distinct; `codes` (n,) int32 point into them, −1 where the cell says nothing."""

    name: str
    texts: list[str]
    codes: np.ndarray

    @property
    def filled(self):
        """(n,) bool."""
        return self.codes >= 0

    def spread(self, by_text, otherwise):
        """One value for each row: `by_text` has one for each distinct text, `otherwise` stands for nothing."""
        return np.append(np.asarray(by_text), otherwise)[self.codes]

    def take(self, rows):
        """The same column of some rows (indexes or a mask)."""
        return Column(self.name, self.texts, self.codes[rows])


class Table(dict):
    """{name: Column}, all of one length `n`."""

    def __init__(self, columns, n):
        super().__init__((column.name, column) for column in columns)
        self.n = n

    def take(self, rows):
        """The table of some rows (indexes or a mask)."""
        columns = [column.take(rows) for column in self.values()]
        return Table(columns, int(np.arange(self.n)[rows].size))


def from_rows(names, rows):
    """A Table of an iterable of sequences of text or None; each distinct text is kept once."""
    known, codes = [{} for _ in names], [[] for _ in names]
    read, n = [{} for _ in names], 0
    for row in rows:
        n += 1
        for place, cell in enumerate(row[: len(names)]):
            if cell not in read[place]:
                said = cells.text(cell)
                read[place][cell] = -1 if said is None else known[place].setdefault(said, len(known[place]))
            codes[place].append(read[place][cell])
        for place in range(len(row), len(names)):
            codes[place].append(-1)
    return Table(
        (
            Column(name, list(texts), np.asarray(marks, dtype=np.int32))
            for name, texts, marks in zip(names, known, codes, strict=True)
        ),
        n,
    )


def from_records(records):
    """A Table of dicts {name: text or None}, whose names need not all be the same: a name not given is nothing."""
    known, codes, n = {}, {}, 0
    for n, record in enumerate(records, 1):
        for name, cell in record.items():
            if name not in known and len(known) == MOST_COLUMNS:
                continue
            texts, marks = known.setdefault(name, {}), codes.setdefault(name, array("i"))
            marks.extend([-1] * (n - 1 - len(marks)))
            said = cells.text(cell)
            marks.append(-1 if said is None else texts.setdefault(said, len(texts)))
    for marks in codes.values():
        marks.extend([-1] * (n - len(marks)))
    return Table(
        (
            Column(name, list(texts), np.frombuffer(codes[name], dtype=np.int32))
            for name, texts in known.items()
        ),
        n,
    )


def read_csv(path, named=""):
    """The Table of a file with a header line; comma, semicolon, tab or bar, with or without a byte-order mark.

    Text that is no Unicode is read in the encoding in which a column is called `named`, else in the likeliest. A column
    without a name is called after its place. Raises ValueError for what is no such table, for a file without rows or
    with a column twice; OSError.
    """
    with open(path, encoding=_encoding(path, named), newline="") as file:
        limit = csv.field_size_limit(LONGEST)
        try:
            return _read(file)
        except (csv.Error, UnicodeDecodeError) as error:
            raise ValueError(f"The file cannot be read as a table in text: {error}.") from None
        finally:
            csv.field_size_limit(limit)


def _read(file):
    start = file.read(SNIFFED)
    if not start.strip():
        raise ValueError("The file is empty.")
    file.seek(0)
    lines = (line.replace("\0", "") for line in file)
    rows = csv.reader(lines, delimiter=_delimiter(start))
    names = [name.strip() or f"column {place}" for place, name in enumerate(next(rows, []), 1)]
    if not names or len(set(names)) < len(names):
        raise ValueError("The first line must name each column once.")
    table = from_rows(names, (row for row in rows if row))
    if not table.n:
        raise ValueError("The file has no rows below its first line.")
    return table


def _encoding(path, named):
    with open(path, "rb") as file:
        start = file.read(SNIFFED)
    if start[:4] == b"PK\x03\x04":
        raise ValueError("This is a workbook or an archive: save its sheet as CSV.")
    try:
        return encodings.recognise(path)
    except EncodingUnknown as unknown:
        found = [encodings.codec(name) for name, _preview in unknown.candidates]
    if not found:
        raise ValueError("This is no table in text.")
    return next(
        (one for one in found if named and named in start.decode(one, "ignore").partition("\n")[0]), found[0]
    )


def _delimiter(start):
    """The mark that splits the first lines into the most cells of a like number."""
    lines = [line for line in start.splitlines()[:50] if line.strip()]

    def fit(mark):
        counts = [len(row) for row in csv.reader(lines[:-1] or lines, delimiter=mark)]
        return sum(count == counts[0] for count in counts) * (counts[0] > 1), counts[0]

    return max(",;\t|", key=fit)
