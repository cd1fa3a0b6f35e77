"""The organisation that runs this copy, and its calendar day."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel.core import get_global

from accounts.models.organisation import Organisation
from engine.lately import Lately

OURS = Lately(lambda: Organisation.objects.first() or Organisation())


def current() -> Organisation:
    """The organisation. Read once every few seconds by each process: look at it, never save it."""
    return OURS()


def forget():
    """Read it afresh next time: after a change."""
    OURS.forget()


def language_of(user) -> str:
    """The language in which work in the background speaks to a user (or nobody): their own choice, else the house's."""
    return (user and user.language) or current().language


def zone() -> ZoneInfo:
    """The organisation's time zone."""
    return ZoneInfo(current().zone)


def country() -> str:
    """The two letters of the country whose clock the organisation keeps; "" for a zone of no country, such as UTC."""
    return get_global("zone_territories").get(current().zone, "")


def in_shadow(at) -> bool:
    """Whether offers are only suggested at the moment `at`: until the day from which figures count."""
    ours = current()
    return ours.shadow and (ours.live_on is None or today(at) < ours.live_on)


def today(at) -> date:
    """The organisation's calendar day at the moment `at`."""
    return at.astimezone(zone()).date()


def midnight(day) -> datetime:
    """The moment at which a calendar day of the organisation begins."""
    return datetime.combine(day, time(), tzinfo=zone())
