"""Celery tasks: fetch, call, stop. A message only says "look now"; what is due stands in the database."""

from celery import shared_task

from leads import scoring


@shared_task
def score():
    """Score what is due."""
    scoring.score_due()
