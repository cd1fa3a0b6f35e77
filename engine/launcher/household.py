"""What the launcher keeps in the data folder beside the servers' data: the secret and the addresses."""

import os
import secrets
import socket

from engine.embedded.failure import Failure

PORTS = range(8000, 8020)
# What other commands need to find the running system; settings read it when their environment is silent.
OWN = ("SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL")  # production takes none of these from a trial run
SHARED = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "SITE_URL")


def secret(data):
    """The secret of this installation, made at the first start and readable by nobody else."""
    file = data / "secret"
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(60))
    except FileExistsError:
        pass
    kept = file.read_text().strip()
    if len(kept) < 50:  # a first start that was cut short
        file.unlink()
        return secret(data)
    return kept


def check_production(environment):
    """Raises Failure, before anything is started, where production lacks what only its owner can name."""
    wanted = environment.get("TANDEM_PRODUCTION", "").lower() in ("1", "true", "yes", "on")
    missing = [name for name in OWN if not environment.get(name)] if wanted else []
    if missing:
        raise Failure(f"in production {', '.join(missing)} must be set; nothing was started")


def share(data, environment):
    """Leave the addresses in data/environment, for `manage.py` commands beside the running system."""
    lines = [f"{name}={environment[name]}\n" for name in SHARED if name in environment]
    unfinished = data / ".environment"
    unfinished.unlink(missing_ok=True)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(lines)
    unfinished.rename(data / "environment")


def without_owner(environment):
    """The environment of those that face visitors and messages: the runtime role is all they know."""
    runtime = environment.get("DATABASE_URL")
    return {**environment, "DATABASE_OWNER_URL": runtime} if runtime else environment


def listen(host, port):
    """A listening socket: on `port`, or on the first free one from 8000 when it is 0. Raises Failure."""
    for number in [port] if port else PORTS:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        line = socket.socket(family)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((host, number))
            line.listen(256)
        except OSError as error:
            line.close()
            if port:
                raise Failure(f"port {port} cannot be used ({error.strerror}); set PORT to another") from None
            continue
        return line
    raise Failure(f"no free port from {PORTS.start} to {PORTS.stop - 1}; set PORT")
