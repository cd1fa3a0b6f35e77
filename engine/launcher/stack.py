"""The running system: started in order, watched, and taken down in the reverse order."""

import contextlib
import os
import time

from engine.embedded import places
from engine.embedded.account import for_postgres
from engine.embedded.children import environment, run_to_end, stop_all, wait_until
from engine.embedded.failure import Failure, Halted
from engine.embedded.postgres import RUNTIME, Postgres
from engine.embedded.valkey import Valkey
from engine.knock import knock, name_of_site
from engine.launcher import household, members

MOST_STARTS = 4  # in a minute; what dies more often waits a while, and the web server takes everything down
PAUSE = 30  # seconds


class Stack:
    """`say(name, line)` tells the person what happens. stop() may be called by a signal handler."""

    def __init__(self, wishes, say):
        self.wishes, self.say = wishes, say
        self.data = wishes.data
        self.servers, self.members = [], []
        self.broker = None  # one of the servers; it only carries hints, so nobody has to stop without it
        self.signals = 0
        self.restarts = {}  # member: when to start it again
        self.began = time.monotonic()

    def stop(self, *signal):
        """Ask for the end. A second time shortens the patience with children that are slow to stop."""
        self.signals += 1

    def halted(self):
        """Whether the end was asked for."""
        return self.signals > 0

    def run(self):
        """Everything, from the lock to the end. Returns the exit code."""
        try:
            household.check_production(os.environ)
            self.data.mkdir(parents=True, exist_ok=True)
            with (
                places.locked(self.data / "up.lock", self._already),
                contextlib.closing(self._listen()) as line,
            ):
                try:
                    self._start(line)
                    return self._watch()
                finally:
                    self._down()
        except Halted:
            return 0
        except Failure as failure:
            self.say("up", f"error: {failure}")
        except OSError as error:
            self.say("up", f"error: {error}")
        return 1

    def _already(self, pid):
        return f"already running in {self.data} (process {pid}); stop it first, or set TANDEM_DATA to another folder"

    def _listen(self):
        return household.listen(self.wishes.host, self.wishes.port)

    # -- start -----------------------------------------------------------------------------------------
    def _start(self, line):
        self.port = line.getsockname()[1]
        self._folders()
        self._start_servers()
        household.share(self.data, self.env)
        web = self._member("web", members.web(line.fileno()))
        self.members.append(web)
        before = self._prepared()
        if before:  # most starts change nothing: the web loads while we find that out
            web.start()
        run_to_end(self._member("prepare", members.prepare()), 900, self.halted)
        if before != self._prepared():
            web.stop()
        self.say("up", "starting the web server, the worker, beat and the sweeper")
        if not web.alive():
            web.start()
        for name, manners in (
            ("worker", members.worker()),
            ("beat", members.beat(self.data)),
            ("sweeper", members.sweeper()),
        ):
            self.members.append(self._member(name, manners).start())
        wait_until(self._serves, "the web server", 180, web, self.halted)
        self._greet()

    def _prepared(self):
        """What the last preparation found: its code and static files in one word, "" before the first."""
        file = self.data / "prepared"
        return file.read_text() if file.is_file() else ""

    def _folders(self):
        account = for_postgres()
        # Another user's PostgreSQL must be able to pass through to its own folder.
        self.data.chmod(0o700 if account.uid is None else 0o711)
        self.sockets = places.socket_folder(self.data, account.uid)
        places.private_folder(self.sockets, account)
        if self.sockets.parent != self.data:
            self.say("up", f"the path is too long for sockets; they are in {self.sockets}")
        self.env = environment(
            HOME=str(self.data),
            TANDEM_DATA=str(self.data),
            DEMO=self.wishes.demo,
            DJANGO_SETTINGS_MODULE="config.settings",
        )
        self.env.setdefault("SECRET_KEY", household.secret(self.data))
        self.env.setdefault("SITE_URL", self.address)

    @property
    def address(self):
        """Where a browser on this machine finds it."""
        host = "127.0.0.1" if self.wishes.host in ("0.0.0.0", "::") else self.wishes.host
        return f"http://{host}:{self.port}"

    def _start_servers(self):
        manners = {"env": self.env, "say": self.say, "halted": self.halted}
        valkey = postgres = None
        if not self.wishes.broker:
            valkey = Valkey(self.data / "valkey", self.sockets, **manners)
            valkey.prepare()
            self.broker = valkey.launch()
            self.servers.append(self.broker)
            self.env["REDIS_URL"] = valkey.url
        if not self.wishes.database:
            postgres = Postgres(self.data / "postgres", self.sockets, **manners)
            if for_postgres().prefix or for_postgres().uid is not None:
                self.say("up", f"PostgreSQL refuses to run as root; it runs as {for_postgres().name}")
            postgres.prepare()
            self.servers.append(postgres.launch())
            self.env["DATABASE_URL"] = postgres.url(role=RUNTIME)
            self.env["DATABASE_OWNER_URL"] = postgres.url()
        if valkey:
            valkey.wait()
        if postgres:
            postgres.wait()
            postgres.make_roles()
            postgres.make_database()

    def _member(self, name, manners):
        env = self.env if name in members.OWNERS else household.without_owner(self.env)
        return members.child(name, env, self.say, **manners)

    def _serves(self):
        # Under the site's own name: in production Django answers no other.
        return knock(f"{self.address}/healthz", name_of_site(self.env)) == 200

    def _greet(self):
        self.say(
            "up",
            f"ready in {time.monotonic() - self.began:.1f} s: {self.address}/  (Ctrl-C stops everything)",
        )
        with contextlib.suppress(FileNotFoundError):
            for text in (self.data / "greeting.txt").read_text().splitlines():
                self.say("up", text)

    # -- watch -----------------------------------------------------------------------------------------
    def _watch(self):
        while not self.halted():
            for child in self.servers:
                if child is self.broker:
                    self._revive(child)
                elif not child.alive():
                    raise Failure(f"{child.name} ended with exit code {child.code()}; stopping everything")
            for child in self.members:
                self._revive(child)
            time.sleep(0.1)
        return 0

    def _revive(self, child):
        """Start again what died, a little later each time."""
        now = time.monotonic()
        if child.alive():
            return
        if child in self.restarts:
            if self.restarts[child] <= now:
                del self.restarts[child]
                child.start()
            return
        lately = [start for start in child.starts if start > now - 60]
        wait = min(4, 0.25 * 2 ** len(lately))
        told = f"{child.name} ended with exit code {child.code()}; starting it again"
        if len(lately) >= MOST_STARTS:
            wait, told = (
                PAUSE,
                f"{child.name} ended {len(lately)} times within a minute; starting it again in {PAUSE} s",
            )
            if child.name == "web":
                raise Failure(f"{child.name} ended {len(lately)} times within a minute; stopping everything")
        self.say("up", told)
        child.kill_group()
        self.restarts[child] = now + wait

    # -- end -------------------------------------------------------------------------------------------
    def _down(self):
        if self.halted():
            self.say("up", "stopping (once more to hurry)")
        stop_all(self.members, hurry=lambda: self.signals > 1)
        stop_all(self.servers)
        self.say("up", f"stopped after {time.monotonic() - self.began:.1f} s")
