"""A rule of routing is taken away: no run that goes by it is at work then."""

from django.db import connection, transaction

from engine.copying import take_lock
from leads.assignment.routing import LOCK


def remove(rule):
    """Take a rule away; its former runs keep its name and what they weighed. A run at work is waited for: it names the rule."""
    with transaction.atomic(), connection.cursor() as cursor:
        take_lock(cursor, LOCK)
        rule.delete()
