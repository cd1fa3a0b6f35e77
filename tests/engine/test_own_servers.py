"""`manage.py up` with servers of one's own: DATABASE_URL and REDIS_URL name them, and none is started beside them."""

import os
import signal
import subprocess
import sys
import uuid
from contextlib import closing

import psycopg2
import pytest
from django.conf import settings
from environ import Env

from tests import templates
from tests.engine.launched import Launched

pytestmark = [pytest.mark.integration, pytest.mark.killtest]


@pytest.fixture
def database():
    """The URL of a migrated database on the server of the tests, as if it were somebody's own."""
    url = os.environ["DATABASE_URL"]
    named, name = Env.db_url_config(url), f"own_{uuid.uuid4().hex[:8]}"
    with closing(psycopg2.connect(host=named["HOST"], user=named["USER"], dbname="postgres")) as line:
        line.autocommit = True
        with line.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {templates.DATABASE}")
            yield f"{url.rpartition('/')[0]}/{name}"
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_ones_own_servers_are_used_and_left_running(tmp_path, database, valkey):
    run = Launched(tmp_path / "data", DATABASE_URL=database, REDIS_URL=valkey.url)
    try:
        assert run.ready().status() == 200
        assert not [
            line for line in run.family().values() if "bin/postgres" in line or "valkey-server" in line
        ]
        assert not (run.folder / "postgres").exists()
        beside = [sys.executable, "manage.py", "verify"]
        told = subprocess.run(
            beside, cwd=settings.BASE_DIR, env=run.environment, capture_output=True, text=True
        )
        assert told.returncode == 0, told.stdout + told.stderr
        assert run.send(signal.SIGTERM).ends() == 0
        assert run.left_behind() == {}
        assert valkey.child.process.poll() is None
    finally:
        run.destroy()
