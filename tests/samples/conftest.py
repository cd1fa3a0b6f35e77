"""What tests on real data share."""

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
def take(db, samples, settings, tmp_path):
    """Import a file of the set under a shipped mapping; returns the finished run."""
    from tests.leads.importing import running

    settings.MEDIA_ROOT = tmp_path / "media"
    return lambda name, mapping, **options: running.load(samples / name, mapping, **options)
