"""Child processes that never outlive us, in sessions of their own so that Ctrl-C reaches only us."""

import contextlib
import os
import signal
import subprocess
import threading
import time

from engine.embedded.account import OURSELVES
from engine.embedded.failure import Failure, Halted

KEPT_OUT = ("LANG", "LANGUAGE", "TZ", "PYTHONHOME")


def environment(**more):
    """Our environment without what would make a server behave differently from one machine to the next."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "LC_")) and name not in KEPT_OUT
    }
    return {**kept, "LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONUNBUFFERED": "1", **more}


class Child:
    """One child process.

    `say(name, line)` receives its output line by line; without it the output goes to the file `log`.
    `stop_signal` asks it to end, and is also what the kernel sends it when we are gone; after `grace`
    seconds its whole group is killed. Start children from the main thread: the kernel's promise is bound
    to the thread that forked.
    """

    def __init__(self, name, argv, *, env, cwd, account=OURSELVES, say=None, log=None, **manners):
        self.name, self.argv, self.env, self.cwd = name, argv, env, cwd
        self.account, self.say, self.log = account, say, log
        self.stop_signal = manners.pop("stop_signal", signal.SIGTERM)
        self.grace = manners.pop("grace", 15.0)
        self.vital = manners.pop("vital", False)
        self.pass_fds = manners.pop("pass_fds", ())
        if manners:
            raise TypeError(f"unknown: {', '.join(manners)}")
        self.process: subprocess.Popen | None = None
        self.pump: threading.Thread | None = None
        self.starts = []

    def start(self):
        """Fork it. Returns self."""
        log = None if self.say else open(self.log or os.devnull, "ab")  # noqa: SIM115
        self.process = subprocess.Popen(
            self.account.command(self.argv, self.stop_signal),
            stdin=subprocess.DEVNULL,
            stdout=log or subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.cwd,
            env=self.env,
            pass_fds=self.pass_fds,
            start_new_session=True,
        )
        self.starts.append(time.monotonic())
        if log:
            log.close()
        else:
            self.pump = threading.Thread(target=self._relay, args=(self.process.stdout,), daemon=True)
            self.pump.start()
        return self

    def _relay(self, stream):
        with stream:
            for line in iter(lambda: stream.readline(1 << 16), b""):
                self.say(self.name, line.decode("utf-8", "replace").rstrip())

    def alive(self):
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def code(self):
        """Its exit code, None while it runs."""
        return self.process.poll() if self.process else None

    def ask_to_stop(self):
        """Send the polite signal, if there is anybody to hear it."""
        if self.process and self.alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, self.stop_signal)

    def kill_group(self):
        """Kill it together with whatever it left behind in its session."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.pump:
            self.pump.join(2)

    def stop(self):
        """Ask, wait for `grace` seconds, kill."""
        stop_all([self])


def stop_all(children, hurry=lambda: False):
    """Stop children side by side. `hurry()` shortens the patience to one second."""
    asked = time.monotonic()
    for child in children:
        child.ask_to_stop()
    waiting = [child for child in children if child.alive()]
    while waiting:
        time.sleep(0.03)
        patience = time.monotonic() - asked
        for child in [child for child in waiting if patience > (1.0 if hurry() else child.grace)]:
            if child.say and child.alive():
                child.say("up", f"{child.name} did not stop in {patience:.0f} s; killing it")
            child.kill_group()
        waiting = [child for child in waiting if child.alive()]
    for child in children:
        child.kill_group()


def wait_until(check, what, seconds, child=None, halted=lambda: False):
    """Wait for check() to be true.

    Raises Failure when the child ends or time runs out, and Halted as soon as halted() is true.
    """
    end = time.monotonic() + seconds
    while not check():
        if halted():
            raise Halted
        if child is not None and not child.alive():
            raise Failure(f"{what} ended with exit code {child.code()}")
        if time.monotonic() > end:
            raise Failure(f"{what} was not ready after {seconds:.0f} s")
        time.sleep(0.03)


def run_to_end(child, seconds=600, halted=lambda: False):
    """Start a child and wait for its success. Raises Failure on another exit code, Halted when told to."""
    child.start()
    try:
        wait_until(lambda: not child.alive(), child.name, seconds, halted=halted)
    finally:
        child.stop()
    if child.code():
        raise Failure(f"{child.name} failed with exit code {child.code()}")
