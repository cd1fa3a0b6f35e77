"""Which cells of an .xlsx have a look that matters: its styles, and the style of each cell of a sheet."""

import re
import zipfile
from posixpath import join, normpath
from xml.etree import ElementTree

from looks import look

PLACE = re.compile(r"([A-Z]+)(\d+)")


def looks(file, sheet):
    """Yield (row, column, meaning) of the cells of the sheet of that name; both count from 0."""
    with zipfile.ZipFile(file) as archive:
        styles = _styles(archive)
        if not styles:
            return
        with archive.open(_part(archive, sheet)) as part:
            for row, column, style in _cells(part):
                if meaning := styles.get(style):
                    yield row, column, meaning


def _cells(part):
    """(row, column, style) of each cell, in flat memory; cells and rows that do not say where they are follow the last."""
    row = column = -1
    for _event, element in ElementTree.iterparse(part, events=("start",)):
        name = element.tag.rpartition("}")[2]
        if name == "sheetData":
            rows = element
        elif name == "row":
            rows.clear()
            cells, column = element, -1
            row = int(element.get("r", row + 2)) - 1
        elif name == "c":
            cells.clear()
            place = PLACE.fullmatch(element.get("r", ""))
            column = _column(place[1]) if place else column + 1
            yield row, column, element.get("s")


def _styles(archive):
    """{number of a cell's style, as text: what its format means}."""
    root = ElementTree.fromstring(archive.read("xl/styles.xml"))
    codes = {one.get("numFmtId"): one.get("formatCode") for one in root.findall("{*}numFmts/{*}numFmt")}
    kinds = [one.get("numFmtId") for one in root.findall("{*}cellXfs/{*}xf")]
    found = {str(number): look(codes[kind]) for number, kind in enumerate(kinds) if kind in codes}
    return {number: meaning for number, meaning in found.items() if meaning}


def _part(archive, sheet):
    """The name of the sheet's part in the archive."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    (key,) = (
        value
        for one in book.findall("{*}sheets/{*}sheet")
        if one.get("name") == sheet
        for name, value in one.attrib.items()
        if name.endswith("}id")
    )
    (target,) = (one.attrib["Target"] for one in links if one.get("Id") == key)
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _column(letters):
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
