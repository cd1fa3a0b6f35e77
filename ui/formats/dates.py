"""Dates, moments and spans of time, in the active time zone."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date, format_datetime, format_timedelta
from django.utils import timezone
from django.utils.translation import gettext as _

from ui.formats.numbers import MINUS, number
from ui.formats.words import EMPTY, language, locale

# Day before month (21 Nov 2026) is read the same in every English-speaking office.
DAY_PATTERNS = {"en": "d MMM y", "zh-hans": "y年M月d日", "ru": "d MMM y"}
SHORT_DAY_PATTERNS = {"en": "d MMM", "zh-hans": "M月d日", "ru": "d MMM"}
MONTH_PATTERNS = {"en": "MMM y", "zh-hans": "y年M月", "ru": "LLL y"}
SHORT_MONTH_PATTERNS = {"en": "LLL", "zh-hans": "M月", "ru": "LLL"}
MINUTE, HOUR, DAY = 60, 3600, 86400
HALF_A_YEAR = 183  # days


@lru_cache(maxsize=4096)
def _date_text(value, pattern, code):
    return format_date(value, pattern, locale=locale(code))


def _local(value):
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def day(value, code=None) -> str:
    """A date, or the local date of a moment: "21 Nov 2026". `code`: the language, where the caller knows it."""
    return _dated(value, DAY_PATTERNS, code)


def short_day(value) -> str:
    """Without the year: "21 Nov"."""
    return _dated(value, SHORT_DAY_PATTERNS)


def near_day(value, today) -> str:
    """A day without the year as long as nobody could mistake it: half a year from `today` and further it has one."""
    local = _local(value)
    if local is not None and abs((_plain(local) - today).days) > HALF_A_YEAR:
        return day(value)
    return short_day(value)


def month(value, code=None) -> str:
    """A month: "Nov 2026"."""
    return _dated(value, MONTH_PATTERNS, code)


def short_month(value) -> str:
    """A month on an axis: "Nov"."""
    return _dated(value, SHORT_MONTH_PATTERNS)


def _dated(value, patterns, code=None):
    if value is None:
        return EMPTY
    value = _plain(_local(value))
    code = code or language()
    return _date_text(value, patterns[code], code)


def _plain(value):
    """The date of a date or a moment."""
    return value.date() if isinstance(value, datetime) else value


def moment(value) -> str:
    """Date and time of day, in the active time zone: "21 Nov 2026, 14:05"."""
    if value is None:
        return EMPTY
    code = language()
    glue = " HH:mm" if code == "zh-hans" else ", HH:mm"
    return format_datetime(_local(value), DAY_PATTERNS[code] + glue, locale=locale(code))


def clock(value) -> str:
    """The time of day: "14:05"."""
    return EMPTY if value is None else _local(value).strftime("%H:%M")


def ago(at, now) -> str:
    """How long ago, or how soon: "5 min ago", "in 2 hr". Both are aware moments, or both dates."""
    if at is None:
        return EMPTY
    if isinstance(at, date) and not isinstance(at, datetime):
        return _days_ago(at, now)
    span = at - now
    if abs(span) < timedelta(minutes=1):
        return _("just now")
    return format_timedelta(
        span,
        add_direction=True,
        format="short",
        granularity="minute",
        threshold=1.3,
        locale=locale(language()),
    )


def _days_ago(at, now):
    today = now.date() if isinstance(now, datetime) else now
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    days = (at - today).days
    if days in near:
        return near[days]
    return format_timedelta(
        timedelta(days=days), add_direction=True, threshold=1.3, locale=locale(language())
    )


def duration(value) -> str:
    """A span in its two largest units: seconds or a timedelta → "42 min", "3 h 20 min", "2 d 4 h"."""
    if value is None:
        return EMPTY
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    text = _span(abs(seconds))
    return f"{MINUS}{text}" if seconds < 0 else text


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
