"""Sending digests: once a week, on the first morning of the week, to everybody who has not asked to be left alone."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import organisation
from accounts.models import Role, User
from engine import outbox
from engine.jobs import once_per
from engine.models import JobRun
from reports.digests.telling import digest

JOB = "reports.digest"
MORNING = time(7)  # of the organisation's day
NEEDED_LEVEL = 2


def week_of(at):
    """The moment when the digests of the week of `at` are due, in the organisation's zone and by its first day of the week."""
    local = at.astimezone(organisation.zone())
    back = (local.weekday() - organisation.current().week_start) % 7
    due = datetime.combine(local.date() - timedelta(days=back), MORNING, organisation.zone())
    return due if due <= at else due - timedelta(days=7)


def send_due(at=None):
    """Owe this week's digests, once, all of them in one transaction. Returns how many; 0: none due.

    A house that has just begun gets its first digest on the next first day of the week.
    """
    at = at or timezone.now()
    if organisation.current().level < NEEDED_LEVEL:
        return 0
    due = week_of(at)
    if JobRun.objects.filter(job=JOB, period_start=due).exists():
        return 0
    if at - due > timedelta(days=1):  # a Monday that nobody was up for is not made good on a Thursday
        return 0
    with transaction.atomic(), once_per(JOB, due) as run:
        if run is None:
            return 0
        count = _send(due, at)
        run.result = {"mails": count}
        return count


def _send(due, at):
    rows = []
    for user in User.objects.filter(is_active=True, digest=True).exclude(role=Role.SERVICE).order_by("pk"):
        told = digest(user, at)  # each in the own language over the own figures: a loop by nature
        if told is not None:
            payload = {"to": user.email, "subject": told.subject, "body": told.text, "html": told.html}
            rows.append((f"digest:{due:%Y-%m-%d}:{user.pk}", payload, 0))
    outbox.put_many("mail", rows)
    return len(rows)
