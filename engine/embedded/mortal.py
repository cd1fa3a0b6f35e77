"""Become another program that dies with its parent: `mortal.py SIGNAL PARENT_PID PROGRAM ARGUMENT…`.

A separate program, because entering a user namespace clears the parent-death signal and because running
Python between fork and exec is not safe beside threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(number, parent):
    """Let the kernel send us signal `number` when `parent` dies. Returns whether it still lived by then."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    return os.getppid() == parent


if __name__ == "__main__":
    if not die_with_parent(int(sys.argv[1]), int(sys.argv[2])):
        sys.exit(1)
    os.execvp(sys.argv[3], sys.argv[3:])
