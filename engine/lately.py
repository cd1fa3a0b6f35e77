"""What hardly ever changes: read once every few seconds by each process. To show, never to write by."""

import time
from weakref import WeakSet

LIFETIME = 5  # seconds that a process may believe what it read
LONG_AGO = float("-inf")
_all = WeakSet()


class Lately:
    """A memory of what `read()` answered; called like a function. Look at what it gives, never change it.

    It is believed for `lifetime` seconds, LIFETIME unless it has its own.

    QUESTIONS = Lately(lambda: list(Question.objects.filter(active=True)))
    QUESTIONS()          # at most `lifetime` seconds old
    QUESTIONS.forget()   # after a change: this process reads it afresh
    """

    def __init__(self, read, lifetime=None):
        self.read, self.lifetime = read, lifetime
        self._known, self._at = None, LONG_AGO
        _all.add(self)

    def __call__(self):
        lifetime = LIFETIME if self.lifetime is None else self.lifetime
        if time.monotonic() - self._at > lifetime:
            self._known, self._at = self.read(), time.monotonic()
        return self._known

    def forget(self):
        self._known, self._at = None, LONG_AGO


def forget_all():
    """Every memory of this process: where the database under it was changed as a whole, as between two tests."""
    for memory in _all:
        memory.forget()
