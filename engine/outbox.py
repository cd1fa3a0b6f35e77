"""The outbox: effects outside the database, owed by a row that commits together with their cause.

`settings.OUTBOX` names for each kind the function that carries it out: it takes the payload and the id of the
delivery, and raises when it could not. It may be called twice for one delivery, always with the same id.
"""

import json
import logging
import random
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from engine.hints import hint
from engine.models import Delivery
from engine.text import one_line, storable

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
LEASE = 60  # seconds
PAUSES = (5, 30, 120, 600, 1_800, 7_200, 21_600)  # seconds after the first, second … failure

OWE = """
INSERT INTO engine_delivery (kind, subject, seq, payload, attempts, last_error)
SELECT %s, o.subject, o.seq, o.payload, 0, ''
FROM unnest(%s::text[], %s::jsonb[], %s::int[]) WITH ORDINALITY AS o (subject, payload, seq, place) ORDER BY o.place
ON CONFLICT DO NOTHING
"""
CLAIM = """
-- one row: a delivery that this process may attempt for the next LEASE seconds. ARRAY(): looked for once, where IN ()
-- may be looked for again and again, past its limit
UPDATE engine_delivery SET next_at = clock_timestamp() + make_interval(secs => %(lease)s), attempts = attempts + 1
WHERE id = ANY (ARRAY(
  SELECT id FROM engine_delivery
  WHERE delivered_at IS NULL AND dead_at IS NULL AND next_at <= clock_timestamp() AND attempts < %(most)s
  ORDER BY next_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
RETURNING id, kind, payload, attempts
"""
BURY = """
-- one row: a delivery whose last attempt neither succeeded nor failed within its lease
UPDATE engine_delivery SET dead_at = clock_timestamp(), last_error = coalesce(nullif(last_error, ''), 'no answer')
WHERE delivered_at IS NULL AND dead_at IS NULL AND next_at <= clock_timestamp() AND attempts >= %s
"""
SETTLE = """
-- one row: the delivery that has arrived; what it said (often a link that opens something) is kept no longer
UPDATE engine_delivery SET delivered_at = clock_timestamp(), last_error = '', payload = payload - 'body' - 'html'
WHERE id = %s AND delivered_at IS NULL
"""
POSTPONE = """
UPDATE engine_delivery SET last_error = %(error)s,
  next_at = clock_timestamp() + make_interval(secs => %(pause)s),
  dead_at = CASE WHEN attempts >= %(most)s THEN clock_timestamp() END
WHERE id = %(id)s AND attempts = %(attempts)s AND delivered_at IS NULL
"""


def mail(to, subject, body, key, seq=0):
    """Owe somebody a mail. `to` is one address, `key` names the cause: the same key is never mailed twice."""
    put("mail", key, {"to": to, "subject": one_line(subject, 200), "body": storable(body)}, seq)


def put(kind, subject, payload, seq=0):
    """Owe a delivery about `subject` ("handoff:12"). A second one of the same kind and seq changes nothing."""
    put_many(kind, [(subject, payload, seq)])


def put_many(kind, rows):
    """Owe many deliveries of a kind: rows of (subject, payload, seq)."""
    if rows:
        subjects, payloads, seqs = map(list, zip(*rows, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(OWE, [kind, subjects, [json.dumps(one) for one in payloads], seqs])
    hint("engine.tasks.deliver")


def deliver_due(limit=20):
    """Attempt what is due, at most `limit`. Returns how many deliveries were attempted or given up."""
    with connection.cursor() as cursor:
        cursor.execute(BURY, [MOST_ATTEMPTS])
        buried = cursor.rowcount
        cursor.execute(CLAIM, {"lease": LEASE, "most": MOST_ATTEMPTS, "limit": limit})
        claimed = cursor.fetchall()
    for pk, kind, payload, attempts in claimed:
        _attempt(pk, kind, payload, attempts)
    return len(claimed) + buried


def _attempt(pk, kind, payload, attempts):
    """Nothing is locked meanwhile, and one that fails does not hold up the next."""
    try:
        import_string(settings.OUTBOX[kind])(json.loads(payload), pk)
    except Exception as error:  # a poisoned delivery must not stop the others
        logger.warning("delivery %s failed for the %s. time: %s", pk, attempts, one_line(error, 300))
        _postpone(pk, attempts, error)
        return
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [pk])


def _postpone(pk, attempts, error):
    pause = PAUSES[min(attempts, len(PAUSES)) - 1] * random.uniform(0.8, 1.2)
    text = one_line(f"{type(error).__name__}: {error}", 500)
    row = {"id": pk, "attempts": attempts, "error": text, "pause": pause, "most": MOST_ATTEMPTS}
    with connection.cursor() as cursor:
        cursor.execute(POSTPONE, row)


def retry(delivery, at):
    """Give a dead delivery another eight attempts. Returns whether it was dead."""
    dead = Delivery.objects.filter(pk=delivery.pk, dead_at__isnull=False, delivered_at=None)
    if not dead.update(dead_at=None, attempts=0, next_at=at):
        return False
    hint("engine.tasks.deliver")
    return True


def tidy(at, keep=timedelta(days=90)):
    """Forget what was delivered long ago. Returns how many rows went."""
    return Delivery.objects.filter(delivered_at__lt=at - keep).delete()[0]
