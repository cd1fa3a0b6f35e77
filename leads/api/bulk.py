"""Many rows in one request: each stands or falls alone, and each has its result."""

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from engine import constraints
from engine.parsers import holds_nul, unstorable
from engine.problems import fields

MOST = 1000


class BulkResultSerializer(serializers.Serializer):
    """What became of one row."""

    index = serializers.IntegerField()
    status = serializers.ChoiceField(["done", "error"])
    id = serializers.IntegerField(required=False)
    errors = serializers.DictField(required=False)


class BulkAnswerSerializer(serializers.Serializer):
    """A result for each row, in the order sent."""

    done = serializers.IntegerField()
    failed = serializers.IntegerField()
    results = BulkResultSerializer(many=True)


def bulk(request, serializer_class, write, **known):
    """Check and write each row of the request's list; `write(serializer, at)` answers the row's key, if it is told.

    `known` goes to the serializers as their context, beside the user.

    Answers 200 with a result for each row. Raises ValidationError where the body is no list of at most 1,000 rows.
    """
    rows, at = _sent(request), timezone.now()
    # Row by row, each in a savepoint: a row that fails must harm no other, and every row gets its own words.
    known["user"] = request.user
    results = [
        {"index": index, **(_unstorable(row) or _one(serializer_class(data=row, context=known), write, at))}
        for index, row in enumerate(rows)
    ]
    return _answer(results)


def judged(request, serializer_class, take):
    """The same where all rows are written at once: `take(serializers)` answers for each row its key, or {field: why} where it is refused."""
    rows = _sent(request)
    shapes = [serializer_class(data=row, context={"user": request.user}) for row in rows]
    wrong = [_unstorable(row) or _unfit(shape) for row, shape in zip(rows, shapes, strict=True)]
    taken = iter(take([shape for shape, why in zip(shapes, wrong, strict=True) if why is None]))
    return _answer([{"index": index, **(why or _taken(next(taken)))} for index, why in enumerate(wrong)])


def _taken(key):
    if isinstance(key, dict):
        return {"status": "error", "errors": {name: [why] for name, why in key.items()}}
    return {"status": "done", "id": key}


def _unfit(shape):
    return None if shape.is_valid() else {"status": "error", "errors": fields(shape.errors)}


def _sent(request):
    rows = request.data
    if not isinstance(rows, list) or not rows:
        raise ValidationError(_("Send a list of rows."))
    if len(rows) > MOST:
        raise ValidationError(_("Send at most %(most)d rows at once.") % {"most": MOST})
    return rows


def _answer(results):
    failed = sum(result["status"] == "error" for result in results)
    return Response({"done": len(results) - failed, "failed": failed, "results": results})


def _unstorable(row):
    """The result of a row with a text or number that cannot be stored, named by its field; None of any other."""
    named = row.items() if isinstance(row, dict) else [("", row)]
    why = {"" if holds_nul(name) else name: unstorable([name, value]) for name, value in named}
    bad = {name: [told] for name, told in why.items() if told}
    return {"status": "error", "errors": bad} if bad else None


def _one(shape, write, at):
    if why := _unfit(shape):
        return why
    try:
        with transaction.atomic():
            key = write(shape, at)
    except (ValueError, DatabaseError) as error:
        return {"status": "error", "errors": _refusals(error)}
    return {"status": "done"} if key is None else {"status": "done", "id": key}


def _refusals(error):
    found = constraints.breach(error) if isinstance(error, IntegrityError) else None
    if found:
        return {name: [found.why] for name in found.fields or ("",)}
    told = _("The database refused this row.") if isinstance(error, DatabaseError) else str(error)
    return {"": [told]}
