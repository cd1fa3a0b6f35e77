"""A rule is taken away while routing is at work."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from engine.copying import take_lock
from leads import assignment
from leads.assignment.routing import LOCK
from leads.models import AssignmentRule


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
