"""The sweeper: looks for due work by itself, so that nothing waits for a broker.

`settings.SWEEP` names functions that each do one bounded batch of what they find due and return how many rows
they finished. Each has a lane of its own, a thread that calls it at once while there is work and ever more slowly
while there is none, so that a long import or a poisoned row holds up nobody else.
"""

import logging
import threading
from queue import SimpleQueue

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

SHORTEST, LONGEST = 0.2, 2.0  # seconds between two looks
FIRST_REST, LONGEST_REST = 1.0, 60.0  # seconds that a failing function is left alone


class Lane:
    """Calls one function again and again. `function` is callable or a dotted name."""

    def __init__(self, name, function):
        self.name, self.function = name, function
        self.pause, self.rest = SHORTEST, 0.0
        self.stopping = threading.Event()

    def run(self):
        """Look until `stopping`; the batch that has begun is finished."""
        try:
            while not self.stopping.is_set():
                if not self.look():
                    self.stopping.wait(self.rest or self.pause)
        finally:
            connections.close_all()

    def look(self):
        """One batch. Returns how many rows it finished; 0 too when it failed, and then the lane rests."""
        try:
            function = import_string(self.function) if isinstance(self.function, str) else self.function
            done = function() or 0
        except Exception as error:  # whatever is wrong with one kind of work, it is tried again
            self._fail(error)
            return 0
        self.rest = 0.0
        self.pause = SHORTEST if done else min(self.pause * 1.5, LONGEST)
        close_old_connections()
        return done

    def _fail(self, error):
        first = not self.rest
        self.rest = min(self.rest * 2 or FIRST_REST, LONGEST_REST)
        # The whole traceback once, then a line for each further failure.
        logger.error("sweeping %s failed, again in %.0f s: %s", self.name, self.rest, error, exc_info=first)
        for connection in connections.all(initialized_only=True):
            if not connection.in_atomic_block:
                connection.close()


class Sweeper:
    """All lanes, until stop()."""

    def __init__(self, functions=None):
        self.lanes = [Lane(*item) for item in (functions or settings.SWEEP).items()]
        self.stopping = SimpleQueue()  # whose put() alone may be called in the middle of anything

    def stop(self, *signal):
        """End after the batches that have begun. Fit to be a signal handler."""
        self.stopping.put(signal)

    def run(self):
        """Sweep until stop()."""
        threads = [threading.Thread(target=lane.run, name=lane.name) for lane in self.lanes]
        for thread in threads:
            thread.start()
        self.stopping.get()
        for lane in self.lanes:
            lane.stopping.set()
        for thread in threads:
            thread.join()

    def round(self):
        """Call each function once, here. Returns how many rows were finished in all."""
        return sum(lane.look() for lane in self.lanes)
