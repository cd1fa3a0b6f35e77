"""What a worker does when it is told to look."""

from celery import shared_task

from reports import digests
from reports import forecast as forecasts
from reports.attribution import learning
from reports.rollups import roll_due
from reports.shifts import remind_due


@shared_task
def rollup():
    """Work off the marks that are there now."""
    while roll_due():
        pass


@shared_task
def remind():
    """Tell of the decisions that are to be looked at again."""
    while remind_due():
        pass


@shared_task
def learn_attribution():
    """Learn the Markov model anew."""
    learning.learn()


@shared_task
def relearn_attribution():
    """Learn it by another order at once, where the house has chosen one."""
    learning.learn_due()


@shared_task
def forecast():
    """Keep what the deals say on the first day of a month."""
    forecasts.keep()


@shared_task
def send_digests():
    """Owe this week's digests, once."""
    digests.send_due()
