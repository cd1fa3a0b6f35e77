"""A rule is taken away, or a rep asked for other leads, while routing is at work."""

import threading
from time import sleep

import pytest
from django.db import OperationalError, connection, transaction

from engine.copying import take_lock
from leads import assignment
from leads.assignment.routing import LOCK
from leads.models import AssignmentRule, Handoff, RuleTurn
from tests import cast as make
from tests.cast import NOON
from tests.leads.ready import ready


@pytest.mark.django_db(transaction=True)
def test_a_run_that_goes_by_a_rule_is_waited_for():
    rule = AssignmentRule.objects.create(name="All", position=1)
    told = []

    def impatiently():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        try:
            assignment.remove(AssignmentRule.objects.get(pk=rule.pk))
        except OperationalError as error:
            told.append(str(error))
        finally:
            connection.close()

    with transaction.atomic(), connection.cursor() as cursor:
        take_lock(cursor, LOCK)  # as a run does
        thread = threading.Thread(target=impatiently)
        thread.start()
        thread.join()
    assert "lock timeout" in told[0]
    assignment.remove(rule)
    assert not AssignmentRule.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((1, 2, 3, 4), (1, 2, 3)),
        ((1, 2, 2, 3), (1, 1, 2)),
        ((1, 1, 2), (1, 2)),
        ((1, 3, 4), (3, 4)),
        ((5,), ()),
    ],
)
def test_whoever_stood_close_behind_moves_up(before, after):
    first, *_others = [AssignmentRule.objects.create(name=str(n), position=n) for n in before]
    assignment.remove(first)
    assert tuple(AssignmentRule.objects.values_list("position", flat=True)) == after


@pytest.mark.django_db(transaction=True)
def test_whose_territory_changes_while_a_run_is_at_work_begins_anew(cast):
    """The run has read where the rep stood; it puts nothing back that the change has ended. (For a new kind it waits.)"""
    ready(4, by=cast.marketer)
    assignment.assign_due(at=NOON)
    assert RuleTurn.objects.filter(rep=cast.rep).exists()
    ready(4, by=cast.marketer)

    def route():
        try:
            assignment.assign_due(at=NOON)
        finally:
            connection.close()

    thread = threading.Thread(target=route)
    with transaction.atomic():
        cast.rep.rep.regions.add(make.region("east"))
        thread.start()
        wait_for_whoever_waits_for_us()
    thread.join()
    assert Handoff.objects.count() == 8
    assert set(RuleTurn.objects.values_list("rep", flat=True)) == {cast.teammate.pk, cast.other_rep.pk}


def wait_for_whoever_waits_for_us():
    with connection.cursor() as cursor:
        for _look in range(100):
            cursor.execute(
                "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchall():
                return
            sleep(0.1)
    raise AssertionError("the run did not come so far")
