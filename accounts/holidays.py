"""Holidays and moved working days of a country, as the library `holidays` knows them."""

import unicodedata
from datetime import date
from typing import NamedTuple

import holidays as library

from accounts import organisation
from accounts.models import CalendarDay
from ui import formats

LANGUAGES = {"zh-hans": "zh_CN", "ru": "ru", "en": "en_US"}


class Day(NamedTuple):
    """A day that differs from its weekday."""

    day: date
    working: bool
    name: str


def countries():
    """The two letters of each country that the library knows, once each: its other names for them are left out."""
    return sorted(library.list_supported_countries(include_aliases=False))


def named():
    """[(code, name in the reader's language)] of those countries, by name."""
    return sorted(((code, formats.country_name(code)) for code in countries()), key=_by_name)


def _by_name(country):
    """Å and É stand with A and E, Ё with Е."""
    return unicodedata.normalize("NFD", country[1]).casefold()


def days(country, year, language="en"):
    """The holidays and moved working days of a year, in order. Raises NotImplementedError for an unknown country.

    Holidays are all public ones, also those on a weekend. Names come in `language` where the library has it.
    """
    spoken = library.country_holidays(country).supported_languages
    wanted = LANGUAGES.get(language, "en_US")
    known = library.country_holidays(country, years=year, language=wanted if wanted in spoken else None)
    moved = {day for day in getattr(known, "weekend_workdays", ()) if day.year == year}
    found = [Day(day, False, name) for day, name in known.items() if day not in moved]
    return sorted(found + [Day(day, True, "") for day in moved])


def fill(calendar, year):
    """Enter a year's special days of the calendar's country. What somebody entered by hand stays.

    A moved working day has the hours of the first working weekday. Returns how many days were new.
    """
    if not calendar.country:
        return 0
    hours = next((day for day in calendar.hours if day), [])
    known = set(calendar.days.filter(day__year=year).values_list("day", flat=True))
    new = [
        CalendarDay(calendar=calendar, day=day.day, hours=hours if day.working else [], name=day.name[:200])
        for day in days(calendar.country, year, organisation.current().language)
        if day.day not in known
    ]
    CalendarDay.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def fill_ahead(calendar, today):
    """Enter this year and the next: when a calendar is made or its country changes."""
    return fill(calendar, today.year) + fill(calendar, today.year + 1)
