"""The roof: settings, urls, the API router and the Celery app. Imports everything, holds no logic."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
