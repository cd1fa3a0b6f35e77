"""With a real broker and a real worker: hints arrive, and a broker in any state of decay costs a request little."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from kombu import pools

from engine import hints, outbox
from engine.hints import Breaker, hint
from engine.models import Delivery

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def use_broker(monkeypatch):
    """Point the app at a broker for one test; every connection of before is forgotten."""

    def use(url):
        monkeypatch.setattr(hints, "breaker", Breaker())
        current_app.conf.broker_url = current_app.conf.broker_write_url = url
        _forget()

    before = current_app.conf.broker_url
    yield use
    current_app.conf.broker_url = current_app.conf.broker_write_url = before
    _forget()


def _forget():
    pools.reset()
    current_app._pool = None
    current_app.amqp._producer_pool = None


def seconds_of(function):
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def test_hint_wakes_a_worker_that_keeps_its_connection_while_it_is_good(valkey, use_broker, owner, tmp_path):
    use_broker(valkey.url)
    ours = _backends(owner)
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "--quiet", "-A", "config", "worker", "-P", "solo", "-Q", "deliver"],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            **_database(),
            "REDIS_URL": valkey.url,
            "TANDEM_DATA": str(tmp_path),
            "CONN_MAX_AGE": "3600",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _deliver("lead:1")
        (kept,) = _backends(owner) - ours
        _deliver("lead:2")
        assert _backends(owner) - ours == {kept}
        with owner(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [kept])
        _deliver("lead:3")
        assert kept not in _backends(owner)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 3


def _deliver(key):
    """Send a mail and wait until the worker has delivered it."""
    outbox.mail("a@example.com", "subject", "body", key)
    end = time.monotonic() + 60
    while Delivery.objects.filter(delivered_at=None).exists():
        assert time.monotonic() < end
        time.sleep(0.1)


def _backends(owner):
    """The process ids behind all connections to the test database, which its owner is told."""
    with owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor.fetchall()}


def _database():
    """The test database as its owner, for another process."""
    facts = connection.settings_dict
    url = f"postgres://{facts['USER']}@/{facts['HOST'].replace('/', '%2F')}/{facts['NAME']}"
    return {"DATABASE_URL": url, "DATABASE_OWNER_URL": url}


def test_frozen_broker_is_waited_for_once_and_then_left_alone(valkey, use_broker):
    use_broker(valkey.url)
    os.kill(valkey.child.process.pid, signal.SIGSTOP)
    try:
        assert seconds_of(lambda: hint("engine.tasks.deliver")) < 3
        assert seconds_of(lambda: [hint("engine.tasks.deliver") for _ in range(50)]) < 0.2
    finally:
        os.kill(valkey.child.process.pid, signal.SIGCONT)


def test_broker_that_refuses_costs_nearly_nothing(use_broker):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    use_broker(f"redis://127.0.0.1:{port}/0")
    assert seconds_of(lambda: hint("engine.tasks.deliver")) < 1.5
    assert seconds_of(lambda: [hint("engine.tasks.deliver") for _ in range(50)]) < 0.2


def test_broker_that_never_answers_is_bounded(use_broker):
    with socket.create_server(("127.0.0.1", 0), backlog=8) as silent:
        use_broker(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        assert seconds_of(lambda: hint("engine.tasks.deliver")) < 3
