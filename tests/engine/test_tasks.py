"""The engine's own tasks, called as functions."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from engine import outbox, tasks
from engine.models import Delivery, JobRun


def test_deliver_goes_on_until_nothing_is_due(db, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.MAIL_DIR = "engine.mailing.FolderBackend", tmp_path
    for number in range(45):
        outbox.mail("a@example.com", "subject", "body", f"lead:{number}")
    tasks.deliver()
    assert {delivery.state for delivery in Delivery.objects.all()} == {"delivered"}
    assert len(list(tmp_path.glob("*.eml"))) == 45


def test_tidy_runs_once_a_day_and_ends_old_sessions(db):
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(days=1))
    tasks.tidy()
    tasks.tidy()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
    assert JobRun.objects.get(job="tidy").result == {"deliveries": 0, "answers": 0, "errands": 0}


def test_the_clock_hints_at_everything_that_is_swept_unless_another_hint_does():
    nightly = {"tidy", "attribution"}
    hinted = {
        "undo": "the owner's work",
        "moments": "found where scores are",
        "demo": "hinted by the wish",
        "warn": "looked at where offers expire",
        "fade": "looked at where offers expire",
        "books": "looked at where offers expire",
        "numbers": "a country that is news is no hurry, the sweeper's look is soon enough",
        "settle_cases": "looked at where disputed returns are settled",
        "structure": "looked at where offers expire, and where leads are routed",
    }
    assert set(settings.CELERY_BEAT_SCHEDULE) - nightly == set(settings.SWEEP) - set(hinted)
