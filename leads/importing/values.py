"""Cells into values: numbers, money, dates and choices, as text that PostgreSQL reads.

A converter takes a cleaned cell that is not empty and returns text, None where the cell says "nothing", or a `Bad`
with the reason in plain words. All are pure and fast for the plain case.
"""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import gettext as _

from leads.importing.currencies import PATTERN, Signed

NOTHING = frozenset(
    {"-", "–", "—", "n/a", "#n/a", "na", "nan", "null", "none", "nil", "\\n", "无", "нет данных"}
)
PLAIN = re.compile(r"-?\d{1,14}(?:\.\d{1,4})?")
SCALES = {
    "": 1, "k": 10**3, "тыс": 10**3, "千": 10**3, "tsd": 10**3, "万": 10**4, "萬": 10**4, "m": 10**6, "mn": 10**6,
    "mio": 10**6, "млн": 10**6, "百万": 10**6, "亿": 10**8, "億": 10**8, "b": 10**9, "bn": 10**9, "mrd": 10**9, "млрд": 10**9,
}  # fmt: skip
MONEY = re.compile(
    rf"(?P<open>\()?\s*(?P<minus>[-+−]?)\s*(?:(?P<before>{PATTERN})\.?)?\s*(?P<minus2>[-−]?)\s*"
    rf"(?P<number>[\d.,][\d.,'’\s]*)\s*(?P<scale>{'|'.join(sorted(filter(None, SCALES), key=len, reverse=True))})?\.?"
    rf"\s*(?:(?P<after>{PATTERN})\.?)?\s*(?P<close>\))?",
    re.IGNORECASE,
)
GROUPED = {
    ".": re.compile(r"(?:\d{1,3}(?:[,'’\s]\d{3})+|\d+)?(?:\.\d*)?"),
    ",": re.compile(r"(?:\d{1,3}(?:[.'’\s]\d{3})+|\d+)?(?:,\d*)?"),
}
NOT_DIGIT = re.compile(r"[^\d.,]")
COMMA_IS_DECIMAL = re.compile(
    r"(?:^|[^\d.,])(?:\d+,(?:\d{1,2}|\d{4,})|\d{4,},\d+|\d{1,3}(?:\.\d{3})+,\d+|0,\d+|\d{1,3}(?:\.\d{3}){2,})(?!\S*[\d.,])"
)
POINT_IS_DECIMAL = re.compile(
    r"(?:^|[^\d.,])(?:\d+\.(?:\d{1,2}|\d{4,})|\d{4,}\.\d+|\d{1,3}(?:,\d{3})+\.\d+|0\.\d+|\d{1,3}(?:,\d{3}){2,})(?!\S*[\d.,])"
)
TWO_WAYS = re.compile(r"(?:^|[^\d.,])[1-9]\d{0,2}[.,]\d{3}(?![.,'’]?\d)")
LOST_DIGITS = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
STORED = Decimal("0.0001")
YES = frozenset({"yes", "y", "true", "t", "1", "x", "да", "д", "истина", "是", "对", "ja"})
NO = frozenset({"no", "n", "false", "f", "0", "нет", "ложь", "否", "不", "nein"})


class Bad(str):
    """Why a cell cannot be taken."""

    __slots__ = ()


def is_nothing(cell):
    """Whether the cell is a way to write nothing."""
    return cell.casefold() in NOTHING


def decimal_mark(cells):
    """ "," or "." as the cells show it, or None where nothing tells (or they contradict each other)."""
    comma = any(COMMA_IS_DECIMAL.search(cell) for cell in cells)
    point = any(POINT_IS_DECIMAL.search(cell) for cell in cells)
    return None if comma == point else "," if comma else "."


def reads_two_ways(cell):
    """Whether the number is another one, a thousandfold, depending on which mark is the decimal one: 1.234 or 12,500."""
    return bool(TWO_WAYS.search(cell))


def money(cell, decimal="."):
    """An amount such as "$1,117.10K", "(1 200)", "1.234,56 €" or "12万", to four places; Signed where it names a currency."""
    if decimal == "." and PLAIN.fullmatch(cell):
        return cell
    amount = number(cell, decimal)
    if not isinstance(amount, Decimal):
        return amount
    stored = str(amount.quantize(STORED, ROUND_HALF_UP))
    found = MONEY.fullmatch(cell)
    signs = tuple(filter(None, (found["before"], found["after"]))) if found else ()
    return Signed(stored, signs) if signs else stored


def integer(cell, decimal="."):
    """A whole number."""
    if cell.isascii() and cell.isdigit() and len(cell) < 19:
        return cell
    amount = number(cell, decimal)
    if isinstance(amount, Decimal) and amount != amount.to_integral_value():
        return Bad(_("is not a whole number"))
    return str(int(amount)) if isinstance(amount, Decimal) else amount


def number(cell, decimal="."):
    """The Decimal that a cell writes, None for nothing, or Bad."""
    if is_nothing(cell):
        return None
    found = MONEY.fullmatch(cell)
    if not found or bool(found["open"]) != bool(found["close"]):
        return _exponent(cell) or Bad(_("is not a number"))
    digits = found["number"].strip()
    if not GROUPED[decimal].fullmatch(digits) or not any(map(str.isdigit, digits)):
        return Bad(_("is not a number with a decimal %(mark)s") % {"mark": decimal})
    plain = NOT_DIGIT.sub("", digits).replace("." if decimal == "," else ",", "").replace(",", ".")
    amount = Decimal(plain) * SCALES[(found["scale"] or "").lower()]
    if amount >= 10**14:
        return Bad(_("is too large"))
    return -amount if found["open"] or found["minus"] in {"-", "−"} or found["minus2"] else amount


def _exponent(cell):
    """Numbers as programs write very small or large ones."""
    try:
        amount = Decimal(cell.replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < 10**14 else None


def boolean(cell):
    """Yes or no, in the three languages."""
    word = cell.casefold()
    if word in YES or word in NO:
        return "t" if word in YES else "f"
    return None if is_nothing(cell) else Bad(_("is neither yes nor no"))


def lost_digits(cell):
    """Whether Excel wrote a long number as 1.38E+10 and lost its digits."""
    return LOST_DIGITS.fullmatch(cell) and "e" in cell.lower()


def whole(cell):
    """1.3800138E+10 as 13800138000 where the digits are all there, else None."""
    mantissa, _e, power = cell.lower().replace(",", ".").partition("e")
    digits = mantissa.partition(".")[2]
    return (
        str(int(Decimal(cell.replace(",", "."))))
        if len(digits) >= int(power) - 2 and len(digits) > 5
        else None
    )


# -- dates -----------------------------------------------------------------------------------------------
MONTHS = {}
for _names in (
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "january february march april may june july august september october november december",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
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
ISO = "ISO"
SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
EXCEL_EPOCH = date(1899, 12, 30).toordinal()
FIRST_YEAR, LAST_YEAR = 1900, 2199


class Dates:
    """Reads dates in the given formats (strptime's letters; what stands in [ ] may be missing), ISO always.

    Called with a cell it returns ISO text with the time, if any, or Bad. What no format reads may be a serial number.
    """

    def __init__(self, formats=()):
        self.formats = tuple(formats)
        self.patterns = [compiled(one) for one in formats if one != ISO]

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
        return None if is_nothing(cell) else Bad(_("is not a date that can be read"))


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

    One format: unambiguous. Several: they read some cell as different days. None: nothing fits.
    """
    cells = [cell for cell in cells if not is_nothing(cell) and not _is_iso(cell) and not _serial(cell)]
    if not cells:
        return [ISO]
    readings = {}
    for wanted in CANDIDATES:
        read = tuple(map(Dates([wanted]), cells))
        fits = sum(not isinstance(one, Bad) for one in read)
        if fits * 2 > len(cells):
            readings.setdefault((fits, read), wanted)
    best = max((fits for fits, _read in readings), default=0)
    return [wanted for (fits, _read), wanted in readings.items() if fits == best]


def _is_iso(cell):
    try:
        return bool(read_iso(cell))
    except ValueError:
        return False
