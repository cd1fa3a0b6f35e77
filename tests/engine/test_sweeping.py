"""The sweeper does what is due, isolates what fails, and stops when told."""

import os
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise

import pytest
from django.conf import settings as live

from engine.sweeping import LONGEST, LONGEST_REST, Lane, Sweeper


class Sleep(threading.Event):
    """A stop that nobody waits for: time passes at once, and only here."""

    now = 0.0

    def wait(self, seconds):
        self.now += seconds


def batches(*sizes):
    """A function that finishes these many rows at its calls, then none."""
    left = list(sizes)
    return lambda: left.pop(0) if left else 0


def failing():
    raise ZeroDivisionError("poison")


def looks(function, most):
    """When a lane calls `function` for the first `most` times."""
    sleep, times = Sleep(), []

    def look():
        times.append(sleep.now)
        if len(times) == most:
            sleep.set()
        return function(len(times))

    lane = Lane("x", look)
    lane.stopping = sleep
    lane.run()
    return [after - before for before, after in pairwise(times)]


def test_round_adds_up_and_one_failure_holds_up_nobody(db, caplog):
    sweeper = Sweeper({"a": batches(2), "bad": failing, "b": batches(3)})
    assert sweeper.round() == 5
    assert "sweeping bad failed" in caplog.text
    assert "Traceback" in caplog.text


def test_failing_function_rests_longer_and_longer_and_recovers():
    pauses = looks(lambda call: failing() if call < 10 else 1, 13)
    assert [round(pause) for pause in pauses] == [
        1,
        2,
        4,
        8,
        16,
        32,
        LONGEST_REST,
        LONGEST_REST,
        LONGEST_REST,
        0,
        0,
        0,
    ]


def test_sleep_grows_while_nothing_is_due_and_shrinks_with_work():
    pauses = looks(lambda call: int(call == 15), 18)
    assert pauses[0] < 0.4
    assert pauses == sorted(pauses[:14]) + pauses[14:]
    assert pauses[13] == pytest.approx(LONGEST)
    assert pauses[14] == 0
    assert pauses[15] < 0.4


def test_name_that_does_not_exist_is_a_failure_like_any_other(db, caplog):
    assert Sweeper({"gone": "engine.nowhere.due"}).round() == 0
    assert "sweeping gone failed" in caplog.text


def test_long_batch_holds_up_nobody_and_is_finished():
    calls, began = [], threading.Event()

    def long():
        began.set()
        time.sleep(0.8)
        calls.append("long")

    def short():
        calls.append("short")
        return 0

    sweeper = Sweeper({"long": long, "short": short})
    threading.Timer(0.5, sweeper.stop).start()
    sweeper.run()
    assert began.is_set()
    assert calls[-1] == "long"
    assert calls.count("short") >= 2


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
