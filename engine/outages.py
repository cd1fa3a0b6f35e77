"""The database is away, or too slow: an answer that needs no database and says when to come again."""

import sys

import orjson
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template import TemplateDoesNotExist, loader
from django.utils.cache import patch_cache_control

from engine.phrases import details

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 5  # seconds


def is_outage(exc):
    """Whether the database is away, too slow or out of room: worth another try, nobody's mistake."""
    return isinstance(exc, (OperationalError, InterfaceError))


def unavailable(request):
    """503 as a page or as problem details, without asking the database for anything."""
    answer = _failure(request, 503)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def server_error(request):
    """Django's handler500. An outage that a middleware met arrives here too."""
    return unavailable(request) if is_outage(sys.exc_info()[1]) else _failure(request, 500)


def _failure(request, status):
    body = details(status)
    if request.path.startswith("/api/"):
        answer = HttpResponse(orjson.dumps(body), status=status, content_type=MEDIA_TYPE)
    else:
        answer = HttpResponse(_page(status, body), status=status)
    patch_cache_control(answer, no_store=True)
    return answer


def _page(status, body):
    try:
        return loader.get_template(f"{status}.html").render(body)
    except TemplateDoesNotExist:
        return f"<!doctype html><title>{body['title']}</title><h1>{body['title']}</h1><p>{body['what_to_do']}</p>"
