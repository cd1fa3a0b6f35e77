"""The SQL of the migrations and of the engine on the oldest PostgreSQL that is promised."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
# What speaks SQL of its own: COPY, claims, triggers, locks, sets.
SUITE = [
    "tests/engine/test_copying.py",
    "tests/engine/test_idempotency.py",
    "tests/engine/test_journals.py",
    "tests/engine/test_outbox.py",
    "tests/engine/test_roles.py",
    "tests/leads/test_funnel.py",
    "tests/leads/test_scoring.py",
    "tests/leads/test_assignment.py",
    "tests/leads/test_pool.py",
    "tests/leads/test_promises.py",
    "tests/leads/test_searching.py",
    "tests/leads/merging/test_merge.py",
    "tests/leads/importing/test_leads.py",
    "tests/leads/importing/test_deals.py",
    "tests/leads/importing/test_plain_kinds.py",
    "tests/reports/test_cohorts.py",
    "tests/reports/test_marks.py",
    "tests/reports/test_returns.py",
    "tests/reports/test_verify.py",
]
# What tells nothing about the version, and takes most of the time.
LEFT_OUT = "not four_workers and not run_out_meanwhile and not memory_stays_flat and not every_place"


@pytest.mark.pg15
@pytest.mark.skipif(not PROGRAMS.is_dir(), reason="needs PostgreSQL 15: apt install postgresql-15")
def test_the_engine_runs_on_postgresql_15():
    present = [path for path in SUITE if (settings.BASE_DIR / path).is_file()]
    outer = ("DATABASE", "REDIS", "TANDEM", "PYTEST", "DJANGO_SETTINGS")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(outer)}
    inner = subprocess.run(
        [sys.executable, "-m", "pytest", "-k", LEFT_OUT, *present],
        cwd=settings.BASE_DIR,
        env={**clean, "TANDEM_TEST_PG": str(PROGRAMS)},
        capture_output=True,
        text=True,
    )
    assert inner.returncode == 0, inner.stdout[-4000:]
