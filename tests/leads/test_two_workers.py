"""Two worker processes on one database, while others answer, return and let expire: nothing twice, nothing lost, fair."""

import multiprocessing
import os
import threading
import traceback
from collections import Counter
from datetime import timedelta
from multiprocessing.connection import wait

import pytest
from django.db import OperationalError, connection, connections
from psycopg2.errors import LockNotAvailable

from accounts.models import RepProfile
from leads import assignment, fairness, handoffs, ownership
from leads.models import Agreement, AssignmentRule, Handoff, Lead, ReturnReason
from pipeline.stages import Stage
from tests.cast import NOON, gather
from tests.leads.ready import crowd, rep

BREATH = threading.Event()


def at_once(*works):
    """Run each function in a process of its own until all are through; they share nothing but the database."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_alone, args=(work,)) for work in works]
    for process in processes:
        process.start()
    waiting = {process.sentinel: process for process in processes}
    while waiting:
        ended = [waiting.pop(sentinel) for sentinel in wait(waiting)]
        for process in ended:
            process.join()
        if any(process.exitcode for process in ended):
            for process in waiting.values():
                process.terminate()  # else they wait for ever for what it did not do
    assert [process.exitcode for process in processes] == [0] * len(works)


def _alone(work):
    code = 1
    try:
        while work_left():
            work()
        connections.close_all()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)  # past the test runner that this process is a copy of


def work_left():
    """Whether a lead is to be routed or an offer has run out, both seen at one moment."""
    run_out = Handoff.objects.offered().filter(answer_due_at__lte=NOON)
    return (Lead.objects.filter(route_at__isnull=False).values("pk").union(run_out.values("pk"))).exists()


def assign():
    assignment.assign_due(limit=250, at=NOON)


def expire():
    handoffs.expire_due(limit=250, at=NOON)
    BREATH.wait(0.02)


def answer():
    """Accept some and return others, as pages do: with a short patience for locks."""
    nurture = ReturnReason.objects.get(code="not_ready")
    for n, one in enumerate(Handoff.objects.offered().filter(grade="B").order_by("-pk")[:6]):
        try:
            if n % 2:
                handoffs.accept(one.pk, by=one.rep, at=NOON)
            else:
                handoffs.return_lead(one.pk, reason=nurture, by=one.rep, at=NOON)
        except handoffs.AlreadyAnswered:
            pass
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
    BREATH.wait(0.05)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("count", [2_000, pytest.param(20_000, marks=pytest.mark.killtest)])
def test_two_processes_assign_while_others_answer_return_and_expire(count):
    cast = gather()
    small = rep("small", team=cast.other_rep.team, weight=5, capacity=count // 50)
    weights = {cast.rep: 5, cast.teammate: 3, cast.other_rep: 2, small: 5}
    for user, weight in weights.items():
        RepProfile.objects.filter(user=user).update(weight=weight)
    RepProfile.objects.exclude(user=small).update(capacity=2 * count, cap_ceiling=2 * count)
    # grade C runs out at once and goes to the team lead, then to the pool, without another fair turn
    Agreement.objects.update(
        answer_minutes={"A": 900, "B": 900, "C": 0, "D": 900}, around_the_clock=True, reoffers=0
    )
    ids = crowd(count, by=cast.marketer, grades="BBBC")
    Lead.objects.filter(pk__in=ids[::2]).update(channel="seo")
    ours = AssignmentRule.objects.create(name="search", position=1, channel="seo", team=cast.rep.team)
    rest = AssignmentRule.objects.create(name="rest", position=2)
    rest.reps.set([cast.teammate, cast.other_rep, small])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE leads_lead, leads_handoff, pipeline_contact")  # as autovacuum does in time

    at_once(assign, assign, expire, answer)

    turns = Handoff.objects.exclude(run=None)
    assert Counter(turns.values_list("lead", flat=True)) == Counter(dict.fromkeys(ids, 1))
    shares = {
        rule.pk: Counter(turns.filter(run__rule=rule).values_list("rep", flat=True)) for rule in (ours, rest)
    }
    assert shares[ours.pk].total() == shares[rest.pk].total() == count // 2
    for user in (cast.rep, cast.teammate):
        assert abs(shares[ours.pk][user.pk] - count / 2 * weights[user] / 8) <= 1
    assert set(shares[rest.pk]) == {cast.teammate.pk, cast.other_rep.pk, small.pk}
    left = count // 2 - shares[rest.pk][small.pk]  # for the two who are never full
    for user in (cast.teammate, cast.other_rep):
        assert abs(shares[rest.pk][user.pk] - left * weights[user] / 5) <= 1
    for rule in (ours, rest):
        lines = fairness.ledger(NOON, NOON + timedelta(days=1), rule.pk)
        assert {line.rep_id: line.turns for line in lines} == shares[rule.pk]
        assert all(abs(line.over) <= 1 for line in lines if line.rep_id != small.pk)
    assert RepProfile.objects.get(user=small).open_n <= count // 50
    _each_lead_is_in_one_place(ids)
    assert ownership.recount() == []


def _each_lead_is_in_one_place(ids):
    """Whoever is neither in somebody's hands, nor in the pool, nor nurtured is lost."""
    held = list(Handoff.objects.open().values_list("lead", flat=True))
    pooled = list(Lead.objects.exclude(pooled_at=None).values_list("pk", flat=True))
    nurtured = list(Lead.objects.filter(stage=Stage.NURTURE).values_list("pk", flat=True))
    assert sorted(held + pooled + nurtured) == sorted(ids)
    assert Handoff.objects.filter(accepted_at__isnull=False).exists()
    assert nurtured
    assert set(Lead.objects.filter(pk__in=pooled).values_list("grade", flat=True)) == {"C"}
