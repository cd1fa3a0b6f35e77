"""Numbers, money, dates and spans of time as people of a language read them.

Pure functions: no clock, no settings but the active language. Every function answers "–" for None (and for NaN). Babel's
tables are read once for each language; what a list page calls fifty times is plain string work.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
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
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

EMPTY = "–"
LOCALES = {"en": "en", "zh-hans": "zh_Hans_CN", "ru": "ru_RU"}
# Day before month (21 Nov 2026) is read the same in every English-speaking office.
DAY_PATTERNS = {"en": "d MMM y", "zh-hans": "y年M月d日", "ru": "d MMM y"}
SHORT_DAY_PATTERNS = {"en": "d MMM", "zh-hans": "M月d日", "ru": "d MMM"}
MONTH_PATTERNS = {"en": "MMM y", "zh-hans": "y年M月", "ru": "LLL y"}
SHORT_MONTH_PATTERNS = {"en": "LLL", "zh-hans": "M月", "ru": "LLL"}
MINUTE, HOUR, DAY = 60, 3600, 86400


def language():
    """The active language code, reduced to one that Tandem speaks."""
    return _spoken(get_language())


@lru_cache(maxsize=64)
def _spoken(code):
    code = (code or "en").lower()
    if code.startswith("zh"):
        return "zh-hans"
    return "ru" if code.startswith("ru") else "en"


@lru_cache(maxsize=8)
def _locale(code):
    return Locale.parse(LOCALES[code])


@lru_cache(maxsize=8)
def _separators(code):
    """A table that turns Python's 1,234.5 into the language's own signs."""
    locale = _locale(code)
    return str.maketrans({",": get_group_symbol(locale), ".": get_decimal_symbol(locale)})


def _absent(value):
    return value is None or value != value


def _signed(text, value, sign):
    if value < 0:
        return f"-{text}"
    return f"+{text}" if sign and value > 0 else text


def _grouped(value, places):
    return f"{abs(value):,.{places}f}".translate(_separators(language()))


def number(value, places=None, sign=False):
    """1234.5 → "1,234.5". Without places: none for whole numbers, at most two otherwise."""
    if _absent(value):
        return EMPTY
    if places is None:
        text = _trimmed(value)
    else:
        text = _grouped(value, places)
    return _signed(text, value, sign)


def _trimmed(value):
    if isinstance(value, int) or value == int(value):
        return _grouped(value, 0)
    text = f"{abs(value):,.2f}".rstrip("0")
    return text.removesuffix(".").translate(_separators(language()))


def short_number(value):
    """15420 → "15.4K", "1.5万", "15,4 тыс."."""
    if _absent(value):
        return EMPTY
    if abs(value) < 10_000:
        return number(value)
    locale = _locale(language())
    return format_compact_decimal(_three_digits(value), locale=locale, fraction_digits=1)


def _three_digits(value):
    """Rounds to three significant digits, so that 158.9K is written 159K."""
    whole = Decimal(value)
    return round(whole, -(whole.adjusted() - 2)) if whole else whole


@lru_cache(maxsize=8)
def _percent_frame(code):
    return format_percent(0, locale=_locale(code)).split("0")


def percent(ratio, places=1, sign=False):
    """A ratio as a percentage: 0.124 → "12.4%". sign puts a plus before growth."""
    if _absent(ratio):
        return EMPTY
    before, after = _percent_frame(language())
    text = f"{before}{_grouped(ratio * 100, places)}{after}"
    return _signed(text, round(ratio * 100, places), sign)


def times(ratio, places=1):
    """A return on spend: 2.34 → "2.3×"."""
    if _absent(ratio):
        return EMPTY
    return f"{_signed(_grouped(ratio, places), ratio, sign=False)}×"


@lru_cache(maxsize=256)
def _currency_frame(code, currency):
    """What stands before and after an amount of that currency, and how many places it has."""
    locale = _locale(code)
    places = get_currency_precision(currency)
    zero = "0" if places == 0 else f"0{get_decimal_symbol(locale)}{'0' * places}"
    before, _zero, after = format_currency(0, currency, locale=locale).partition(zero)
    return before, after, places


def money(amount, currency, places=None, sign=False):
    """An exact amount with its currency: "€1,234.50". Whole units with places=0; bare without a currency."""
    if _absent(amount):
        return EMPTY
    if not currency:
        return number(amount, 2 if places is None else places, sign)
    before, after, own_places = _currency_frame(language(), currency)
    digits = _grouped(amount, own_places if places is None else places)
    return _signed(f"{before}{digits}{after}", amount, sign)


def short_money(amount, currency):
    """An amount for a tile or an axis: "€1.62M", "162万", "1,6 млн ₽"."""
    if _absent(amount):
        return EMPTY
    if not currency:
        return short_number(amount)
    if abs(amount) < 10_000:
        return money(amount, currency, places=0)
    locale = _locale(language())
    digits = 2 if abs(amount) < 10_000_000 and abs(amount) >= 1_000_000 else 1
    return format_compact_currency(_three_digits(amount), currency, locale=locale, fraction_digits=digits)


def currency_symbol(currency):
    """The sign of a currency in the active language: EUR → "€"."""
    return get_currency_symbol(currency, locale=_locale(language()))


@lru_cache(maxsize=4096)
def _date_text(value, pattern, code):
    return format_date(value, pattern, locale=_locale(code))


def _local(value):
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def day(value):
    """A date, or the local date of a moment: "21 Nov 2026"."""
    return _dated(value, DAY_PATTERNS)


def short_day(value):
    """Without the year: "21 Nov"."""
    return _dated(value, SHORT_DAY_PATTERNS)


def month(value):
    """A month: "Nov 2026"."""
    return _dated(value, MONTH_PATTERNS)


def short_month(value):
    """A month on an axis: "Nov"."""
    return _dated(value, SHORT_MONTH_PATTERNS)


def _dated(value, patterns):
    if value is None:
        return EMPTY
    value = _local(value)
    if isinstance(value, datetime):
        value = value.date()
    code = language()
    return _date_text(value, patterns[code], code)


def moment(value):
    """Date and time of day, in the active time zone: "21 Nov 2026, 14:05"."""
    if value is None:
        return EMPTY
    code = language()
    glue = " HH:mm" if code == "zh-hans" else ", HH:mm"
    return format_datetime(_local(value), DAY_PATTERNS[code] + glue, locale=_locale(code))


def clock(value):
    """The time of day: "14:05"."""
    return EMPTY if value is None else _local(value).strftime("%H:%M")


def ago(at, now):
    """How long ago, or how soon: "5 min ago", "in 2 hr". Both are aware moments, or both dates."""
    if at is None:
        return EMPTY
    if isinstance(at, date) and not isinstance(at, datetime):
        return _days_ago(at, now)
    span = at - now
    if abs(span) < timedelta(minutes=1):
        return _("just now")
    return format_timedelta(
        span, add_direction=True, format="short", threshold=1.3, locale=_locale(language())
    )


def _days_ago(at, now):
    today = now.date() if isinstance(now, datetime) else now
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    days = (at - today).days
    if days in near:
        return near[days]
    return format_timedelta(
        timedelta(days=days), add_direction=True, threshold=1.3, locale=_locale(language())
    )


def duration(value):
    """A span in its two largest units: seconds or a timedelta → "42 min", "3 h 20 min", "2 d 4 h"."""
    if value is None:
        return EMPTY
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    text = _span(abs(seconds))
    return f"-{text}" if seconds < 0 else text


def _span(seconds):
    if seconds < MINUTE:
        return _("%(count)s s") % {"count": number(round(seconds))}
    minutes = round(seconds / MINUTE)
    if minutes < 60:
        return _("%(count)s min") % {"count": minutes}
    if seconds < DAY:
        return _two(minutes // 60, minutes % 60, _("%(count)s h"), _("%(count)s min"))
    hours = round(seconds / HOUR)
    return _two(hours // 24, hours % 24, _("%(count)s d"), _("%(count)s h"))


def _two(large, small, large_text, small_text):
    first = large_text % {"count": number(large)}
    if not small or large >= 10:
        return first
    return f"{first} {small_text % {'count': small}}"


def language_name(code):
    """A language in its own words: "zh-hans" → "简体中文"."""
    own = {"en": "English", "zh-hans": "简体中文", "ru": "Русский"}
    try:
        return own.get(code) or Locale.parse(code, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        return code
