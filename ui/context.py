"""What every page needs to look right: theme, language, menu. All of it is lazy: a fragment pays nothing."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from ui import formats, menu

THEMES = ("light", "dark")


def look(request):
    """The context processor of the shell (templates/base.html)."""
    return {
        "theme": theme(request),
        "languages": LANGUAGES,
        "menu": SimpleLazyObject(lambda: _menu(request)),
        "search_url": SimpleLazyObject(lambda: menu.address(settings.SEARCH_URL)),
    }


LANGUAGES = [(code, formats.language_name(code)) for code, _name in settings.LANGUAGES]


def theme(request):
    """ "light" or "dark" as chosen, empty to follow the device."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else ""


def _menu(request):
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return menu.entries(getattr(user, "role", ""), request.path, request.resolver_match)
