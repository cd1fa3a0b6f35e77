"""What a worker does when it is told to look."""

from celery import shared_task

from reports.attribution import learning
from reports.rollups import roll_due


@shared_task
def rollup():
    """Work off the marks that are there now."""
    while roll_due():
        pass


@shared_task
def learn_attribution():
    """Learn the Markov model anew."""
    learning.learn()
