"""What the person at the terminal sees: one line at a time, with the name of the process it came from."""

import contextlib
import os
import sys
import threading

COLOURS = {
    "up": 90,
    "postgres": 34,
    "valkey": 35,
    "prepare": 36,
    "web": 32,
    "worker": 33,
    "beat": 95,
    "sweeper": 94,
}
WIDTH = max(map(len, COLOURS))
_one_at_a_time = threading.Lock()


def say(name, line):
    """Print a line. A terminal that has gone away is no reason to stop."""
    tag = f"{name:>{WIDTH}} |"
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        tag = f"\x1b[{COLOURS.get(name, 37)}m{tag}\x1b[0m"
    with _one_at_a_time:
        try:
            sys.stdout.write(f"{tag} {line}\n")
            sys.stdout.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError):
                sys.stdout = open(os.devnull, "w")  # noqa: SIM115
