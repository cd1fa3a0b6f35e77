"""Moments and days as people tell them: one far outside of what anybody remembers or plans is a slip of the pen."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC) for year in (1970, 2100))


def in_reach(moment):
    """A validator of an aware moment. Raises ValidationError before 1970 and from 2100 on."""
    if moment and not FIRST <= moment < LAST:
        raise ValidationError(_("Give a moment between 1970 and 2099."))


def day_in_reach(day):
    """A validator of a date. Raises ValidationError before 1970 and from 2100 on."""
    if day and not FIRST.date() <= day < LAST.date():
        raise ValidationError(_("Give a day between 1970 and 2099."))
