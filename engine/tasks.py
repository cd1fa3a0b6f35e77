"""The engine's own Celery tasks: look, do, stop."""

from datetime import timedelta

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from engine import errands, idempotency, jobs, outbox


@shared_task(name="engine.tasks.deliver")
def deliver():
    """Carry out due deliveries."""
    while outbox.deliver_due():
        pass


@shared_task(name="engine.tasks.run_errands")
def run_errands():
    """Do what one click asked for and what was too long for its page."""
    while errands.do_due():
        pass


@shared_task(name="engine.tasks.tidy")
def tidy():
    """Forget what nobody needs any more, once a day."""
    now = timezone.now()
    with jobs.once_per("tidy", now.replace(hour=0, minute=0, second=0, microsecond=0)) as run:
        if run:
            run.result = {
                "deliveries": outbox.tidy(now),
                "answers": idempotency.tidy(now),
                "errands": errands.tidy(now, timedelta(days=90)),
            }
            SessionStore.clear_expired()
