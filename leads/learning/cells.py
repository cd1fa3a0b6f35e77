"""What one cell says: nothing, a number, a moment. The same reading when learning and when judging a lead later."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from leads.fields import NOTHING
from leads.importing import values

LARGEST = 1e15
PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?", re.IGNORECASE)
GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
COMMA = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+")
AROUND = re.compile(r"^[\s$€£¥₽]+|[\s$€£¥₽%]+$|(?<=\d)[\s\u00a0\u202f](?=\d{3}\b)")

ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?")
FORMATS = (
    "%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%d %b, %Y", "%d %b %Y", "%b %d, %Y",
    "%d %B %Y", "%B %d, %Y", "%Y年%m月%d日", "%Y.%m.%d", "%m/%d/%y", "%d.%m.%y", "%Y%m%d",
)  # fmt: skip
CLOCKS = ("", " %H:%M:%S", " %H:%M", "T%H:%M:%S", " %I:%M:%S %p", " %I:%M %p")
# As Russian and Chinese write months and halves of the day; the year may be called one.
MONTHS = dict(
    zip(["янв", "фев", "мар", "апр", "май", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
        ["Jan", "Feb", "Mar", "Apr", "May", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], strict=True)
)  # fmt: skip
MONTH = re.compile(rf"\b({'|'.join(MONTHS)})[а-я]*\.?", re.IGNORECASE)
YEAR = re.compile(r"(?<=\d{4})\s*(?:г\b\.?|года\b),?", re.IGNORECASE)
HALF = re.compile(r"\s*(凌晨|早上|上午|中午|下午|晚上)\s*(\d{1,2}:\d{2}(?::\d{2})?)")
# What counts: days as spreadsheets do, seconds and milliseconds since 1970. From when to when such a number is taken for a date.
COUNTED = {
    "excel": (datetime(1899, 12, 30, tzinfo=UTC), timedelta(days=1), 20_000, 80_000),
    "unix": (datetime(1970, 1, 1, tzinfo=UTC), timedelta(seconds=1), 6e8, 4.2e9),
    "unixms": (datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1), 6e11, 4.2e12),
}


def text(cell):
    """The cell without space around it; None where it says nothing, in whatever words."""
    cell = " ".join(str(cell).split()) if cell is not None else ""
    if not cell or cell.casefold() in NOTHING:
        return None
    return cell


def number(cell):
    """The number that a text writes, with a decimal point or comma, thousands and currency; None for anything else.

    From LARGEST on it measures nothing (a key, a joke), and its square would drown every other row's.
    """
    plain = cell if PLAIN.fullmatch(cell) else AROUND.sub("", cell)
    if GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    elif COMMA.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif not PLAIN.fullmatch(plain):
        return _amount(cell)
    read = float(plain)
    return read if abs(read) < LARGEST else None


def _amount(cell):
    """With a scale or a currency's word, as an import reads it: "$87.32K", "12000 руб.", "2.5万"."""
    amount = values.number(cell, values.decimal_mark([cell]) or ".")
    return float(amount) if isinstance(amount, Decimal) else None


def moment(cell, form):
    """The moment (aware, UTC where nothing is said) that a text writes in `form`, else None.

    `form` is "iso", one of COUNTED or a format of strptime.
    """
    try:
        if form == "iso":
            read = datetime.fromisoformat(cell) if ISO.fullmatch(cell) else None
        elif form in COUNTED:
            read = _counted(cell, *COUNTED[form])
        else:
            read = datetime.strptime(cell if cell.isascii() else _plain(cell), form)
    except ValueError:
        return None
    if read is None or not 1900 <= read.year <= 2200:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def _plain(cell):
    """The text with months, years and halves of the day as English writes them."""
    cell = YEAR.sub("", MONTH.sub(lambda found: MONTHS[found[1].lower()], cell))
    return HALF.sub(
        lambda found: f" {found[2]} {'PM' if found[1] in ('中午', '下午', '晚上') else 'AM'}", cell
    )


def _counted(cell, start, unit, least, most):
    told = float(cell) if PLAIN.fullmatch(cell) else 0
    return start + told * unit if least <= told < most else None


def counted_form(cells, share=0.98):
    """The form of COUNTED in which nearly all of these texts count days or seconds, or None. Only where a date is expected."""
    needed = max(share * len(cells), 1)
    return next(
        (form for form in COUNTED if sum(moment(cell, form) is not None for cell in cells) >= needed), None
    )


def date_form(cells, share=0.98):
    """The form in which nearly all of these texts (a sample will do) are dates, or None."""
    needed = share * len(cells)
    if not cells:
        return None
    for form in ("iso", *(day + clock for clock in CLOCKS for day in FORMATS)):
        # A first look at a few cells spares most forms.
        if any(moment(cell, form) for cell in cells[:5]) and sum(
            moment(cell, form) is not None for cell in cells
        ) >= max(needed, 1):
            return form
    return None
