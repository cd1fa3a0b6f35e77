"""Rooms of the bench tell figures of both sides, and leave the house in order."""

import re
from collections import Counter

import pytest
from django.db import connection
from django.test import override_settings

from bench import dedupe, figures, messages, pages, paint, rooms, search, sweeps, tabs
from leads.learning import evaluation
from reports import verify

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_measure(owner, monkeypatch):
    monkeypatch.setattr(sweeps, "DUE", 2)
    monkeypatch.setattr(dedupe, "LOOK", 20)
    monkeypatch.setattr(figures, "RUNS", 1)
    monkeypatch.setattr(pages, "TIMES", 1)
    monkeypatch.setattr(search, "LOOKS", 2)
    monkeypatch.setattr(tabs, "LOOKS", 1)
    monkeypatch.setattr(tabs, "TIMES", 1)
    monkeypatch.setattr(tabs, "NARROWED", ("funnel",))
    monkeypatch.setitem(rooms.SIZES, "tiny", 600)
    with owner("owner"), override_settings(ROOT_URLCONF="bench.urls"):
        told = list(
            rooms.measure(
                "tiny", ("tabs", "sweep", "dedupe", "score", "create", "pages", "search", "returns")
            )
        )
    counted = Counter(figure.name.partition(" ")[0].strip(":") for figure in told)
    assert counted == {
        "tab": 3 * 29,
        "sweep": 4 + 8,
        "dedupe": 5,
        "score": 5,
        "API": 1,
        "page": 27,
        "search": 3,
        "rollup": 3,
        "credit": 9,
        "markov": 1,
        "shapley": 1,
    }
    assert all(figure.ours > 0 for figure in told if not figure.name.endswith("merged without asking"))
    found = verify.verify().found
    assert {name for name, differences in found.items() if differences} <= {"scores"}


def test_training_and_what_celery_takes(owner, monkeypatch):
    monkeypatch.setattr(figures, "RUNS", 1)
    monkeypatch.setattr(messages, "RUNS", 1)
    monkeypatch.setattr(messages, "BATCH", 50)
    monkeypatch.setattr(evaluation, "FEWEST", 3)
    monkeypatch.setitem(rooms.SIZES, "tiny", 600)
    # As in the scratch database: the backend that is measured stays.
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", None)
    with owner("owner"):
        celery, cpu, memory = rooms.measure("tiny", ("celery", "train"))
    assert 0 < celery.ours < celery.limit
    assert re.fullmatch(r"train: on [56]\d\d closed leads", cpu.name)  # the youngest are not ripe
    assert cpu.ours > 0
    assert memory.ours > 50


def test_without_a_browser_the_bench_says_so(monkeypatch):
    monkeypatch.setattr(paint, "CHROMIUM", "/nowhere/chromium")
    told = [(figure.name, figure.ours) for figure in paint.figures(None)]
    assert told == [("paint: left out, there is no Chromium", None)]
