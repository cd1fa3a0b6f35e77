"""Periodic jobs, once per period however many clocks are running."""

from contextlib import contextmanager

from django.db import connection
from django.db.models.functions import Now

from engine.models import JobRun


@contextmanager
def once_per(job, period_start):
    """Yields the JobRun, or None when this job has been started for this period before.

    A run that raises is forgotten, so that it is tried again.
    """
    run = claim(job, period_start)
    try:
        yield run
    except BaseException:
        if run:
            run.delete()
        raise
    if run:
        JobRun.objects.filter(pk=run.pk).update(finished_at=Now(), result=run.result)


def claim(job, period_start):
    """The JobRun of this period when we are the first to ask for it, else None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO engine_jobrun (job, period_start) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING id",
            [job, period_start],
        )
        row = cursor.fetchone()
    return JobRun.objects.get(pk=row[0]) if row else None


def last_period(job):
    """The latest period that this job finished, or None: where catching up begins."""
    finished = JobRun.objects.filter(job=job, finished_at__isnull=False).order_by("-period_start")
    return finished.values_list("period_start", flat=True).first()
