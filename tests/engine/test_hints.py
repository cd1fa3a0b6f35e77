"""A hint is sent after commit, and a broker that is away costs a request nothing."""

import time

import pytest
from django.db import transaction

from engine import hints
from engine.hints import Breaker, hint


class Broken(Exception):
    """What a client library may raise."""


def broken():
    raise Broken


def test_breaker_rests_after_a_failure_and_tries_again():
    now, calls = [0.0], []
    breaker = Breaker(rest=10, clock=lambda: now[0])
    assert breaker.call(lambda: calls.append(0))
    assert not breaker.call(broken)
    now[0] = 9.9
    assert not breaker.call(lambda: calls.append(1))
    now[0] = 10.1
    assert breaker.call(lambda: calls.append(2))
    assert breaker.call(lambda: calls.append(3))
    assert calls == [0, 2, 3]


def test_only_one_thread_probes_a_broken_broker():
    now, inner = [0.0], []
    breaker = Breaker(clock=lambda: now[0])
    breaker.call(broken)
    now[0] = 11
    assert breaker.call(lambda: inner.append(breaker.call(broken)))
    assert inner == [False]


@pytest.fixture
def sent(monkeypatch):
    """The hints that reached the broker."""
    names = []
    monkeypatch.setattr(hints, "breaker", Breaker())
    monkeypatch.setattr(hints, "send", names.append)
    return names


def test_hint_waits_for_the_commit(transactional_db, sent):
    with transaction.atomic():
        hint("leads.tasks.score")
        assert sent == []
    assert sent == ["leads.tasks.score"]


def test_hint_of_a_rollback_is_never_sent(transactional_db, sent):
    with transaction.atomic():
        hint("leads.tasks.score")
        transaction.set_rollback(True)
    assert sent == []


def test_without_a_broker_a_hint_is_quick_and_silent(transactional_db, monkeypatch):
    monkeypatch.setattr(hints, "breaker", Breaker())
    hint("engine.tasks.deliver")
    assert hints.breaker.failed_at is not None
    started = time.perf_counter()
    for _ in range(100):
        hint("engine.tasks.deliver")
    assert time.perf_counter() - started < 0.5
