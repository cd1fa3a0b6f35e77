"""As whom PostgreSQL runs. It refuses to run as root, so root needs another account for it."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

from engine.embedded.failure import Failure

NOBODY = 65534
NAMESPACE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--")
MORTAL = Path(__file__).with_name("mortal.py")
CHECKOUT = Path(__file__).resolve().parents[2]


class Account:
    """How a child is started: as ourselves, in a user namespace, or as another user of the system.

    Inside the namespace root's files look owned by 'nobody': no chown, no chmod, and a private home
    directory above the checkout does not matter.
    """

    def __init__(self, prefix=(), uid=None, gid=None, name="the same user"):
        self.prefix, self.uid, self.gid, self.name = tuple(prefix), uid, gid, name

    def command(self, argv, death):
        """The argument list that runs `argv` under this account and sends it `death` when we die."""
        argv = [str(part) for part in argv]
        if self.uid is not None:
            # A change of user clears the parent-death signal as well; setpriv sets it afterwards.
            user = ["--reuid", str(self.uid), "--regid", str(self.gid), "--clear-groups"]
            return ["setpriv", *user, "--pdeathsig", signal.Signals(death).name, "--", *argv]
        return [*self.prefix, sys.executable, "-ISs", str(MORTAL), str(int(death)), str(os.getpid()), *argv]

    def own(self, path):
        """Hand a directory that we made to this account."""
        if self.uid is not None:
            os.chown(path, self.uid, self.gid)

    def owners(self):
        """The user ids that may own our data directories."""
        return {os.geteuid()} if self.uid is None else {os.geteuid(), self.uid}

    def check_reach(self, *paths):
        """Raise Failure when this account cannot enter one of the paths."""
        if self.uid is None:
            return
        for path in paths:
            test = ["setpriv", "--reuid", str(self.uid), "--regid", str(self.gid), "--clear-groups", "--"]
            if subprocess.run([*test, "test", "-r", str(path), "-a", "-x", str(path)]).returncode:
                raise Failure(
                    f"{self.name}, as whom PostgreSQL must run, cannot reach {path}: a directory above it is "
                    "private. Run as an ordinary user, move the folder, name another user in TANDEM_OS_USER, "
                    "or use a server of your own (DATABASE_URL)."
                )


OURSELVES = Account()


@cache
def for_postgres():
    """The account under which PostgreSQL runs in this process."""
    if os.geteuid() != 0:
        return OURSELVES
    wanted = os.environ.get("TANDEM_OS_USER")
    if not wanted and not os.environ.get("TANDEM_NO_USERNS") and _namespace_works():
        return Account(prefix=NAMESPACE, name="a user namespace")
    try:
        entry = pwd.getpwnam(wanted) if wanted else _ordinary_user()
    except KeyError:
        raise Failure(f"there is no user {wanted or 'nobody'} on this machine; set TANDEM_OS_USER") from None
    if entry.pw_uid == 0:
        raise Failure("TANDEM_OS_USER must not be root: PostgreSQL refuses to run as root")
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, name=f"the user {entry.pw_name}")


def _ordinary_user():
    owner = CHECKOUT.stat().st_uid
    return pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")


def _namespace_works():
    if not shutil.which("unshare"):
        return False
    return subprocess.run([*NAMESPACE, "true"], stderr=subprocess.DEVNULL).returncode == 0
