"""Contradictions in the settings stop the start."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as live

from engine import checks
from engine.launcher import household


def ids(found):
    return {error.id for error in found}


def test_the_settings_as_they_are_pass():
    assert checks.check_celery(None) == checks.check_driver(None) == checks.check_production(None) == []


@pytest.mark.parametrize(
    "name, value, error",
    [
        ("CELERY_TASK_TIME_LIMIT", 300, "engine.E001"),
        ("CELERY_RESULT_BACKEND", "redis://", "engine.E002"),
        ("CELERY_TASK_IGNORE_RESULT", False, "engine.E002"),
        ("CELERY_TASK_PUBLISH_RETRY", True, "engine.E003"),
    ],
)
def test_celery_contradictions_are_found(settings, name, value, error):
    setattr(settings, name, value)
    assert ids(checks.check_celery(None)) == {error}


def test_production_wants_its_own_secret_hosts_and_address(settings):
    settings.PRODUCTION = True
    assert ids(checks.check_production(None)) == {"engine.E005", "engine.E006", "engine.E007"}
    settings.SECRET_KEY, settings.ALLOWED_HOSTS, settings.SITE_URL = (
        "x" * 50,
        ["t.example"],
        "https://t.example",
    )
    assert checks.check_production(None) == []
    settings.ALLOWED_HOSTS = ["other.example"]
    assert ids(checks.check_production(None)) == {"engine.E009"}
    settings.ALLOWED_HOSTS = [".example"]
    assert checks.check_production(None) == []


def test_production_takes_no_secret_from_a_trial_run(settings, tmp_path):
    settings.PRODUCTION, settings.DATA_DIR = True, tmp_path
    settings.SECRET_KEY, settings.ALLOWED_HOSTS, settings.SITE_URL = (
        household.secret(tmp_path),
        ["t.example"],
        "https://t.example",
    )
    assert ids(checks.check_production(None)) == {"engine.E010"}
    settings.SECRET_KEY = "x" * 50
    assert checks.check_production(None) == []


def test_production_does_not_start_on_borrowed_settings():
    start = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=live.BASE_DIR,
        env={**os.environ, "TANDEM_PRODUCTION": "1"},
        capture_output=True,
        text=True,
    )
    assert start.returncode != 0
    assert "SECRET_KEY must be set" in start.stderr
