"""Absences: whole days on which a rep is offered nothing new, as whoever notes them reads the calendar."""

from datetime import date, datetime, time, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator

from accounts.models import Absence

# Beyond these a day has no midnight in every zone.
SENSIBLE = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2199, 12, 31))]


def note(rep, first, last, words, zone, at):
    """Keep an absence of the RepProfile `rep`: from the first midnight in `zone` to the one after the last day. Returns it."""
    begin = datetime.combine(first, time(), tzinfo=zone)
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
    return Absence.objects.create(rep=rep, during=(begin, end), note=words, noted_at=at)


def days(begin, end, zone):
    """The first and the last day in `zone` of the moments [begin, end); None for an end that is open."""
    first = begin and begin.astimezone(zone).date()
    return first, end and (end - timedelta(microseconds=1)).astimezone(zone).date()
