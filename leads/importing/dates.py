"""Dates as files write them: in ISO form, in the column's format, as Excel counts days, or as a month."""

import re
from calendar import monthrange
from collections import Counter
from datetime import date, datetime
from itertools import compress

from leads.importing.values import Bad, is_nothing
from leads.importing.wording import gettext as _

MONTHS = {}
for _names in (
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "january february march april may june july august september october november december",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "янв фев мар апр май июн июл авг сен окт ноя дек",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jan feb mär apr mai jun jul aug sep okt nov dez",
):
    MONTHS.update({name: number for number, name in enumerate(_names.split(), 1)})
MONTHS["sept"] = 9
PARTS = {
    "%Y": r"(?P<Y>\d{4})", "%y": r"(?P<y>\d{2})", "%m": r"(?P<m>\d{1,2})", "%d": r"(?P<d>\d{1,2})", "%H": r"(?P<H>\d{1,2})",
    "%I": r"(?P<I>\d{1,2})", "%M": r"(?P<M>\d{2})", "%S": r"(?P<S>\d{2})", "%f": r"(?P<f>\d{1,6})", "%p": r"(?P<p>[AaPp]\.?[Mm]\.?)",
    "%b": r"(?P<b>[^\W\d_]+)\.?", "%B": r"(?P<b>[^\W\d_]+)\.?", "%z": r"(?P<z>Z|UTC|[+-]\d{2}:?\d{2})",
}  # fmt: skip
TIME = "[ %H:%M[:%S[.%f]][ %p]]"
CANDIDATES = tuple(
    day + TIME
    for day in (
        "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y",
        "%d-%m-%Y", "%m-%d-%Y", "%d %b %Y", "%d %b, %Y", "%b %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%d. %b %Y", "%d %b %Y г.",
    )
)  # fmt: skip
FIRST, LAST = "first", "last"  # day of a month that stands for the whole of it
WHOLE = (
    "%Y-%m",
    "%Y/%m",
    "%Y.%m",
    "%m.%Y",
    "%m/%Y",
    "%m-%Y",
    "%Y年%m月",
    "%b %Y",
    "%b, %Y",
    "%Y %b",
    "%b %Y г.",
)
ISO = "ISO"
SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
EXCEL_EPOCH = date(1899, 12, 30).toordinal()
FIRST_YEAR, LAST_YEAR = 1900, 2199
DIFFERENT = 2_000  # different cells that are looked at


class Dates:
    """Reads dates in the given formats (strptime's letters; what stands in [ ] may be missing), ISO always.

    Called with a cell it returns ISO text with the time, if any, or Bad. A year at the end may have two digits, of 1970
    to 2069. What no format reads may be a serial number, and with `whole` (FIRST or LAST) a month, which means that day of it.
    """

    def __init__(self, formats=(), whole=""):
        self.formats = tuple(formats)
        days = [one for one in formats if one != ISO]
        self.patterns = [compiled(one) for one in (*days, *filter(None, map(_shortened, days)))]
        self.whole = whole

    def __call__(self, cell):
        try:
            return read_iso(cell)
        except ValueError:
            pass
        for pattern in self.patterns:
            found = pattern.fullmatch(cell)
            if found:
                return _moment(found.groupdict())
        if serial := _serial(cell):
            return serial
        if self.whole and (found := in_month(cell)):
            return _moment(found | {"d": 1}) if self.whole == FIRST else _last(found)
        if self.whole and (found := DOTTED.fullmatch(cell)):
            return _moment(found.groupdict())
        return None if is_nothing(cell) else Bad(_("is not a date that can be read"))


def _shortened(wanted):
    """The same format with a year of two digits, "" where the year does not stand behind day and month: 26.11.28."""
    last = max(map(wanted.find, ("%d", "%m", "%b", "%B")))
    return wanted.replace("%Y", "%y") if wanted.find("%Y") > last else ""


def in_month(cell):
    """The parts of a cell that names a month and no day, such as 2026-11, 11/2026 or Nov 2026; None for any other."""
    found = next(filter(None, (pattern.fullmatch(cell) for pattern in MONTH_PATTERNS)), None)
    return found and found.groupdict()


def _last(parts):
    """The last day of a month."""
    first = _moment(parts | {"d": 1})
    if isinstance(first, Bad):
        return first
    day = date.fromisoformat(first)
    return day.replace(day=monthrange(day.year, day.month)[1]).isoformat()


def read_iso(cell):
    """The ISO date or moment; raises ValueError for anything else, such as digits without separators."""
    if cell[4:5] != "-":
        raise ValueError(cell)
    moment = datetime.fromisoformat(cell)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return Bad(_("lies outside of the years that can be stored"))
    return cell


def compiled(wanted):
    """The pattern of a format. Raises ValueError for a letter that is not known."""
    pattern = ""
    for piece in re.findall(r"%.|\[|\]|\s+|.", wanted):
        if piece in "[]":
            pattern += "(?:" if piece == "[" else ")?"
        elif piece.startswith("%"):
            if piece not in PARTS:
                raise ValueError(wanted)
            pattern += PARTS[piece]
        else:
            pattern += r"\s+" if piece.isspace() else re.escape(piece)
    return re.compile(pattern, re.IGNORECASE)


MONTH_PATTERNS = [compiled(one) for one in WHOLE]
DOTTED = compiled("%d.%m.%Y")  # among months, where no format of days shows: between dots the day is first


def _moment(parts):
    month = parts.get("m") or MONTHS.get((parts.get("b") or "").casefold())
    short = parts.get("y")
    year = int(parts.get("Y") or 0) or (int(short) + (1900 if int(short) >= 70 else 2000))
    hour = int(parts.get("H") or parts.get("I") or 0)
    half = (parts.get("p") or "").lower()[:1]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    fraction = int((parts.get("f") or "0").ljust(6, "0"))
    try:
        moment = datetime(
            year,
            int(month or 0),
            int(parts["d"]),
            hour,
            int(parts.get("M") or 0),
            int(parts.get("S") or 0),
            fraction,
        )
    except ValueError:
        return Bad(_("is not a day of the calendar"))
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return Bad(_("lies outside of the years that can be stored"))
    zone = parts.get("z") or ""
    if zone:
        return moment.isoformat(" ") + ("+00:00" if zone[0].upper() in "ZU" else zone)
    return moment.isoformat(" ") if parts.get("H") or parts.get("I") else moment.date().isoformat()


def _serial(cell):
    """A day as Excel counts them, with the time as a fraction: 46146.5 is noon of 2026-05-04."""
    serial = float(cell.replace(",", ".")) if SERIAL.fullmatch(cell) else 0
    if not 20_000 <= serial < 80_000:  # 1954 to 2119
        return None
    day = date.fromordinal(EXCEL_EPOCH + int(serial))
    seconds = round(serial % 1 * 86_400)
    if not seconds:
        return day.isoformat()
    return f"{day} {seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def date_formats(cells):
    """The formats that read most of the cells (ISO and serial numbers need none), one for each way to understand them.

    One format: unambiguous. Several: they read some cell as different days. None: nothing fits. A cell counts as often
    as it stands there: a few odd ones say nothing against a day on which all others were written.
    """
    counted = dict(Counter(cells).most_common(DIFFERENT))
    cells = [cell for cell in counted if not is_nothing(cell) and not _is_iso(cell) and not _serial(cell)]
    if not cells:
        return [ISO]
    often = [counted[cell] for cell in cells]
    ways = {wanted: tuple(map(Dates([wanted]), cells)) for wanted in CANDIDATES}
    unread = [all(map(_is_bad, read)) for read in zip(*ways.values(), strict=True)]
    # 31.02. is no day, and says nothing against the others
    shaped = [alone and _is_shaped(cell) for cell, alone in zip(cells, unread, strict=True)]
    count = sum(often) - sum(compress(often, shaped))
    readings = {}
    for wanted, read in ways.items():
        fits = sum(often) - sum(compress(often, map(_is_bad, read)))
        if fits * 2 > count:
            readings.setdefault((fits, read), wanted)
    best = max((fits for fits, _read in readings), default=0)
    return [wanted for (fits, _read), wanted in readings.items() if fits == best]


def _is_bad(read):
    return isinstance(read, Bad)


def _is_shaped(cell):
    return any(compiled(wanted).fullmatch(cell) for wanted in CANDIDATES)


def _is_iso(cell):
    try:
        return bool(read_iso(cell))
    except ValueError:
        return False
