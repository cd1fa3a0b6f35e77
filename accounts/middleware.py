"""Each request in its user's language and time zone."""

import zoneinfo

from django.conf import settings
from django.utils import timezone, translation

from accounts import organisation


class LocalityMiddleware:
    """The user's own choice, else what the browser asks for, else the organisation's.

    Stands behind LocaleMiddleware, which has already tried the cookie and the browser.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        _speak(request)
        with timezone.override(zone_of(request.user)):
            return self.get_response(request)


def _speak(request):
    chosen = getattr(request.user, "language", "")
    if not chosen and not _asks_for_language(request):
        chosen = organisation.current().language
    if chosen and translation.check_for_language(chosen):
        translation.activate(chosen)
        request.LANGUAGE_CODE = translation.get_language()


def _asks_for_language(request):
    return settings.LANGUAGE_COOKIE_NAME in request.COOKIES or "Accept-Language" in request.headers


def zone_of(user):
    """Where the user is: the zone of their choice, else the organisation's."""
    name = getattr(user, "zone", "") or organisation.current().zone
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
