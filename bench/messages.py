"""What Celery takes of a batch job: one message through a broker to a worker, which scores as many leads as the scorer takes at a look."""

import contextlib
import shutil
import tempfile
import threading
import time
from pathlib import Path

from celery.contrib.testing.worker import start_worker
from celery.signals import task_prerun, task_success
from django.utils import timezone

from bench.clock import backend_cpu, backend_pid
from bench.figures import RUNS, Figure
from bench.scoring import contacts, touch
from engine.embedded import places
from engine.embedded.account import OURSELVES
from engine.embedded.children import environment, stop_all
from engine.embedded.valkey import Valkey
from leads import tasks
from leads.scoring import due

app = tasks.score.app
BATCH = due.LOOK


def figures(world):
    """CPU of client, worker and broker outside the job, as a part of all CPU; the median of three."""
    world.grow()
    with (
        _broker() as broker,
        start_worker(app, pool="solo", perform_ping_check=False),
        app.connection_for_write() as line,  # the pool may still know another broker
    ):
        _batch(broker, line)  # connects
        runs = sorted((_batch(broker, line) for _ in range(RUNS)), key=lambda run: run[0] / sum(run))
    celery, job = runs[RUNS // 2]
    yield Figure(
        f"celery: its part of a job that scores {BATCH} leads",
        celery * 1e3,
        (celery + job) * 1e3,
        "ms CPU",
        celery / (celery + job),
        "≤ 0.05",
    )


def _batch(broker, line):
    """(seconds of CPU of Celery and the broker, seconds of the job and of its backend) of one message."""
    touch(contacts(BATCH), timezone.now())
    job = Job()
    task_prerun.connect(job.begin)
    task_success.connect(job.end)
    process, served = time.process_time(), backend_cpu(broker)
    tasks.score.apply_async(connection=line)
    assert job.over.wait(60)
    time.sleep(0.2)  # the worker acknowledges, and looks for the next message
    whole = time.process_time() - process + backend_cpu(broker) - served
    return whole - job.own, job.own + job.backend


class Job:
    """Notes in the worker's thread what the task itself takes."""

    def __init__(self):
        self.over = threading.Event()
        self.own = self.backend = 0.0

    def begin(self, **_signal):
        """Before the task's first line."""
        self.pid = backend_pid()
        self.backend, self.own = backend_cpu(self.pid), time.thread_time()

    def end(self, **_signal):
        """After its last, before Celery closes the connection: a backend that has gone tells nothing."""
        self.own = time.thread_time() - self.own
        self.backend = backend_cpu(self.pid) - self.backend
        self.over.set()


@contextlib.contextmanager
def _broker():
    """The pid of a Valkey of our own that Celery speaks to meanwhile."""
    home = Path(tempfile.mkdtemp(prefix="tandem-broker-"))
    sockets = home / "run"
    places.private_folder(sockets, OURSELVES)
    valkey = Valkey(home / "valkey", sockets, env=environment(HOME=str(home)))
    valkey.prepare()
    child = valkey.launch()
    before = app.conf.broker_url
    try:
        valkey.wait()
        app.conf.broker_url = valkey.url
        yield child.process.pid
    finally:
        app.conf.broker_url = before
        stop_all([child])
        shutil.rmtree(home, ignore_errors=True)
