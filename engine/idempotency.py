"""Idempotency-Key: a client may send the same POST again and it happens once.

The key belongs to one user and one address. The same body gets the first answer again with
`Idempotent-Replayed: true`, another body 422; while the first is at work the second waits up to 5 seconds and
then gets 409. Only answers of success are kept, for 24 hours: after an error the request simply runs again.

What is told only once stands in `data` of the first answer and not in its `kept`, where it has one: a secret is stored nowhere.

The claim, what the request does and its answer are one transaction, so that a crash leaves nothing half done;
who comes second waits on the unique key of the first.
"""

import hashlib
from datetime import timedelta
from functools import wraps

import orjson
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from psycopg2 import errors
from rest_framework.exceptions import ParseError

from engine.models import IdempotentAnswer
from engine.refusals import Conflict, Unprocessable
from engine.renderers import OrjsonRenderer, plain

KEPT = timedelta(hours=24)
CLAIM = """
-- one row: the claim is ours; none: this key has been answered (the wait for an unfinished one is bounded)
SET LOCAL lock_timeout = '5s';
INSERT INTO engine_idempotentanswer (actor, endpoint, key, fingerprint, location)
VALUES (%(actor)s, %(endpoint)s, %(key)s, %(fingerprint)s, '')
ON CONFLICT (actor, endpoint, key) DO UPDATE
  SET fingerprint = excluded.fingerprint, claimed_at = clock_timestamp(), status = NULL, body = NULL, location = ''
  WHERE engine_idempotentanswer.claimed_at < clock_timestamp() - %(kept)s
RETURNING id
"""


def idempotent(handler):
    """Decorates a method of an API view that answers POST; without the header nothing changes."""

    @wraps(handler)
    def once(view, request, *args, **kwargs):
        key = request.headers.get("Idempotency-Key")
        if key is None or not request.user.is_authenticated:
            return handler(view, request, *args, **kwargs)
        if not (0 < len(key) <= 255 and key.isascii() and key.isprintable()):
            raise ParseError(_("Idempotency-Key must be 1 to 255 printable ASCII characters."))
        return _once(key, request, lambda: handler(view, request, *args, **kwargs))

    once.idempotent = True  # type: ignore[attr-defined]  # a mark on the function
    return once


def tidy(at):
    """Forget answers older than 24 hours. Returns how many."""
    return IdempotentAnswer.objects.filter(claimed_at__lt=at - KEPT).delete()[0]


def fingerprint(data):
    """32 bytes that stand for a parsed body, whatever the order of its keys."""
    return hashlib.sha256(orjson.dumps(data, default=plain, option=orjson.OPT_SORT_KEYS)).digest()


def _once(key, request, work):
    who = {"actor": request.user.pk, "endpoint": f"{request.method} {request.path}"[:200], "key": key}
    mark = fingerprint(request.data)
    with transaction.atomic():
        claimed = claim({**who, "fingerprint": mark, "kept": KEPT})
        if not claimed:
            return _replay(IdempotentAnswer.objects.get(**who), mark)
        answer = work()
        if answer.status_code < 400:
            _keep(claimed, answer)
        else:
            transaction.set_rollback(True)
    return answer


def claim(row):
    """The key of the row that is ours; None where this was answered before. Raises Conflict while the first is at work."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, row)
            found = cursor.fetchone()
    except OperationalError as error:
        if isinstance(error.__cause__, errors.LockNotAvailable):
            raise Conflict(_("The first request with this Idempotency-Key is still at work.")) from None
        raise
    return found and found[0]


def _keep(pk, answer):
    IdempotentAnswer.objects.filter(pk=pk).update(
        status=answer.status_code,
        body=OrjsonRenderer().render(getattr(answer, "kept", answer.data)),
        location=answer.headers.get("Location", ""),
    )


def _replay(kept, mark):
    if bytes(kept.fingerprint) != mark:
        raise Unprocessable(_("This Idempotency-Key was used with another body."))
    headers = {"Idempotent-Replayed": "true"}
    if kept.location:
        headers["Location"] = kept.location
    return HttpResponse(
        bytes(kept.body), status=kept.status, content_type="application/json", headers=headers
    )
