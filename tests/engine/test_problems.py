"""Errors of the API say what is wrong and what to do."""

from decimal import Decimal

import orjson
import pytest
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.test import RequestFactory
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, serializers

from engine.outages import is_outage, server_error
from engine.problems import exception_handler, fields
from engine.refusals import Conflict
from engine.renderers import OrjsonRenderer


@pytest.mark.parametrize(
    "error, status",
    [
        (Http404(), 404),
        (exceptions.PermissionDenied(), 403),
        (exceptions.NotAuthenticated(), 401),
        (exceptions.MethodNotAllowed("PUT"), 405),
        (exceptions.Throttled(3), 429),
        (exceptions.ParseError("no"), 400),
        (DjangoValidationError("no"), 400),
        (Conflict(), 409),
        (IntegrityError("twice"), 409),
        (DataError("out of range"), 400),
        (ValueError("A string literal cannot contain NUL (0x00) characters."), 400),
        (RecursionError(), 400),
        (OperationalError("gone"), 503),
        (InterfaceError("closed"), 503),
    ],
)
def test_each_error_has_its_status_and_advice(error, status):
    answer = exception_handler(error, {})
    assert answer.status_code == answer.data["status"] == status
    assert answer.data["title"]
    assert answer.data["what_to_do"]
    assert answer.content_type == "application/problem+json"


def test_our_own_mistakes_stay_loud():
    assert exception_handler(ValueError("a bug"), {}) is None
    assert exception_handler(KeyError("a bug"), {}) is None


def test_outage_says_when_to_come_again():
    assert exception_handler(OperationalError("gone"), {}).headers["Retry-After"] == "5"
    assert not is_outage(IntegrityError())


def test_fields_are_named_at_any_depth():
    class Line(serializers.Serializer):
        amount = serializers.DecimalField(max_digits=5, decimal_places=2)

    class Deal(serializers.Serializer):
        name = serializers.CharField()
        lines = Line(many=True)

    deal = Deal(data={"lines": [{"amount": "1"}, {"amount": "x"}]})
    assert not deal.is_valid()
    assert {name: len(messages) for name, messages in fields(deal.errors).items()} == {
        "name": 1,
        "lines.1.amount": 1,
    }
    assert fields(["whole"]) == {"": ["whole"]}
    assert fields({"non_field_errors": ["whole"]}) == {"": ["whole"]}


@pytest.mark.parametrize(
    "path, kind", [("/api/v1/leads/", "application/problem+json"), ("/leads/", "text/html")]
)
def test_server_error_knows_an_outage(path, kind):
    request = RequestFactory().get(path)
    try:
        raise OperationalError("gone")
    except OperationalError:
        away = server_error(request)
    ours = server_error(request)
    assert (away.status_code, ours.status_code) == (503, 500)
    assert away.headers["Content-Type"].startswith(kind)
    assert ours.headers["Cache-Control"] == "no-store"


def test_renderer_writes_money_exactly_and_lazy_text():
    raw = OrjsonRenderer().render({"amount": Decimal("0.1000"), "label": gettext_lazy("Yes"), 1: {"a"}})
    assert orjson.loads(raw) == {"amount": "0.1000", "label": "Yes", "1": ["a"]}
