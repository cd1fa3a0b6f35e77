"""Answers where no view answered: pages for people, problem details under /api/.

The database is asked for nothing, but for what failed without a known reason: whether it is just being upgraded.
"""

import sys

import orjson
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template import TemplateDoesNotExist, loader
from django.urls import Resolver404, resolve
from django.utils.cache import patch_cache_control
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext
from django.views import defaults

from engine.health import upgrading
from engine.phrases import details

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 5  # seconds
# Of a PermissionDenied: the whole page is for others, which 403.html tells in words.
ANOTHER_ROLE = "another role"
SAFE = ("GET", "HEAD")


def is_outage(exc):
    """Whether the database is away, too slow or out of room: worth another try, nobody's mistake."""
    return isinstance(exc, (OperationalError, InterfaceError))


def unavailable(request, **more):
    """503 as a page or as problem details, without asking the database for anything; with `more` in the page."""
    answer = _failure(request, 503, **more)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def server_error(request):
    """Django's handler500. An outage that a middleware met arrives here too, and what lacks a table of the new version."""
    if is_outage(sys.exc_info()[1]):
        return unavailable(request)
    if upgrading():
        return unavailable(request, upgrading=True, detail=gettext("Tandem is being upgraded."))
    return _failure(request, 500)


def not_found(request, exception):
    """Django's handler404: of an address that leads nowhere, or a page that hides what one may not see."""
    return refusal(404) if is_api(request) else defaults.page_not_found(request, exception)


def bad_request(request, exception):
    """Django's handler400. Where the address asks for something, the page without that is offered too."""
    if is_api(request):
        return refusal(400)
    plain = (
        escape_leading_slashes(request.path)
        if request.META.get("QUERY_STRING") and request.method == "GET"
        else ""
    )
    return HttpResponse(_page(400, details(400) | {"plain": plain}), status=400)


def permission_denied(request, exception):
    """Django's handler403."""
    return refusal(403) if is_api(request) else defaults.permission_denied(request, exception)


def not_allowed(request, response):
    """The empty 405 of an address to which forms are only sent, filled with a page that leads on to the one above it."""
    response.content = _page(405, details(405) | {"above": _above(request.path)})
    response.headers["Content-Type"] = "text/html; charset=utf-8"
    response.headers["Content-Length"] = str(len(response.content))
    return response


def _above(path):
    """The nearest address above `path` at which there is a page, "/" at last."""
    while (path := path.rstrip("/").rpartition("/")[0] + "/") != "/":
        try:
            resolve(path)
        except Resolver404:
            continue
        return escape_leading_slashes(path)
    return path


def is_api(request):
    """Whether a program asks, which reads problem details."""
    return request.path.startswith("/api/")


def refusal(status, detail="", headers=None):
    """Problem details as a plain response, for what never came to a view of the API."""
    body = orjson.dumps(details(status, detail))
    return HttpResponse(body, status=status, content_type=MEDIA_TYPE, headers=headers)


def _failure(request, status, detail="", **more):
    if is_api(request):
        answer = refusal(status, detail)
    else:
        answer = HttpResponse(_page(status, details(status, detail) | more), status=status)
    patch_cache_control(answer, no_store=True)
    return answer


def _page(status, body):
    try:
        return loader.get_template(f"{status}.html").render(body)
    except TemplateDoesNotExist:
        return f"<!doctype html><title>{body['title']}</title><h1>{body['title']}</h1><p>{body['what_to_do']}</p>"
