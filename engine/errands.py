"""Errands: what one click asks for and what takes too long for a page, owed by a row and done in the background.

`settings.ERRANDS` names for each kind the function that does it: it takes the payload and the id of whoever asked, and
raises Refused where it cannot be done. It may be called twice for one errand, so that the second time must change nothing.
"""

import json
import logging

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from engine.hints import hint
from engine.models import Errand
from engine.text import one_line

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
LEASE = 300  # seconds
PAUSE = 20  # seconds after a failure, times the attempts

CLAIM = """
-- one row: the errand that this process may do for the next LEASE seconds
UPDATE engine_errand SET next_at = clock_timestamp() + make_interval(secs => %(lease)s), attempts = attempts + 1
WHERE id = (
  SELECT id FROM engine_errand WHERE finished_at IS NULL AND next_at <= clock_timestamp()
  ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, kind, payload, actor, attempts
"""
SETTLE = """
-- one row: the errand that is done, refused or given up
UPDATE engine_errand SET finished_at = clock_timestamp(), error = %(error)s
WHERE id = %(id)s AND attempts = %(attempts)s AND finished_at IS NULL
"""
POSTPONE = """
UPDATE engine_errand SET next_at = clock_timestamp() + make_interval(secs => %(pause)s), error = %(error)s
WHERE id = %(id)s AND attempts = %(attempts)s AND finished_at IS NULL
"""


class Refused(Exception):
    """The errand cannot be done; says why, to whoever asked for it."""


def ask(kind, subject, payload, actor):
    """Owe an errand about `subject` ("2026-10"); while one of the same kind and subject is open, that one stands."""
    errand = Errand(kind=kind, subject=subject, payload=payload, actor=actor)
    Errand.objects.bulk_create([errand], ignore_conflicts=True)
    hint("engine.tasks.run_errands")


def latest(kind, subject):
    """The newest Errand of a kind about a subject, None where there is none."""
    return Errand.objects.filter(kind=kind, subject=subject).order_by("-pk").first()


def do_due():
    """Do the errand that waits longest. Returns 1, 0 where none is due."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"lease": LEASE})
        claimed = cursor.fetchone()
    if claimed is None:
        return 0
    pk, kind, payload, actor, attempts = claimed
    statement, words = SETTLE, {"error": ""}
    try:
        import_string(settings.ERRANDS[kind])(json.loads(payload), actor)
    except Refused as refused:
        words["error"] = str(refused)
    except Exception as error:
        logger.exception("errand %s failed for the %s. time", pk, attempts)
        words["error"] = one_line(f"{type(error).__name__}: {error}", 500)
        if attempts < MOST_ATTEMPTS:
            statement, words["pause"] = POSTPONE, PAUSE * attempts
    with connection.cursor() as cursor:
        cursor.execute(statement, {"id": pk, "attempts": attempts, **words})
    return 1


def tidy(at, keep):
    """Forget what was done long ago. Returns how many rows went."""
    return Errand.objects.filter(finished_at__lt=at - keep).delete()[0]
