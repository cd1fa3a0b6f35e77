"""What tests on real data share. Nothing of the project may be imported before Django is set up."""

import csv
import json

import pytest

from tests.samples import folder


@pytest.fixture(scope="session")
def samples():
    """The folder of real data."""
    return folder()


@pytest.fixture(scope="session")
def expected(samples):
    """The published figures of each set."""
    return json.loads((samples / "expected.json").read_text())


@pytest.fixture(scope="session")
def table(samples):
    """Rows of a file by the csv module alone: the oracle beside our own reader."""

    def table(name, delimiter=","):
        with open(samples / name, encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, delimiter=delimiter))

    return table


@pytest.fixture
def take(db, samples, tmp_path):
    """Import a file for one test."""
    from tests.samples.loading import loading

    return loading(samples, tmp_path / "media")


@pytest.fixture(scope="module")
def bring(samples, django_db_setup, django_db_blocker, tmp_path_factory):
    """Import files once for a whole module, which rolls them back at its end."""
    from django.db import transaction

    from accounts import organisation
    from tests.samples.loading import loading

    with django_db_blocker.unblock(), transaction.atomic():
        organisation.forget()
        yield loading(samples, tmp_path_factory.mktemp("media"))
        transaction.set_rollback(True)
