"""The sweeper: looks for due work by itself, so that nothing waits for a broker.

`settings.SWEEP` names functions that each do one bounded batch of what they find due and return how many rows
they finished. The sweeper goes round them, at once while there is work and ever more slowly while there is none.
"""

import logging
import time

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

SHORTEST, LONGEST = 0.2, 2.0  # seconds between rounds
FIRST_REST, LONGEST_REST = 1.0, 60.0  # seconds that a failing function is left alone


class Sweeper:
    """Goes round the functions until stop() is called; finishes the batch that it is in."""

    def __init__(self, functions=None, clock=time.monotonic, sleep=time.sleep):
        self.functions = dict(functions if functions is not None else settings.SWEEP)
        self.clock, self.sleep = clock, sleep
        self.rests = {}  # name: (until, length)
        self.stopping = False

    def stop(self, *signal):
        """End after the current batch. Fit to be a signal handler."""
        self.stopping = True

    def run(self):
        """Sweep until stop()."""
        pause = SHORTEST
        while not self.stopping:
            done = self.round()
            pause = SHORTEST if done else min(pause * 1.5, LONGEST)
            self._wait(0 if done else pause)

    def round(self):
        """Call each function once. Returns how many rows were finished in all."""
        done = 0
        for name, function in self.functions.items():
            if self.stopping:
                break
            if self.rests.get(name, (0, 0))[0] <= self.clock():
                done += self._call(name, function)
        close_old_connections()
        return done

    def _call(self, name, function):
        try:
            done = (import_string(function) if isinstance(function, str) else function)() or 0
        except Exception as error:  # one that fails must not hold up the others
            self._rest(name, error)
            return 0
        self.rests.pop(name, None)
        return done

    def _rest(self, name, error):
        length = min(self.rests.get(name, (0, FIRST_REST / 2))[1] * 2, LONGEST_REST)
        self.rests[name] = (self.clock() + length, length)
        # The whole traceback once, then a line for each further failure.
        logger.error(
            "sweeping %s failed, again in %.0f s: %s", name, length, error, exc_info=length == FIRST_REST
        )
        for connection in connections.all(initialized_only=True):
            if not connection.in_atomic_block:
                connection.close()

    def _wait(self, seconds):
        """Sleep in short pieces, so that a stop is heard."""
        end = self.clock() + seconds
        while not self.stopping and self.clock() < end:
            self.sleep(min(0.1, max(end - self.clock(), 0)))
