"""Who is there, and each request in its user's language and time zone."""

import zoneinfo
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import organisation
from ui.offline import UNSENT


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page asks who is there; who was signed out meanwhile comes back to the page on which a form was sent."""

    def handle_no_permission(self, request, view_func):
        """To the sign-in page: by a POST nothing was done, and its own address could not be opened afterwards."""
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        stood = request.headers.get("Referer", "")
        safe = url_has_allowed_host_and_scheme(stood, {request.get_host()}, require_https=request.is_secure())
        back = urlsplit(stood)._replace(scheme="", netloc="", fragment="").geturl() if safe else "/"
        return redirect_to_login(f"{back}{UNSENT}", self.get_login_url(view_func))


class LocalityMiddleware:
    """The user's own choice, else what the browser asks for, else the organisation's.

    Stands behind LocaleMiddleware, which has already tried the cookie and the browser.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        _speak(request)
        zone, language = zone_of(request.user), translation.get_language()
        with timezone.override(zone):
            response = self.get_response(request)
        if response.streaming and not isinstance(response, FileResponse):
            response.streaming_content = _told(response.streaming_content, zone, language)
        return response


def _told(pieces, zone, language):
    """What is written once the answer is on its way, in the zone and language of whoever asked."""
    pieces = iter(pieces)
    while True:
        with timezone.override(zone), translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


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
