"""Celery task of the demo: look, do, stop."""

from celery import shared_task

from demo import wishes


@shared_task(time_limit=600, soft_time_limit=570)
def fulfil():
    """Make or remove the demo that somebody asked for."""
    wishes.fulfil_due()
