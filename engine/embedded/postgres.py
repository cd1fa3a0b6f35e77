"""A PostgreSQL of our own, on a Unix socket: made at first, started, and left clean after any kind of end."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from engine.embedded import places
from engine.embedded.account import for_postgres
from engine.embedded.children import Child, run_to_end, wait_until
from engine.embedded.failure import Failure

OWNER = "tandem"
RUNTIME = "tandem_app"
MEGABYTE = 1 << 20
# What a statement used stays with its backend, up to so much. Else the C library returns it to the kernel at the end of each, and
# the next one has every page of it handed out and zeroed again: a fifth of the time of a page's largest statement.
KEPT = {"MALLOC_TRIM_THRESHOLD_": str(8 * MEGABYTE), "MALLOC_MMAP_THRESHOLD_": str(16 * MEGABYTE)}
# A database that lives for one test run can do without promises for the day after a power cut.
CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def sensible():
    """Settings for a machine that we share with the web server and the workers."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    return {
        "shared_buffers": f"{min(max(memory // 8, 128), 1024)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": "24MB",
        "maintenance_work_mem": f"{min(max(memory // 16, 64), 512)}MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_connections": "80",
        "random_page_cost": "1.1",
        "jit": "off",
        "autovacuum_naptime": "15s",
        "log_min_duration_statement": "15s",
    }


class Postgres:
    """One cluster: `data` is its folder, `sockets` the folder of its socket, `programs` where postgres is."""

    def __init__(self, data, sockets, *, env, programs=None, settings=None, say=None, halted=lambda: False):
        self.data, self.sockets, self.env = data, sockets, {**KEPT, **env}
        self.programs = programs or places.postgres_programs()
        self.settings = {**sensible(), **(settings or {})}
        self.say, self.halted = say, halted
        self.account = for_postgres()
        self.child = None

    def url(self, database=OWNER, role=OWNER):
        """The address of a database for a role, as DATABASE_URL wants it."""
        return f"postgres://{role}@/{quote(str(self.sockets))}/{database}"

    def prepare(self):
        """Make its folders, stop what an earlier run left behind, create the cluster at first."""
        places.private_folder(self.data, self.account)
        self.account.own(self.sockets)
        self.account.check_reach(self.data, self.sockets, self.programs)
        self._end_leftovers()
        if not self._initialised():
            self._initialise()

    def launch(self):
        """Fork the server and return its Child, without waiting."""
        self.child = Child(
            "postgres",
            [self.programs / "postgres", "-D", self.data, "-k", self.sockets, *self._flags()],
            env=self.env,
            cwd=self.data,
            account=self.account,
            say=self.say,
            log=self.data.parent / "postgres.log",
            stop_signal=signal.SIGINT,
            grace=30,
            vital=True,
        )
        return self.child.start()

    def wait(self):
        """Wait until it takes connections; after a crash it replays its log first."""
        wait_until(self.ready, "PostgreSQL", 120, self.child, self.halted)

    def ready(self):
        """Whether it takes connections. The eighth line of its pid file says so, without filling its log."""
        with contextlib.suppress(OSError, IndexError):
            return (self.data / "postmaster.pid").read_text().splitlines()[7].strip() == "ready"
        return False

    def connect(self, database="postgres"):
        """A psycopg2 connection as the owner, in autocommit."""
        connection = psycopg2.connect(host=str(self.sockets), user=OWNER, dbname=database, connect_timeout=5)
        connection.autocommit = True
        return connection

    def make_roles(self):
        """Create the role that the application runs as."""
        with contextlib.closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [RUNTIME])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(RUNTIME)))

    def make_database(self, name=OWNER):
        """Create a database unless it is there."""
        with contextlib.closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _flags(self):
        fixed = {
            "listen_addresses": "",
            "unix_socket_permissions": "0700",
            "logging_collector": "off",
            "dynamic_shared_memory_type": "mmap",  # a container's /dev/shm is often too small
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        return [
            part for name, value in {**fixed, **self.settings}.items() for part in ("-c", f"{name}={value}")
        ]

    # -- the first start -----------------------------------------------------------------------------
    def _initialised(self):
        return (self.data / "PG_VERSION").exists() and (self.data / "ready").exists()

    def _initialise(self):
        """Run initdb. The marker is written last, so a first start that was cut short is done again."""
        shutil.rmtree(self.data)
        places.private_folder(self.data, self.account)
        argv = [self.programs / "initdb", "-D", self.data, "-U", OWNER, "-E", "UTF8", *self._locale()]
        argv += ["--auth-local=trust", "--auth-host=reject", "--no-instructions"]
        if self.settings.get("fsync") == "off":
            argv.append("--no-sync")
        log = self.data.parent / "postgres.log"
        make = Child("initdb", argv, env=self.env, cwd=self.data, account=self.account, say=self.say, log=log)
        run_to_end(make, 120, self.halted)
        (self.data / "ready").touch()

    def _locale(self):
        """The same order and the same letters everywhere.

        Without a UTF-8 character type pg_trgm finds no trigrams in Chinese or Russian.
        """
        if self.version() >= 17:
            builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            return ["--locale=C", "--lc-ctype=C.UTF-8", *builtin]
        return ["--locale=C.UTF-8"]

    def version(self):
        """The major version of the programs."""
        answer = subprocess.run(
            [self.programs / "postgres", "--version"], capture_output=True, text=True, check=True
        )
        return int(re.findall(r"\d+", answer.stdout)[0])

    # -- after an earlier end ------------------------------------------------------------------------
    def _end_leftovers(self):
        """Stop a server that still works in our folder, then forget its pid file.

        The caller holds the lock of the folder, so once nobody works here the pid file is stale, even when
        its number now belongs to a stranger.
        """
        for stop_signal, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10)):
            if not places.working_in(self.data):
                break
            self._signal_postmaster(stop_signal)
            self._wait_for_leftovers(seconds)
        left = places.working_in(self.data)
        if left:
            raise Failure(f"processes {left} still work in {self.data}; end them first")
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _signal_postmaster(self, number):
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            if pid in places.working_in(self.data):
                os.kill(pid, number)

    def _wait_for_leftovers(self, seconds):
        end = time.monotonic() + seconds
        while places.working_in(self.data) and time.monotonic() < end:
            time.sleep(0.05)
