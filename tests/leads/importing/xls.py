"""A real .xls, written by hand: BIFF8 records in a compound file, as Excel 97 to 2003 saved them."""

import struct
from datetime import date

FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
DAY_FORMAT = 14  # Excel's own number for short dates
OWN_FORMATS = 164  # from here on a workbook numbers its own
SECTOR = 512


def xls(rows, title="Leads"):
    """The bytes of a workbook of one sheet; cells are text, numbers, numbers with the code of their format, dates or None."""
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    codes = list(dict.fromkeys(cell[1] for cells in rows for cell in cells if isinstance(cell, tuple)))
    for number, code in enumerate(codes, OWN_FORMATS):
        head += _record(0x041E, struct.pack("<HHB", number, len(code), 1) + code.encode("utf-16-le"))
    for number in (0, DAY_FORMAT, *range(OWN_FORMATS, OWN_FORMATS + len(codes))):
        head += _record(0x00E0, struct.pack("<HHH", 0, number, 0) + bytes(14))
    name = struct.pack("<BB", len(title), 0) + title.encode("latin-1")
    begin = len(head) + 4 + 6 + len(name) + 4
    head += _record(0x0085, struct.pack("<IBB", begin, 0, 0) + name) + _record(0x000A, b"")
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
    width = max(map(len, rows))
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            sheet += _cell(row, column, cell, codes)
    return _compound(head + sheet + _record(0x000A, b""))


def _cell(row, column, cell, codes):
    style = 2 + codes.index(cell[1]) if isinstance(cell, tuple) else isinstance(cell, date)
    place = struct.pack("<HHH", row, column, style)
    if isinstance(cell, tuple):
        cell = cell[0]
    if cell is None:
        return b""
    if isinstance(cell, date):
        cell = float((cell - date(1899, 12, 30)).days)
    if isinstance(cell, int | float):
        return _record(0x0203, place + struct.pack("<d", cell))
    return _record(0x0204, place + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))


def _record(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


def _compound(stream):
    """The stream "Workbook" in a compound file: header, the stream's sectors, the directory, the table of sectors."""
    stream = stream.ljust(4096, b"\0")
    stream += bytes(-len(stream) % SECTOR)
    count = len(stream) // SECTOR
    chain = [*range(1, count), END, END, TABLE]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    directory = _entry("Root Entry", 5, END, 0, 1) + _entry("Workbook", 2, 0, len(stream), FREE)
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, count, 0, 4096, END, 0, END, 0)
    header += struct.pack("<I", count + 1).ljust(436, b"\xff")
    return header + stream + directory.ljust(SECTOR, b"\0") + table


def _entry(name, kind, start, size, child):
    text = name.encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1)
    return head + struct.pack("<III", FREE, FREE, child) + bytes(36) + struct.pack("<IQ", start, size)
