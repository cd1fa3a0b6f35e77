"""CSV as a stream of lines and records: delimiter, line numbers, and quotes that never swallow the rest."""

import csv
import re
from collections import deque

from leads.importing.problems import FileRefused
from leads.importing.reading.encodings import codec, mark, recognise
from leads.importing.wording import gettext as _

DELIMITERS = (",", ";", "\t", "|")
LONGEST_LINE = 1 << 20
LONGEST_CELL = 131_072
SEPARATOR_LINE = re.compile(r"sep=(.)\s*")
csv.field_size_limit(LONGEST_CELL)


class Lines:
    """The lines of a file, holding those of the record being read so that a bad one can be given back."""

    def __init__(self, file):
        self.file, self.held, self.again, self.number = file, [], deque(), 0

    def __iter__(self):
        return self

    def __next__(self):
        line = self.again.popleft() if self.again else self.file.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.held.append(line)
        return line

    def settle(self):
        """The record is read: forget its lines. Returns the number of its first line."""
        first = self.number + 1
        self.number += len(self.held)
        self.held.clear()
        return first

    def give_back(self):
        """The record is broken: keep only its first line, read the others again. Returns (number, text)."""
        self.number += 1
        broken = self.held[0] if self.held else ""
        self.again.extendleft(reversed(self.held[1:]))
        self.held.clear()
        return self.number, broken.rstrip("\r\n")


def open_text(path, encoding):
    """The file as text. A byte that the encoding does not know stays visible as half of a surrogate pair."""
    name = codec(encoding)
    errors = "strict" if name.startswith(("utf-16", "utf-32")) else "surrogateescape"
    return open(path, encoding=name, errors=errors, newline="")


def settle_encoding(path, wished):
    """The encoding to read with: what a mark at the beginning says, else the wished one, else the recognised one."""
    if marked := mark(path):
        return marked
    if not wished or wished.lower().replace("_", "-") in {"utf-8", "utf8"}:
        return "utf-8-sig" if wished else recognise(path)
    try:
        codec(wished)
    except LookupError:
        raise FileRefused(_("“%(encoding)s” is not a known encoding.") % {"encoding": wished}) from None
    return wished


def settle_delimiter(path, encoding, wished=""):
    """The delimiter: the wished one, that of a line "sep=;", else the one that cuts the first lines most evenly."""
    if wished:
        return {"tab": "\t", "\\t": "\t"}.get(wished, wished)
    with open_text(path, encoding) as file:
        lines = [file.readline(LONGEST_LINE) for _number in range(30)]
    told = SEPARATOR_LINE.fullmatch(lines[0])
    if told:
        return told[1]
    return max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines, delimiter):
    """(rows of the most frequent width, that width) for widths above one."""
    try:
        widths = [len(row) for row in csv.reader(filter(None, lines), delimiter=delimiter) if len(row) > 1]
    except csv.Error:
        return 0, 0
    if not widths:
        return 0, 0
    common = max(set(widths), key=lambda width: (widths.count(width), width))
    return widths.count(common) * (common - 1), common


def records(file, delimiter):
    """Yield (line, cells, problem) of each record; `problem` says why it cannot be read, blank lines are left out."""
    lines = Lines(file)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if not lines.held:
                return
            number, text = lines.give_back()
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            yield number, [text], _explain(error)
            continue
        line = lines.settle()
        if line == 1 and len(cells) <= 2 and SEPARATOR_LINE.fullmatch(delimiter.join(cells)):
            continue
        if any(cells):
            yield line, cells, ""


def _explain(error):
    text = str(error)
    if "unexpected end of data" in text or "field larger" in text:
        return _("a quotation mark is opened and never closed")
    if "expected after" in text:
        return _("there is text after a closing quotation mark")
    return _("the line cannot be read: %(error)s") % {"error": text}
