"""A rule of routing is taken away: no run that goes by it is at work then."""

from django.db import connection, transaction

from engine.copying import take_lock
from leads.assignment.routing import LOCK
from leads.models import AssignmentRule


def remove(rule):
    """Take a rule away; its former runs keep its name and what they weighed. A run at work is waited for: it names the rule.

    Whoever stood close behind it moves up.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        take_lock(cursor, LOCK)
        rule.delete()
        _close_up(rule.position)


def _close_up(free):
    if AssignmentRule.objects.filter(position=free).exists():
        return
    last, moved = free, []
    for other in AssignmentRule.objects.filter(position__gt=free):
        if other.position > last + 1:
            break
        last, other.position = other.position, other.position - 1
        moved.append(other)
    AssignmentRule.objects.bulk_update(moved, ["position"])
