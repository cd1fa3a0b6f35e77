"""Numbers, shares and money. What a list page calls fifty times is plain string work: Babel frames it once a language.

Who writes many says the language as `code`: asking for it costs as much as writing a number.
"""

import re
from decimal import Decimal
from functools import lru_cache

from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_percent,
    get_currency_precision,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
)

from ui.formats.words import EMPTY, absent, language, locale

MINUS = "−"  # a sign of its own, as wide as the plus


@lru_cache(maxsize=8)
def _separators(code):
    """A table that turns Python's 1,234.5 into the language's own signs."""
    tables = locale(code)
    return str.maketrans({",": get_group_symbol(tables), ".": get_decimal_symbol(tables)})


def signed(text, value, sign) -> str:
    """A text with the sign of its value; `sign` puts a plus before growth."""
    if value < 0:
        return f"{MINUS}{text}"
    return f"+{text}" if sign and value > 0 else text


def _grouped(value, places, code=None):
    return f"{abs(value):,.{places}f}".translate(_separators(code or language()))


def number(value, places=None, sign=False, code=None) -> str:
    """1234.5 → "1,234.5". Without places: none for whole numbers, at most two otherwise."""
    if absent(value):
        return EMPTY
    if places is None:
        text = _trimmed(value, code)
    else:
        text, value = _grouped(value, places, code), round(value, places)
    return signed(text, value, sign)


def _trimmed(value, code=None):
    if isinstance(value, int) or value == int(value):
        return _grouped(value, 0, code)
    text = f"{abs(value):,.2f}".rstrip("0")
    return text.removesuffix(".").translate(_separators(code or language()))


def short_number(value, code=None) -> str:
    """15420 → "15.4K", "1.5万", "15,4 тыс."."""
    if absent(value):
        return EMPTY
    if abs(value) < 10_000:
        return number(value, code=code)
    tables = locale(code or language())
    text = format_compact_decimal(abs(_three_digits(value)), locale=tables, fraction_digits=1)
    return signed(text, value, sign=False)


def _three_digits(value):
    """Rounds to three significant digits, so that 158.9K is written 159K."""
    whole = Decimal(value)
    return round(whole, -(whole.adjusted() - 2)) if whole else whole


@lru_cache(maxsize=8)
def _percent_frame(code):
    return format_percent(0, locale=locale(code)).split("0")


def percent(ratio, places=1, sign=False) -> str:
    """A ratio as a percentage: 0.124 → "12.4%". sign puts a plus before growth."""
    if absent(ratio):
        return EMPTY
    before, after = _percent_frame(language())
    text = f"{before}{_grouped(ratio * 100, places)}{after}"
    return signed(text, round(ratio * 100, places), sign)


def hundredths(value) -> str:
    """What is kept in per cent: 12.50 → "12.5%"."""
    if absent(value):
        return EMPTY
    before, after = _percent_frame(language())
    return signed(f"{before}{_trimmed(value)}{after}", value, sign=False)


def times(ratio, places=1) -> str:
    """A return on spend: 2.34 → "2.3×"."""
    if absent(ratio):
        return EMPTY
    return f"{signed(_grouped(ratio, places), ratio, sign=False)}×"


@lru_cache(maxsize=256)
def _currency_frame(code, currency):
    """What stands before and after an amount of that currency, and how many places it has."""
    tables = locale(code)
    places = get_currency_precision(currency)
    zero = "0" if places == 0 else f"0{get_decimal_symbol(tables)}{'0' * places}"
    before, _zero, after = format_currency(0, currency, locale=tables).partition(zero)
    return before, after, places


def money(amount, currency, places=None, sign=False, code=None) -> str:
    """An exact amount with its currency: "€1,234.50". Whole units with places=0; bare without a currency."""
    if absent(amount):
        return EMPTY
    if not currency:
        return number(amount, 2 if places is None else places, sign, code)
    code = code or language()
    before, after, own_places = _currency_frame(code, currency)
    digits = _grouped(amount, own_places if places is None else places, code)
    return signed(f"{before}{digits}{after}", amount, sign)


def short_money(amount, currency, code=None) -> str:
    """An amount for a tile or an axis: "€1.62M", "162万", "1,6 млн ₽"."""
    if absent(amount):
        return EMPTY
    if not currency:
        return short_number(amount, code)
    code = code or language()
    if abs(amount) < 10_000:
        return money(amount, currency, places=0, code=code)
    amount = _three_digits(amount)
    divisor, before, after = _compact_frame(code, currency, amount.adjusted())
    places = 2 if 1_000_000 <= abs(amount) < 10_000_000 else 1
    digits = f"{abs(amount) / divisor:.{places}f}".rstrip("0").removesuffix(".")
    return signed(f"{before}{digits.translate(_separators(code))}{after}", amount, sign=False)


@lru_cache(maxsize=512)
def _compact_frame(code, currency, power):
    """By what an amount of that power of ten is divided, and what stands before and after what remains."""
    whole = Decimal(10) ** power
    text = format_compact_currency(whole, currency, locale=locale(code))
    ((before, digits, after),) = re.findall(r"^(\D*)([\d\s.,]*\d)(.*)$", text)
    return whole / Decimal(re.sub(r"\D", "", digits)), before, after


def currency_symbol(currency) -> str:
    """The sign of a currency in the active language: EUR → "€"."""
    return get_currency_symbol(currency, locale=locale(language()))
