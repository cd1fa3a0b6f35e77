"""The child process that reads a workbook: run as a folder, with its own bounds on memory and processor time.

    child list FILE            names of sheets with rows, as JSON
    child write FILE SHEET OUT the sheet as CSV, the row's number first

Exit code 2 with a line on stderr: the workbook cannot be read.
"""

import csv
import datetime
import json
import resource
import struct
import sys
from xml.etree.ElementTree import ParseError

import xls
import xlsx
from looks import shown
from python_calamine import CalamineError, SheetVisibleEnum, load_workbook

MEMORY, SECONDS = 1_500_000_000, 100


def main(arguments):
    """Do what the arguments say."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        with open(arguments[1], "rb") as file:
            book = load_workbook(file)  # by its content: given a path, the ending would decide
            if arguments[0] == "list":
                json.dump(filled(book), sys.stdout)
            else:
                write(book.get_sheet_by_name(arguments[2]), file, arguments[3])
    except (CalamineError, ValueError, OSError) as error:
        sys.stderr.write(str(error))
        return 2
    return 0


def filled(book):
    """Names of the visible sheets that hold anything; chart sheets cannot be read at all."""
    names = []
    for sheet in book.sheets_metadata:
        try:
            if sheet.visible == SheetVisibleEnum.Visible and book.get_sheet_by_name(sheet.name).height:
                names.append(sheet.name)
        except CalamineError:
            continue
    return names


def write(sheet, file, target):
    """The rows as text, a cell merged over rows repeated in each of them."""
    rows = sheet.to_python(skip_empty_area=False)
    dress(rows, file, sheet.name)
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        for row in range(top + 1, min(bottom + 1, len(rows))):
            if left < len(rows[top]):
                rows[row][left] = rows[top][left]
    with open(target, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for number, cells in enumerate(rows, 1):
            texts = [text(cell) for cell in cells]
            if any(texts):
                writer.writerow([number, *texts])


def dress(rows, file, sheet):
    """Numbers whose format adds leading zeros or a currency, as one sees them. A look that cannot be read stops nobody."""
    file.seek(0)
    reader = xlsx if file.read(2) == b"PK" else xls
    file.seek(0)
    try:
        for row, column, meaning in reader.looks(file, sheet):
            if row < len(rows) and column < len(rows[row]) and type(rows[row][column]) in (int, float):
                rows[row][column] = shown(rows[row][column], meaning) or rows[row][column]
    except (KeyError, IndexError, TypeError, ValueError, struct.error, ParseError):
        return


def text(cell):
    """A cell as one would type it: whole numbers without exponent or point, dates in ISO form."""
    kind = type(cell)
    if kind is str:
        return cell
    if kind is float:
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e17 else repr(cell)
    if kind is bool:
        return "true" if cell else "false"
    if kind is datetime.datetime:
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ", "seconds")
    if kind is datetime.timedelta:
        return str(cell)
    return str(cell)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
