"""What the settings name exists: the engine calls the floors above it only by these names."""

import pytest
from celery import current_app
from django.conf import settings
from django.utils.module_loading import import_string


@pytest.mark.parametrize(
    "name",
    [
        *settings.SWEEP.values(),
        *settings.OUTBOX.values(),
        *settings.OUTBOX_NAMES.values(),
        settings.FIRST_ADMIN_LINK,
        settings.DEMO_GREETING,
    ],
)
def test_function_exists(name):
    assert callable(import_string(name))


def test_every_task_that_is_sent_or_routed_is_registered():
    current_app.loader.import_default_modules()
    sent = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert sent | set(settings.CELERY_TASK_ROUTES) <= set(current_app.tasks)


def test_beats_hints_expire_before_the_next():
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        if isinstance(entry["schedule"], float):
            assert entry["options"]["expires"] <= entry["schedule"]
