"""A kill while a worker is at a task: what it began is done again, once; a polite end waits for it.

The task is a mail to a server that takes its time before it says anything: slow, real, and it leaves a trace outside.
"""

import os
import signal
import socketserver
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings

from engine.outbox import LEASE
from tests.engine.launched import Launched
from tests.servers import move_in

pytestmark = [pytest.mark.integration, pytest.mark.killtest]
SEND = "from engine import outbox; outbox.mail('a@example.com', 'subject', 'body', 'lead:1')"
ANSWERS = {b"DATA": "354 go on", b"QUIT": "221 bye"}


class SlowMail(socketserver.ThreadingTCPServer):
    """An SMTP server on a free port that greets after `delay` seconds; it counts who comes and what it takes."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, delay):
        super().__init__(("127.0.0.1", 0), Dialogue)
        self.delay, self.callers, self.taken = delay, 0, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def waits_for(self, what, count, seconds):
        """Wait until `what` ("callers" or "taken") has come to `count`."""
        end = time.monotonic() + seconds
        while getattr(self, what) < count:
            assert time.monotonic() < end, f"{self.callers} came, {self.taken} taken"
            time.sleep(0.05)


class Dialogue(socketserver.StreamRequestHandler):
    """The least that smtplib wants to hear."""

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        self.server.callers += 1
        time.sleep(self.server.delay)
        try:
            self.say("220 slow")
            for line in self.rfile:
                command = line[:4].strip().upper()
                self.say(ANSWERS.get(command, "250 fine"))
                if command == b"DATA":
                    while self.rfile.readline() not in (b".\r\n", b""):
                        pass
                    self.say("250 taken")
                    self.server.taken += 1
        except OSError:  # the caller is gone
            pass


@pytest.fixture
def slow(request):
    """A slow mail server; the parameter says how slow."""
    with SlowMail(request.param) as server:
        yield server
        server.shutdown()


@pytest.fixture
def launch(tmp_path_factory, slow):
    """Starts the system with that server as its EMAIL_URL, and sees that it is gone in the end."""
    runs, shelf = [], tmp_path_factory.mktemp("task")
    move_in(shelf / "data")

    def start(**manners):
        runs.append(Launched(shelf / "data", EMAIL_URL=slow.url, **manners))
        return runs[-1]

    yield start
    for run in runs:
        run.destroy()


def send(run):
    """Leave a mail in the outbox, beside the running system, which hints at it."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", SEND],
        cwd=settings.BASE_DIR, env=run.environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("slow", [8], indirect=True)
def test_a_worker_killed_at_its_task(launch, slow):
    run = launch().ready()
    sweeper = run.pid("manage.py", "sweep")
    os.kill(sweeper, signal.SIGSTOP)  # so that it is a worker who takes it
    time.sleep(3)  # a Celery worker forks its pool some time after the web serves
    send(run)
    slow.waits_for("callers", 1, 60)
    for pid in [pid for pid, line in run.family().items() if "celery" in line and " worker " in line]:
        os.kill(pid, signal.SIGKILL)
    os.kill(sweeper, signal.SIGCONT)
    run.says("starting it again")
    slow.waits_for("taken", 1, LEASE + 120)
    time.sleep(15)  # longer than any look, and than the task
    assert (slow.callers, slow.taken) == (2, 1)
    assert run.send(signal.SIGTERM).ends() == 0
    assert run.left_behind() == {}


@pytest.mark.parametrize("slow", [6], indirect=True)
def test_a_polite_end_waits_for_the_task(launch, slow):
    run = launch().ready()
    time.sleep(3)
    send(run)
    slow.waits_for("callers", 1, 60)
    assert run.send(signal.SIGTERM).ends() == 0
    assert (slow.callers, slow.taken) == (1, 1)
    assert run.left_behind() == {}
    again = launch().ready()
    time.sleep(10)
    assert (slow.callers, slow.taken) == (1, 1)
    assert again.send(signal.SIGTERM).ends() == 0


@pytest.mark.parametrize("slow", [8], indirect=True)
def test_the_launcher_killed_with_a_task_running(launch, slow):
    run = launch().ready()
    time.sleep(3)
    send(run)
    slow.waits_for("callers", 1, 60)
    assert run.send(signal.SIGKILL).ends() == -signal.SIGKILL
    assert run.left_behind(60) == {}
    assert launch().ready().status() == 200
    # The database may have gone before the worker could note what it had done: at least once, at most twice.
    slow.waits_for("taken", 1, LEASE + 120)
