"""Rows that are there from the start; written again, unchanged, after every migrate."""

from django.utils.translation import gettext_noop as _

from accounts.models import Organisation, WorkingCalendar


def ensure(using="default", **kwargs):
    """Make the organisation's one row and an office calendar where they are missing."""
    Organisation.objects.using(using).get_or_create(only=True)
    WorkingCalendar.objects.using(using).get_or_create(name=_("Office"), defaults={"zone": "UTC"})
