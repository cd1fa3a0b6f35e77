"""The members of the running system besides the servers, and how each is started."""

import os
import sys
import tempfile

from engine.embedded.children import Child
from engine.launcher.wishes import CHECKOUT

QUEUES = "score,assign,rollup,import,deliver"
OWNERS = {"prepare", "sweeper"}  # who are told how to become the owner of the tables


def web(descriptor):
    """The web server on an open socket, so that a restart turns no visitor away."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir()
    argv = ["-m", "gunicorn", "config.wsgi", "--bind", f"fd://{descriptor}", "--preload"]
    argv += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "30"]
    argv += ["--graceful-timeout", "10", "--limit-request-line", "4094", "--max-requests", "2000"]
    argv += [
        "--max-requests-jitter",
        "200",
        "--no-control-socket",
        "--worker-tmp-dir",
        memory,
        "--log-level",
        "warning",
    ]
    return {"argv": argv, "grace": 15, "pass_fds": (descriptor,)}


def worker():
    """The Celery worker for every queue."""
    argv = ["-m", "celery", "--quiet", "-A", "config", "worker", "--queues", QUEUES, "--concurrency", "2"]
    argv += ["--without-mingle", "--without-gossip", "--loglevel", "WARNING"]
    return {"argv": argv, "grace": 30}


def beat(data):
    """The clock that sends hints."""
    (data / "beat").mkdir(exist_ok=True)
    argv = ["-m", "celery", "--quiet", "-A", "config", "beat", "--schedule", str(data / "beat" / "schedule")]
    return {"argv": [*argv, "--pidfile", "", "--loglevel", "WARNING"], "grace": 10}


def sweeper():
    """The one that looks for due work by itself."""
    return {"argv": ["manage.py", "sweep"], "grace": 20}


def prepare():
    """Brings database, static files and demo to where the code is, then ends."""
    return {"argv": ["manage.py", "prepare"], "grace": 10}


def child(name, env, say, argv, **manners) -> Child:
    """A member as a Child."""
    return Child(name, [sys.executable, *argv], env=env, cwd=CHECKOUT, say=say, **manners)
