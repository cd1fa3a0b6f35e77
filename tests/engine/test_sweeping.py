"""The sweeper does what is due, isolates what fails, and stops when told."""

import os
import signal
import subprocess
import sys
import time
from itertools import pairwise

import pytest
from django.conf import settings as live

from engine.sweeping import LONGEST, LONGEST_REST, Sweeper


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


def batches(*sizes):
    """A function that finishes these many rows at its calls, then none."""
    left = list(sizes)
    return lambda: left.pop(0) if left else 0


def failing():
    raise ZeroDivisionError("poison")


@pytest.fixture
def clock():
    return Clock()


def test_round_adds_up_and_one_failure_holds_up_nobody(clock, caplog):
    sweeper = Sweeper({"a": batches(2), "bad": failing, "b": batches(3)}, clock, clock.sleep)
    assert sweeper.round() == 5
    assert "sweeping bad failed" in caplog.text
    assert "Traceback" in caplog.text


def test_failing_function_rests_longer_and_longer_and_recovers(clock):
    calls = []

    def sometimes():
        calls.append(clock.now)
        if clock.now < 200:
            raise ZeroDivisionError
        return 1

    sweeper = Sweeper({"x": sometimes}, clock, clock.sleep)
    while clock.now < 300:
        sweeper.round()
        clock.now += 0.5
    pauses = [after - before for before, after in pairwise(calls)]
    assert pauses[:4] == [1, 2, 4, 8]
    assert max(pauses) == LONGEST_REST
    assert pauses[-1] == 0.5


def test_sleep_grows_while_nothing_is_due_and_shrinks_with_work(clock):
    rounds = []
    sweeper = Sweeper({}, clock, clock.sleep)

    def look():
        rounds.append(clock.now)
        if len(rounds) == 20:
            sweeper.stop()
        return 1 if len(rounds) == 15 else 0

    sweeper.functions = {"look": look}
    sweeper.run()
    pauses = [after - before for before, after in pairwise(rounds)]
    assert pauses[0] < 0.4
    assert pauses[13] == pytest.approx(LONGEST)
    assert pauses[14] == 0
    assert pauses[15] < 0.4


def test_stop_is_heard_between_two_functions(clock):
    called = []
    sweeper = Sweeper({"a": lambda: sweeper.stop(), "b": lambda: called.append(1)}, clock, clock.sleep)
    sweeper.run()
    assert called == []


@pytest.mark.integration
def test_the_process_ends_on_sigterm():
    sweep = subprocess.Popen(
        [sys.executable, "manage.py", "sweep"], cwd=live.BASE_DIR, stdout=subprocess.PIPE, env=os.environ
    )
    assert sweep.stdout.readline() == b"sweeping\n"
    time.sleep(0.3)
    sweep.send_signal(signal.SIGTERM)
    assert sweep.wait(10) == 0
    sweep.stdout.close()
