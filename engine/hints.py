"""Hints: "look now". They make work start sooner and are never needed for it to be done.

The database is the queue; beat and the sweeper look by themselves. So a hint may be lost, repeated or late,
it is sent after commit, it is bounded by the broker's time-outs, and after a failure nobody tries for a while.
"""

import logging
import threading
import time

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)


class Breaker:
    """Calls a function that may fail slowly; after a failure it keeps everybody away for `rest` seconds."""

    def __init__(self, rest=10.0, clock=time.monotonic):
        self.rest, self.clock = rest, clock
        self.failed_at = None
        self.probing = threading.Lock()

    def call(self, function):
        """Whether the function was called and returned. Never raises."""
        if self.failed_at is None:
            return self._attempt(function)
        if self.clock() - self.failed_at < self.rest or not self.probing.acquire(blocking=False):
            return False
        try:
            return self._attempt(function)
        finally:
            self.probing.release()

    def _attempt(self, function):
        try:
            function()
        except Exception as error:  # whatever a client library raises, the request goes on
            if self.failed_at is None:
                logger.warning("the broker is away, hints rest: %s: %s", type(error).__name__, error)
            self.failed_at = self.clock()
            return False
        self.failed_at = None
        return True


breaker = Breaker()


def hint(task, using="default"):
    """After commit, tell a worker to look for due work: `hint("leads.tasks.score")`. Never raises.

    `task` is a Celery task without arguments, or its name. Without a transaction it is sent at once.
    """
    name = task if isinstance(task, str) else task.name
    # A lambda: Django 5.2 cannot name a partial when it logs a robust hook.
    transaction.on_commit(lambda: breaker.call(lambda: send(name)), using=using, robust=True)


def send(name):
    """Publish one hint; a worker that finds it after a minute drops it."""
    current_app.send_task(name, expires=60, ignore_result=True)
