"""Which cells of an .xls have a look that matters. Sources: [MS-CFB] for the compound file, [MS-XLS] for its records."""

import struct

from looks import look

BOF, EOF, SHEET, FORMAT, STYLE = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0
NUMBER, SHORT, SHORTS, FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006
BIFF8 = 0x0600
LAST = 0xFFFFFFFA  # sectors from here on are marks, not numbers


def looks(file, sheet):
    """Yield (row, column, meaning) of the cells of the sheet of that name; both count from 0."""
    book = _stream(file.read())
    begin, styles = None, []
    codes = {}
    for kind, data in _records(book, 0):
        if kind == BOF and struct.unpack_from("<H", data)[0] != BIFF8:
            return
        if kind == FORMAT:
            number, count, wide = struct.unpack_from("<HHB", data)
            codes[number] = _text(data[5:], count, wide)
        elif kind == STYLE:
            styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == SHEET and _text(data[8:], data[6], data[7]) == sheet:
            begin = struct.unpack_from("<I", data)[0]
    known = {code: look(text) for code, text in codes.items()}
    meanings = {number: known[code] for number, code in enumerate(styles) if known.get(code)}
    if begin is None or not meanings:
        return
    for kind, data in _records(book, begin):
        for row, column, style in _cells(kind, data):
            if style in meanings:
                yield row, column, meanings[style]


def _cells(kind, data):
    """(row, column, style) of the numbers in a record."""
    if kind in (NUMBER, SHORT, FORMULA):
        yield struct.unpack_from("<HHH", data)
    elif kind == SHORTS:
        row, first = struct.unpack_from("<HH", data)
        for number in range((len(data) - 6) // 6):
            yield row, first + number, struct.unpack_from("<H", data, 4 + 6 * number)[0]


def _records(book, place):
    """(kind, data) of the records from a place to the end of its part."""
    while place + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, place)
        yield kind, book[place + 4 : place + 4 + size]
        if kind == EOF:
            return
        place += 4 + size


def _text(data, count, wide):
    return data[: count * 2].decode("utf-16-le") if wide & 1 else data[:count].decode("latin-1")


# -- the compound file -------------------------------------------------------------------------------------------
def _stream(content):
    """The stream "Workbook"; raises KeyError where there is none."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    _tables, directory, _mark, least, small, _count, more, _many = struct.unpack_from("<8I", content, 44)
    tables = [one for one in struct.unpack_from("<109I", content, 76) if one < LAST]
    while more < LAST:
        numbers = struct.unpack_from(f"<{size // 4}I", content, size * (more + 1))
        tables += [one for one in numbers[:-1] if one < LAST]
        more = numbers[-1]
    packed = b"".join(_sector(content, number, size) for number in tables)
    chain = struct.unpack(f"<{len(packed) // 4}I", packed)
    entries = {}
    names = _chained(content, directory, chain, size)
    for place in range(0, len(names), 128):
        length = struct.unpack_from("<H", names, place + 64)[0]
        name = names[place : place + max(length - 2, 0)].decode("utf-16-le")
        entries[name] = struct.unpack_from("<II", names, place + 116)
    first, length = entries["Workbook"]
    if length >= least:
        return _chained(content, first, chain, size)[:length]
    pool = _chained(content, entries["Root Entry"][0], chain, size)
    links = _chained(content, small, chain, size)
    links = struct.unpack(f"<{len(links) // 4}I", links)
    return _chained(pool, first, links, 64, 0)[:length]


def _sector(content, number, size, header=1):
    return content[size * (number + header) : size * (number + header + 1)]


def _chained(content, first, chain, size, header=1):
    """The sectors of a chain; one that runs in a circle ends."""
    parts, number = [], first
    while number < LAST and len(parts) <= len(chain):
        parts.append(_sector(content, number, size, header))
        number = chain[number]
    return b"".join(parts)
