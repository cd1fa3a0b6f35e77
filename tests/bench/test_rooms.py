"""Rooms of the bench tell figures of both sides, and leave the house in order."""

import pytest
from django.test import override_settings

from bench import rooms, sweeps
from reports import verify

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_measure(owner, monkeypatch):
    monkeypatch.setattr(sweeps, "DUE", 5)
    monkeypatch.setitem(rooms.SIZES, "tiny", 600)
    with owner("owner"), override_settings(ROOT_URLCONF="bench.urls"):
        told = list(rooms.measure("tiny", ("sweep", "score", "create")))
    assert [figure.name.partition(" ")[0] for figure in told].count("score:") == 4
    assert all(figure.ours > 0 for figure in told)
    found = verify.verify().found
    assert {name for name, differences in found.items() if differences} <= {"scores"}
