"""The entry point: signals first, then everything else."""

import os
import signal

from engine.embedded.failure import Failure
from engine.embedded.mortal import die_with_parent
from engine.launcher import wishes
from engine.launcher.stack import Stack
from engine.launcher.terminal import say


def main(argv):
    """Run the system until a signal. Returns the exit code."""
    parent = os.getppid()
    try:
        wanted = wishes.read(argv)
    except Failure as failure:
        say("up", f"error: {failure}")
        return 2
    stack = Stack(wanted, say)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stack.stop)
    if wanted.ends_with_parent and not die_with_parent(signal.SIGTERM, parent):
        return 0
    return stack.run()
