"""Pages and their fragments share one address, so caches and signed-out fragments need care."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers

from ui.offline import UNSENT


class FragmentCacheMiddleware:
    """Keeps a fragment from being shown as a page (Vary), and sends a signed-out fragment to the sign-in page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if _sent_to_login(request, response):
            response = _to_login(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["HX-Request", "Cookie"])
            response.setdefault("Cache-Control", "private, no-cache")
        return response


def _sent_to_login(request, response):
    if not getattr(request, "htmx", False) or response.status_code != 302:
        return False
    return urlsplit(response["Location"]).path == resolve_url(settings.LOGIN_URL)


def _to_login(request):
    """htmx would swap the sign-in page into a corner of this one; it obeys HX-Redirect at any status."""
    back = urlsplit(request.htmx.current_url_abs_path or "/")
    page = back._replace(scheme="", netloc="", fragment="").geturl()
    target = redirect_to_login(page if request.method == "GET" else f"{page}{UNSENT}")
    return HttpResponse(status=401, headers={"HX-Redirect": target["Location"]})
