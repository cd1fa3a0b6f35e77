"""The organisation that runs this copy, and its calendar day."""

import time
from zoneinfo import ZoneInfo

from accounts.models.organisation import Organisation

LIFETIME = 5  # seconds that a process may believe what it read
_read = (float("-inf"), None)


def current():
    """The organisation. Read once every few seconds by each process: look at it, never save it."""
    global _read
    read_at, organisation = _read
    if organisation is None or time.monotonic() - read_at > LIFETIME:
        organisation = Organisation.objects.first() or Organisation()
        _read = (time.monotonic(), organisation)
    return organisation


def forget():
    """Read it afresh next time: after a change."""
    global _read
    _read = (float("-inf"), None)


def zone():
    """The organisation's time zone."""
    return ZoneInfo(current().zone)


def in_shadow(at):
    """Whether offers are only suggested at the moment `at`: until the day from which figures count."""
    ours = current()
    return ours.shadow and (ours.live_on is None or today(at) < ours.live_on)


def today(at):
    """The organisation's calendar day at the moment `at`."""
    return at.astimezone(zone()).date()
