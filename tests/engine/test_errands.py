"""Errands: asked for once, done once, refused with words, tried again after a failure and given up in the end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from engine import errands
from engine.models import Errand

pytestmark = pytest.mark.django_db
DONE = []


def carry_out(payload, actor):
    """What the tests' errands do."""
    if payload.get("refuse"):
        raise errands.Refused("Not today.")
    if payload.get("fail"):
        raise OSError("no disk")
    DONE.append((payload, actor))


@pytest.fixture(autouse=True)
def kinds(settings):
    """One kind of errand."""
    settings.ERRANDS = {"test": f"{__name__}.carry_out"}
    DONE.clear()


def state(subject):
    """(waits, attempts, error) of the newest errand about a subject."""
    found = errands.latest("test", subject)
    return found.waits, found.attempts, found.error


def test_an_errand_is_done_once_however_often_it_is_asked_for():
    for number in range(2):
        errands.ask("test", "a", {"number": number}, 7)
    assert state("a") == (True, 0, "")
    assert (errands.do_due(), errands.do_due()) == (1, 0)
    assert DONE == [({"number": 0}, 7)]
    assert state("a") == (False, 1, "")
    errands.ask("test", "a", {"number": 2}, 7)  # done, so that it may be asked for again
    assert (errands.do_due(), len(DONE), Errand.objects.count()) == (1, 2, 2)
    assert errands.tidy(timezone.now() + timedelta(days=91), timedelta(days=90)) == 2
    assert errands.latest("test", "a") is None


def test_a_refusal_stands_and_a_failure_is_tried_again_until_it_is_given_up():
    errands.ask("test", "no", {"refuse": True}, 7)
    assert errands.do_due() == 1
    assert state("no") == (False, 1, "Not today.")
    errands.ask("test", "broken", {"fail": True}, 7)
    for attempt in range(1, errands.MOST_ATTEMPTS + 1):
        assert errands.do_due() == 1
        assert state("broken") == (attempt < errands.MOST_ATTEMPTS, attempt, "OSError: no disk")
        assert errands.do_due() == 0  # it rests
        Errand.objects.filter(finished_at=None).update(next_at=timezone.now())
    assert errands.do_due() == 0
    assert DONE == []


def test_who_lost_the_lease_does_not_settle_the_errand_of_the_next(monkeypatch):
    errands.ask("test", "slow", {}, 7)

    def overtaken(payload, actor):
        Errand.objects.update(attempts=2)  # another process has claimed it meanwhile

    monkeypatch.setattr(f"{__name__}.carry_out", overtaken)
    assert errands.do_due() == 1
    assert state("slow") == (True, 2, "")
