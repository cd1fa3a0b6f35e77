"""`manage.py up` as a test sees it: a process, its output, and every process that belongs to it."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings

OURS = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "SITE_URL",
    "PORT",
    "TANDEM_TEST_HOME",
)
PATIENCE = 400  # seconds; a busy machine is slow, not broken


class Launched:
    """One run of the launcher with its data in `folder`; `prefix` are the words by which it becomes another user."""

    def __init__(self, folder, *options, prefix=(), **environment):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log = self.folder.with_name(f"{self.folder.name}-{time.monotonic_ns()}.log")
        clean = {name: value for name, value in os.environ.items() if name not in OURS}
        static = str(self.folder.parent / "static")  # collected once for all runs of a test session
        self.environment = {
            **clean,
            "TANDEM_DATA": str(folder),
            "STATIC_ROOT": static,
            "DEMO": "none",
            **environment,
        }
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [*prefix, sys.executable, "manage.py", "up", "--ends-with-parent", *options],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def output(self):
        """Everything it said so far."""
        return self.log.read_text(errors="replace")

    def says(self, text, seconds=PATIENCE):
        """Wait until it has said `text`. Returns self; fails the test when it ends or is silent."""
        end = time.monotonic() + seconds
        while text not in self.output():
            assert self.process.poll() is None, f"ended before {text!r}:\n{self.output()[-3000:]}"
            assert time.monotonic() < end, f"never said {text!r}:\n{self.output()[-3000:]}"
            time.sleep(0.02)
        return self

    def ready(self):
        """Wait until it serves. Returns self."""
        return self.says("ready in")

    @property
    def address(self):
        """Where it serves."""
        return self.output().split("ready in", 1)[1].split(": ", 1)[1].split("/  (", 1)[0]

    def status(self, path="/healthz"):
        """The status of an answer, 0 for none."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            return 0

    def send(self, number):
        """Send it a signal. Returns self."""
        self.process.send_signal(number)
        return self

    def ends(self, seconds=60):
        """Wait for its end. Returns the exit code."""
        return self.process.wait(seconds)

    def family(self):
        """{pid: command line} of every living process that belongs to this run, found in three ways."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                line = self._belongs(entry)
                if line and int(entry.name) != os.getpid():
                    found[int(entry.name)] = line
        return found

    def _belongs(self, entry):
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
            marks = f"TANDEM_DATA={self.folder}\0".encode() in (entry / "environ").read_bytes() + b"\0"
            place = os.readlink(entry / "cwd").startswith(str(self.folder))
        except OSError:
            return None
        return line if state != "Z" and (marks or place or str(self.folder) in line) else None

    def pid(self, *words):
        """The first process of the family, by age, whose command line has all the words."""
        matching = [pid for pid, line in self.family().items() if all(word in line for word in words)]
        assert matching, f"no {words} in {self.family()}"
        return min(matching)

    def left_behind(self, seconds=20):
        """What is still there after the launcher's end and some patience: {} is what we want."""
        end = time.monotonic() + seconds
        while self.family() and time.monotonic() < end:
            time.sleep(0.1)
        return self.family()

    def destroy(self):
        """End everything, however it stands."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for pid in self.left_behind(5):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
