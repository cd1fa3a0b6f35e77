"""CPU and wall time of a piece of work: of this process and of the PostgreSQL backend that serves it."""

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import connections


@dataclass
class Spent:
    """Seconds. `cpu` is client and backend together, `backend` the part of the database."""

    cpu: float = 0.0
    wall: float = 0.0
    backend: float = 0.0


@contextlib.contextmanager
def clocked():
    """Yields a Spent that is filled in afterwards."""
    spent, pid = Spent(), backend_pid()
    backend, own, wall = backend_cpu(pid), time.process_time(), time.monotonic()
    yield spent
    spent.wall = time.monotonic() - wall
    spent.backend = backend_cpu(pid) - backend
    spent.cpu = time.process_time() - own + spent.backend


def backend_pid():
    """The process that serves our connection."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def backend_cpu(pid):
    """Seconds of CPU that a process on this machine has used: to the nanosecond where the kernel tells, else to a tick."""
    with contextlib.suppress(OSError, ValueError):
        used = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
        if used:
            return used / 1e9
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
