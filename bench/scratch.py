"""A scratch database to measure on: on an embedded server of its own, or on the one that DATABASE_URL names."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import environ
from django.core.management import call_command
from django.db import connections

from engine.embedded import places
from engine.embedded.account import for_postgres
from engine.embedded.children import environment, stop_all
from engine.embedded.postgres import RUNTIME, Postgres

NAME = "tandem_bench"


@contextlib.contextmanager
def scratch():
    """Inside, Django's connections are to a migrated scratch database; afterwards it is gone."""
    with _server() as (owner, runtime):
        _point("owner", owner)
        _point("default", owner)
        call_command("migrate", verbosity=0)
        with connections["owner"].cursor() as cursor:
            # all CPU in the one backend that is measured
            cursor.execute(f"ALTER DATABASE {NAME} SET max_parallel_workers_per_gather = 0")
        connections.close_all()
        _point("default", runtime)
        yield
        connections.close_all()


@contextlib.contextmanager
def _server():
    """(URL of the owner, URL of the runtime role) of a scratch database."""
    named = os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL")
    with _given(named) if named else _embedded() as urls:
        yield urls


@contextlib.contextmanager
def _embedded():
    home = Path(tempfile.mkdtemp(prefix="tandem-bench-"))
    if for_postgres().uid is not None:
        home.chmod(0o755)
    sockets = home / "run"
    places.private_folder(sockets, for_postgres())
    postgres = Postgres(home / "postgres", sockets, env=environment(HOME=str(home)))
    postgres.prepare()
    child = postgres.launch()
    try:
        postgres.wait()
        postgres.make_roles()
        postgres.make_database(NAME)
        yield postgres.url(NAME), postgres.url(NAME, RUNTIME)
    finally:
        connections.close_all()
        stop_all([child])
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def _given(url):
    """A database beside the one that the URL names; its role makes and drops it."""
    _point("owner", url)
    with _autocommit() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")
        cursor.execute(f"CREATE DATABASE {NAME}")
    base, _, query = url.partition("?")
    ours = f"{base.rpartition('/')[0]}/{NAME}{'?' + query if query else ''}"
    try:
        yield ours, ours
    finally:
        _point("owner", url)
        with _autocommit() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")


@contextlib.contextmanager
def _autocommit():
    with connections["owner"].cursor() as cursor:
        yield cursor


def _point(alias, url):
    """Let a connection of Django go to another database from now on."""
    connections[alias].close()
    connections[alias].settings_dict.update(environ.Env.db_url_config(url), CONN_MAX_AGE=None)
