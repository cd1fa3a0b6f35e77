"""Periods of whole months, by the organisation's fiscal year."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ui import formats

EVER, NEVER = date(1900, 1, 1), date(9999, 1, 1)
LABELS = {
    "month": _("This month"),
    "last_month": _("Last month"),
    "quarter": _("This quarter"),
    "last_quarter": _("Last quarter"),
    "year": _("This year"),
    "last_year": _("Last year"),
    "12m": _("12 months"),
    "all": _("All time"),
}
DEFAULT = "12m"


@dataclass(frozen=True)
class Period:
    """From the first day `first` to before the day `until`, both first days of months.

    `counted` is the first month that counts at all, where there is one: nothing before it is to be compared with.
    `instead_of` is the key of the period that was asked for, where a page cannot show it and shows this one.
    """

    key: str
    label: str | Promise
    first: date
    until: date
    counted: date | None = None
    instead_of: str | None = None

    @property
    def is_all(self):
        return self.first == EVER

    @property
    def months(self):
        """How many months it is long."""
        return _number(self.until) - _number(self.first)

    @property
    def last(self):
        """The last day."""
        return date.fromordinal(self.until.toordinal() - 1)

    def before(self):
        """The period of the same length just before; None for all time, and where not all of it counts."""
        if self.is_all:
            return None
        first = shifted(self.first, -self.months)
        if self.counted and first < self.counted:
            return None
        return Period("before", _("the period before"), first, self.first, self.counted)

    @property
    def is_first(self):
        """Whether it begins with the first month that counts."""
        return self.first == self.counted

    def __contains__(self, day):
        return self.first <= day < self.until


def named(key, today, fiscal_start=1) -> Period:
    """The Period called `key` (one of LABELS) as seen from `today`. Raises KeyError."""
    month = today.replace(day=1)
    quarter = shifted(month, -((month.month - fiscal_start) % 3))
    year = shifted(month, -((month.month - fiscal_start) % 12))
    first, length = {
        "month": (month, 1),
        "last_month": (shifted(month, -1), 1),
        "quarter": (quarter, 3),
        "last_quarter": (shifted(quarter, -3), 3),
        "year": (year, 12),
        "last_year": (shifted(year, -12), 12),
        "12m": (shifted(month, -11), 12),
        "all": (EVER, None),
    }[key]
    return Period(key, LABELS[key], first, NEVER if length is None else shifted(first, length))


def between(first, last) -> Period:
    """The Period from the month of `first` to that of `last`; the order does not matter."""
    first, last = sorted((first.replace(day=1), last.replace(day=1)))
    label = formats.month(first) if first == last else f"{formats.month(first)} – {formats.month(last)}"
    return Period("custom", label, first, shifted(last, 1))


def since(period, live_on, today) -> Period:
    """The period from the month of `live_on` on: figures before it are not counted. None leaves it as it is."""
    if live_on is None:
        return period
    first = live_on.replace(day=1)
    if period.first >= first:
        return replace(period, counted=first)
    until = shifted(today.replace(day=1), 1) if period.until == NEVER else period.until
    return replace(period, first=first, until=max(until, shifted(first, 1)), counted=first)


def shifted(month, by) -> date:
    """The first day of the month `by` months later."""
    number = _number(month) + by
    return date(number // 12, number % 12 + 1, 1)


def same_day_before(day) -> date:
    """The same day a year earlier; of the 29th of February the 28th."""
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def year_before(period):
    """(first, until) of the same months a year earlier; None for all time."""
    return None if period.is_all else (shifted(period.first, -12), shifted(period.until, -12))


def reach_back(months, period):
    """Do records of these months reach back to the whole of the same months a year before the period? Not for all time."""
    if period.is_all or not months:
        return False
    first = shifted(period.first, -12)
    return min(months) <= first and (period.counted is None or period.counted <= first)


def _number(day):
    return day.year * 12 + day.month - 1
