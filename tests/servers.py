"""The servers of one test run: a careless PostgreSQL, and a Valkey for whoever asks, on Unix sockets.

The process that controls the run starts them and its xdist workers inherit the addresses. They die with it,
kill -9 included; folders left by a killed run are swept away by the next one.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

from engine.embedded import places
from engine.embedded.account import for_postgres
from engine.embedded.children import environment, stop_all
from engine.embedded.postgres import CARELESS, OWNER, Postgres
from engine.embedded.valkey import Valkey
from tests import templates

PREFIX = f"tandem-tests-{os.geteuid()}-"
# Tables of tests are small: starting processes to read them together takes longer than reading them.
SMALL = {"shared_buffers": "128MB", "max_connections": "120", "max_parallel_workers_per_gather": "0"}


class Servers:
    """PostgreSQL with a migrated template database. Whoever needs a Valkey starts one with broker()."""

    def __init__(self):
        sweep_away_the_dead()
        self.home = Path(tempfile.mkdtemp(prefix=PREFIX))
        if for_postgres().uid is not None:
            self.home.chmod(0o755)
        self.lock = open(self.home / "lock", "w")  # noqa: SIM115
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.sockets = self.home / "run"
        places.private_folder(self.sockets, for_postgres())
        programs = os.environ.get("TANDEM_TEST_PG")
        self.postgres = Postgres(
            self.home / "postgres",
            self.sockets,
            env=environment(HOME=str(self.home)),
            programs=Path(programs) if programs else None,
            settings={**CARELESS, **SMALL},
        )
        self._begin()
        self.postgres.make_roles()

    def _begin(self):
        """Start from the template of the present migrations, or make it first."""
        version = self.postgres.version()
        # A copy would have to change hands to the other user that runs PostgreSQL; there every run migrates.
        shared = for_postgres().uid is None
        copied = shared and templates.copy_into(self.postgres.data, version)
        self._start()
        if not copied:
            self.postgres.make_roles()
            templates.make(self.postgres)
            if shared:
                self.postgres.child.stop()
                templates.keep(self.postgres.data, version)
                self._start()

    def _start(self):
        self.postgres.prepare()
        self.children = [self.postgres.launch()]
        self.postgres.wait()

    def announce(self):
        """Name the servers in the environment, for Django's settings and for child processes."""
        os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"] = self.postgres.url()
        os.environ["TANDEM_DATA"] = str(self.home / "var")
        os.environ["TANDEM_TEST_TEMPLATE"] = templates.DATABASE
        os.environ["REDIS_URL"] = f"redis+socket://{self.sockets / 'nobody.sock'}?virtual_host=0"

    def stop(self):
        """End the servers and remove their folder."""
        stop_all(self.children)
        self.lock.close()
        shutil.rmtree(self.home, ignore_errors=True)


@contextlib.contextmanager
def broker(folder):
    """A Valkey of its own for one test module. Yields the server."""
    sockets = places.socket_folder(folder)
    valkey = Valkey(folder / "valkey", sockets, env=environment(), append_only=False)
    places.private_folder(sockets, for_postgres())
    valkey.prepare()
    child = valkey.launch()
    try:
        valkey.wait()
        yield valkey
    finally:
        stop_all([child])


def move_in(folder):
    """Give a run of the launcher with its data in `folder` a migrated database, where there is a template of one."""
    folder.mkdir(exist_ok=True)
    sockets = places.socket_folder(folder)
    postgres = Postgres(folder / "postgres", sockets, env=environment(), settings=CARELESS)
    if for_postgres().uid is not None or not templates.copy_into(postgres.data, postgres.version()):
        return
    places.private_folder(sockets, for_postgres())
    postgres.prepare()
    child = postgres.launch()
    try:
        postgres.wait()
        with contextlib.closing(postgres.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {templates.DATABASE} RENAME TO {OWNER}")
    finally:
        stop_all([child])


def sweep_away_the_dead():
    """Remove the folders of runs that were killed: nobody holds their lock."""
    for home in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), open(home / "lock") as lock:
            if time.time() - os.fstat(lock.fileno()).st_mtime < 60:  # it may be about to be locked
                continue
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not places.working_in(home / "postgres"):
                shutil.rmtree(home, ignore_errors=True)
