"""Cells into values: numbers, money and choices, as text that PostgreSQL reads.

A converter takes a cleaned cell that is not empty and returns text, None where the cell says "nothing", or a `Bad`
with the reason in plain words. All are pure and fast for the plain case.
"""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from leads.importing.currencies import PATTERN, Signed
from leads.importing.wording import Said
from leads.importing.wording import gettext as _
from ui.amounts import narrow

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
STORED, CENT = Decimal("0.0001"), Decimal("0.01")
YES = frozenset({"yes", "y", "true", "t", "1", "x", "да", "д", "истина", "是", "对", "ja"})
NO = frozenset({"no", "n", "false", "f", "0", "нет", "ложь", "否", "不", "nein"})


class Bad(Said):
    """Why a cell cannot be taken."""


def is_nothing(cell):
    """Whether the cell is a way to write nothing."""
    return cell.casefold() in NOTHING


def decimal_mark(cells):
    """ "," or "." as the cells show it, or None where nothing tells (or they contradict each other)."""
    cells = [narrow(cell) for cell in cells]
    comma = any(COMMA_IS_DECIMAL.search(cell) for cell in cells)
    point = any(POINT_IS_DECIMAL.search(cell) for cell in cells)
    return None if comma == point else "," if comma else "."


def reads_two_ways(cell):
    """Whether the number is another one, a thousandfold, depending on which mark is the decimal one: 1.234 or 12,500."""
    return bool(TWO_WAYS.search(narrow(cell)))


def money(cell, decimal=".", parts=1):
    """An amount such as "$1,117.10K", "(1 200)", "1.234,56 €" or "12万", to four places; Signed where it names a currency.

    `parts` of a unit are counted in whole numbers: 36150000 and 3.615E+07 millionths are 36.15.
    """
    if parts == 1 and decimal == "." and PLAIN.fullmatch(cell):
        return cell
    cell = narrow(cell)
    amount = number(cell, decimal, 10**14 * parts)
    if not isinstance(amount, Decimal):
        return amount
    if parts > 1 and amount != amount.to_integral_value():
        return Bad(_("is not a whole number"))
    stored = str((amount / parts).quantize(STORED, ROUND_HALF_UP))
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


def shared(cell, decimal="."):
    """A count, to two places: platforms share a conversion out among several clicks."""
    amount = number(cell, decimal)
    if not isinstance(amount, Decimal) or amount == amount.to_integral_value():
        return integer(cell, decimal)
    return f"{amount.quantize(CENT, ROUND_HALF_UP)}"


def number(cell, decimal=".", limit=10**14):
    """The Decimal below `limit` that a cell writes, None for nothing, or Bad."""
    if is_nothing(cell):
        return None
    cell = narrow(cell)
    found = MONEY.fullmatch(cell)
    if not found or bool(found["open"]) != bool(found["close"]):
        return _exponent(cell, limit) or Bad(_("is not a number"))
    digits = found["number"].strip()
    if not GROUPED[decimal].fullmatch(digits) or not any(map(str.isdigit, digits)):
        return Bad(_("is not a number with a decimal %(mark)s") % {"mark": decimal})
    plain = NOT_DIGIT.sub("", digits).replace("." if decimal == "," else ",", "").replace(",", ".")
    amount = Decimal(plain) * SCALES[(found["scale"] or "").lower()]
    if amount >= limit:
        return Bad(_("is too large"))
    return -amount if found["open"] or found["minus"] in {"-", "−"} or found["minus2"] else amount


def _exponent(cell, limit):
    """Numbers as programs write very small or large ones."""
    try:
        amount = Decimal(cell.replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < limit else None


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
