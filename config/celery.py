"""The Celery app. Tasks live in each app's tasks.py; the database, not the broker, is the queue."""

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import task_postrun, task_prerun
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Only JSON is accepted, so a worker that runs as root executes nothing that a message brings.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("tandem")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A worker keeps its connections as the web does: around a task goes what is old or broken.
for moment in (task_prerun, task_postrun):
    moment.connect(close_old_connections, dispatch_uid="config.celery")
