"""What no page should ever see is turned away; an outage says when to come again."""

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from engine.middleware import METHODS, HostileInputMiddleware


def answer(request):
    return HostileInputMiddleware(lambda request: HttpResponse("in"))(request)


def request(path="/", query="", method="GET", cookies=None):
    built = RequestFactory().generic(method, "/", QUERY_STRING=query)
    built.path = path
    built.COOKIES = cookies or {}
    return built


@pytest.mark.parametrize("method", sorted(METHODS))
def test_known_methods_pass(method):
    assert answer(request(method=method)).status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "X"])
def test_other_methods_are_refused(method):
    refused = answer(request(method=method))
    assert refused.status_code == 405
    assert "POST" in refused.headers["Allow"]


@pytest.mark.parametrize(
    "hostile",
    [
        {"path": "/leads/\x00/"},
        {"path": "/leads/\ud800/"},
        {"query": "q=%00"},
        {"query": "q=a\x00b"},
        {"cookies": {"sessionid": "a\x00b"}},
        {"cookies": {"a\x00b": "x"}},
        {"cookies": {"x": "\udfff"}},
    ],
)
def test_what_no_database_holds_is_refused(hostile):
    assert answer(request(**hostile)).status_code == 400


@pytest.mark.parametrize(
    "fine", [{"path": "/联系人/"}, {"query": "q=%D9%A1&r=100%25"}, {"cookies": {"a": "ü😀"}}]
)
def test_any_language_passes(fine):
    assert answer(request(**fine)).status_code == 200


def test_outage_is_503_with_a_time_to_come_again():
    away = HostileInputMiddleware(None).process_exception(request(), OperationalError("gone"))
    assert (away.status_code, away.headers["Retry-After"]) == (503, "5")


def test_other_exceptions_are_left_alone():
    assert HostileInputMiddleware(None).process_exception(request(), ValueError("ours")) is None
