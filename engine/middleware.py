"""The outermost door: what no page should ever see is turned away here."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from engine.outages import is_api, is_outage, not_allowed, refusal, unavailable
from engine.text import is_storable

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class HostileInputMiddleware:
    """Refuse unknown methods and text that no database can hold; answer 503 while the database is away."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in METHODS:
            return _turned_away(
                request, 405, _("This method is not in use here."), Allow=", ".join(sorted(METHODS))
            )
        if not _is_storable(request):
            return _turned_away(
                request, 400, _("The address or a cookie holds characters that cannot be read.")
            )
        response = self.get_response(request)
        if response.status_code == 405 and not response.content and not is_api(request):
            return not_allowed(request, response)
        return response

    def process_exception(self, request, exception):
        """Turn a database that is away, or too slow, into an answer that says when to come again."""
        return unavailable(request) if is_outage(exception) else None


def _is_storable(request):
    query = request.META.get("QUERY_STRING", "")
    if "\x00" in query or "%00" in query or not is_storable(request.path):
        return False
    return all(is_storable(name) and is_storable(value) for name, value in request.COOKIES.items())


def _turned_away(request, status, text, **headers):
    if is_api(request):
        return refusal(status, text, headers)
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)
