"""What went wrong, said so that a person or a program can act on it (RFC 9457, problem details)."""

import logging

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError, IntegrityError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, serializers, views
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error

from engine import constraints
from engine.outages import MEDIA_TYPE, RETRY_AFTER, is_outage
from engine.phrases import details
from engine.refusals import Conflict, Merged

logger = logging.getLogger(__name__)
# REST framework's own words speak of dictionaries; whoever sends JSON knows objects and lists.
serializers.Serializer.default_error_messages["invalid"] = gettext_lazy("Send one object with fields here.")
serializers.ListSerializer.default_error_messages["not_a_list"] = gettext_lazy("Send a list here.")
serializers.ListField.default_error_messages["not_a_list"] = gettext_lazy("Send a list here.")
serializers.DictField.default_error_messages["not_a_dict"] = gettext_lazy("Send one object with fields here.")


def exception_handler(exc, context):
    """REST framework's hook: every error as problem details. Unknown ones stay unhandled and answer 500."""
    if is_outage(exc):
        logger.warning("the database did not answer: %s", exc)
        views.set_rollback()
        return problem(503, headers={"Retry-After": str(RETRY_AFTER)})
    exc = _translate(exc, context.get("request"))
    answer = views.exception_handler(exc, context)
    if answer is None:
        return None
    headers = {
        name: answer.headers[name]
        for name in ("WWW-Authenticate", "Retry-After", "Allow")
        if name in answer.headers
    }
    if isinstance(exc, exceptions.ValidationError):
        return problem(answer.status_code, _("Some fields need another value."), fields(exc.detail), headers)
    detail = answer.data.get("detail", "") if isinstance(answer.data, dict) else ""
    told = problem(answer.status_code, str(detail), headers=headers)
    if isinstance(exc, Merged):
        told.data["merged_into"] = exc.into
    if hasattr(exc, "differs"):  # a change onto a version that is no longer there
        told.data["differs"] = exc.differs
        told.headers["ETag"] = exc.tag
    return told


def problem(status, detail="", errors=None, headers=None):
    """A REST framework response with problem details. `errors`: {field: [message, …]}."""
    return Response(details(status, detail, errors), status=status, headers=headers, content_type=MEDIA_TYPE)


def fields(detail):
    """A validation error of any depth as {dotted.field: [message, …]}; "" names the whole."""
    found = {}
    _collect(detail, "", found)
    return found


def _collect(detail, name, found):
    if isinstance(detail, dict):
        for key, inner in detail.items():
            part = "" if key == "non_field_errors" else str(key)
            _collect(inner, ".".join(filter(None, (name, part))), found)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, (dict, list))
            _collect(inner, f"{name}.{index}".lstrip(".") if nested else name, found)
    else:
        found.setdefault(name, []).append(str(detail))


def _translate(exc, request=None):
    """Errors of Django and of the database as the API error that they mean."""
    if isinstance(exc, DjangoValidationError):
        return exceptions.ValidationError(as_serializer_error(exc))
    if isinstance(exc, IntegrityError):
        logger.info("refused by a constraint: %s", exc)
        return _refused(exc, request)
    if isinstance(exc, DataError) or (isinstance(exc, ValueError) and "NUL" in str(exc)):
        logger.info("refused by the database: %s", exc)
        return exceptions.ParseError(_("A value is outside of what can be stored."))
    if isinstance(exc, (BadRequest, SuspiciousOperation)):
        return exceptions.ParseError(str(exc))
    if isinstance(exc, Http404) and "matches the given query" in str(exc):  # Django's own words, in English
        return exceptions.NotFound()
    if isinstance(exc, RecursionError):
        return exceptions.ParseError(_("This is nested too deeply."))
    return exc


def _refused(error, request):
    """400 with the fields that can put it right; 409 where none can, or where it is what others have and nobody sent it."""
    found = constraints.breach(error)
    if found is None:
        return Conflict()
    said = getattr(request, "data", None)
    sent = [name for name in found.fields if isinstance(said, dict) and name in said]
    named = sent or ([] if found.others else found.fields)
    return exceptions.ValidationError(dict.fromkeys(named, found.why)) if named else Conflict(found.why)
