"""The stage every test stands on: embedded servers, the runtime role, the cast."""

import gc
import os
from contextlib import contextmanager

import django
import pytest
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.signals import connection_created
from django.test import Client, TransactionTestCase
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tests import early, longest
from tests.pristine import Pristine
from tests.servers import Servers, broker

pytest_plugins = ["tests.browser"]
ALIASES = ("default", "owner", "aside")
# Machines share their cores; a slow example is no fault.
hypothesis_settings.register_profile("tandem", deadline=None)
hypothesis_settings.load_profile("tandem")


# -- servers: before Django reads its settings ---------------------------------------------------------
@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Start the servers in the controlling process; workers inherit the addresses."""
    if not hasattr(config, "workerinput") and not config.option.help and not config.option.collectonly:
        config.servers = Servers()
        config.servers.announce()
    gc.set_threshold(50_000)  # few looks for garbage: most of what is read from here on lives to the end
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the others of one sum only wait, at work: the cores are taken
    os.environ["STATICFILES_BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    connections.settings["default"]["TEST"]["TEMPLATE"] = os.environ.get("TANDEM_TEST_TEMPLATE")
    settings.PASSWORD_HASHERS = ["tests.hashing.Hasty"]
    from tests.entering import enter

    Client.force_login = enter
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing folder


def pytest_collectstart(collector):
    """Each worker reads another part of the test modules first, so that what compiling them takes is taken once."""
    if isinstance(collector, pytest.Session) and hasattr(collector.config, "workerinput"):
        early.read(collector.config)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """What takes long begins first, on all workers, so that no one is left alone with it at the end."""
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    items[:] = longest.dealt(items, workers)


def pytest_collection_finish():
    """The modules and the tests themselves live to the end: no look for garbage goes through them."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config):
    """Stop them."""
    if hasattr(config, "servers"):
        config.servers.stop()


@pytest.fixture(scope="session")
def valkey(tmp_path_factory):
    """A running Valkey for tests that need a real broker; its `url` is what REDIS_URL would be."""
    with broker(tmp_path_factory.mktemp("broker")) as server:
        yield server


# -- the database: created and flushed by the owner, used as the runtime role ----------------------------
def become_runtime(connection, **signal):
    """Give up the owner's rights on a new connection of the test database."""
    if connection.alias in ALIASES:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE tandem_app")


@contextmanager
def as_owner(alias="default"):
    """The owner's rights, without triggers and foreign keys, for what only a test runner does."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET session_replication_role = replica")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET session_replication_role; SET ROLE tandem_app")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Everything after the creation of the test database happens as the runtime role."""
    with django_db_blocker.unblock():
        with connections["default"].cursor() as cursor:
            TransactionTestCase.pristine = Pristine(cursor)
        for alias in ALIASES:
            connections[alias].close()
        connection_created.connect(become_runtime)
        yield
        connection_created.disconnect(become_runtime)
        for alias in ALIASES:
            connections[alias].close()
        _send_home()


def _send_home():
    """A thread that served a browser now gone may still hold its connection, and nobody could drop the database."""
    with connections["default"]._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [connections["default"].settings_dict["NAME"]],
        )


def _put_back(self):
    """What a test committed goes, and what it began with comes back."""
    with as_owner(), transaction.atomic(), connections["default"].cursor() as cursor:
        self.pristine.restore(cursor)


TransactionTestCase._fixture_teardown = _put_back


@pytest.fixture
def owner():
    """`with owner():` runs as the owner of the tables, as migrations and erasure do."""

    @contextmanager
    def owning(alias="default"):
        with connections[alias].cursor() as cursor:
            cursor.execute("RESET ROLE")
        try:
            yield
        finally:
            with connections[alias].cursor() as cursor:
                cursor.execute("SET ROLE tandem_app")

    return owning


@pytest.fixture
def cast(db):
    """One person of each kind: see tests/cast.py."""
    from tests.cast import gather

    return gather()


@pytest.fixture(autouse=True)
def one_organisation(request, monkeypatch):
    """Read once and for the whole test, so that queries can be counted; `organisation.forget()` after a change."""
    from accounts import organisation
    from engine import lately

    translation.activate(settings.LANGUAGE_CODE)  # a page read in another language leaves that to its thread
    lately.forget_all()
    monkeypatch.setattr(lately, "LIFETIME", 3600)
    if request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & set(request.fixturenames):
        request.getfixturevalue("db")
        organisation.current()
