"""Working hours of the story's offices, with holidays and moved working days."""

from datetime import timedelta

from accounts import holidays
from accounts.models.calendars import OFFICE_HOURS
from demo.clockwork import Office
from demo.plan import SPAN

BEFORE, AFTER = timedelta(days=SPAN + 200), timedelta(days=400)


def special_days(country, at, language):
    """Day → (hours, name) of the days around the story that differ from their weekday."""
    return {
        special.day: (OFFICE_HOURS[0] if special.working else [], special.name[:200])
        for year in range((at - BEFORE).year, (at + AFTER).year + 1)
        for special in holidays.days(country, year, language)
    }


def office(place, special, at):
    """The working hours of a territory around the story."""
    hours = {day: hours for day, (hours, _) in special.items()}
    return Office(place.zone, OFFICE_HOURS, hours, (at - BEFORE).date(), (at + AFTER).date())
