"""Become another program that dies with its parent: `mortal.py SIGNAL PARENT_PID PROGRAM ARGUMENT…`.

A separate program, because entering a user namespace clears the parent-death signal and because running
Python between fork and exec is not safe beside threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1

ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(sys.argv[1]), 0, 0, 0)
if os.getppid() != int(sys.argv[2]):  # the parent died before we asked
    sys.exit(1)
os.execv(sys.argv[3], sys.argv[3:])
