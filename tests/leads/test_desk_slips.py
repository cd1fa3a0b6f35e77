"""What the desk takes back at once was none: no rep lost a turn by it, and no stage was first reached by it."""

import threading
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection, transaction

from leads import assignment, delays, desk, fairness, funnel, handoffs, ownership, standing, verdict
from leads.models import Agreement, Handoff, Lead
from pipeline.stages import START, Stage, path
from reports import verify
from tests import cast as make
from tests.cast import NOON
from tests.leads import test_undone_returns as returned
from tests.leads.ready import ANSWERS, fresh, offered, ready
from tests.leads.test_undone_turns import ledger, turns

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(minutes=5)
FIRST = ("mql_at", "ready_at", "sql_at", "deal_at", "won_at")


@pytest.fixture(autouse=True)
def day_and_night(db):
    Agreement.objects.update(around_the_clock=True)


def take_back(leads, by, to=Stage.READY, before=Stage.MQL):
    done = desk.take_back(to, {before: [one.pk for one in leads]}, by=by, at=SOON)
    assert done.refused == []


def make_ready(one, cast, at):
    assert funnel.advance([one.pk], Stage.READY, actor=cast.marketer, at=at, route_at=at).refused == []


def first_times(one):
    return Lead.objects.values(*FIRST).get(pk=one.pk)


def test_the_rep_who_was_offered_it_loses_no_turn(cast):
    ready(3, by=cast.marketer)
    assignment.assign_due(at=NOON)
    before, told = turns(), ledger()
    some = ready(4, by=cast.marketer)
    assignment.assign_due(at=NOON)
    assert (turns(), ledger()) != (before, told)
    take_back(some, cast.marketer)
    assert turns() == pytest.approx(before, abs=1e-5)
    assert ledger() == pytest.approx(told, abs=1e-5)
    assert set(Handoff.objects.filter(lead__in=some).values_list("end", "note")) == {
        ("released", "Taken back at the desk")
    }
    assert ownership.recount() == []
    for one in some:
        make_ready(one, cast, SOON)
    assignment.assign_due(at=SOON)
    assert sum(line.turns for line in fairness.ledger(NOON, NOON + timedelta(days=1))) == 7


def test_nothing_was_delivered_and_nobody_answers_for_it(cast):
    one = ready(by=cast.marketer, campaign=make.campaign())
    offered(one)
    take_back([one], cast.marketer)
    assert standing.delivered(NOON, NOON + timedelta(days=1)) == {}
    assert verdict.became(Lead.objects.all()).values_list("rep", "end").get() == (None, None)
    assert delays.of(fresh(one), list(Handoff.objects.select_related("rep", "agreement")), SOON) is None


@pytest.mark.parametrize("twice", [False, True])
def test_ready_was_not_reached_by_it(cast, twice):
    one = make.lead(grade="B", answers=ANSWERS)
    funnel.advance([one.pk], Stage.MQL, actor=cast.marketer, reason="x", at=NOON)
    before = first_times(one)
    for _time in range(1 + twice):
        make_ready(one, cast, NOON)
        assert first_times(one)["ready_at"] == NOON
        take_back([one], cast.marketer)
        assert first_times(one) == before == {**dict.fromkeys(FIRST), "mql_at": NOON}
        insist_verified()
    later = NOON + timedelta(days=1)
    make_ready(one, cast, later)
    assert first_times(one)["ready_at"] == later
    insist_verified()


WAYS = [(to, before) for to, before in desk.WAY_BACK if (to, before) != (Stage.READY, Stage.MQL)]


@pytest.mark.parametrize(("to", "before"), WAYS)
def test_what_was_reached_before_stays(cast, to, before):
    one = make.lead(grade="B", answers=ANSWERS)
    for stage in path(START, before)[1:]:
        funnel.advance([one.pk], stage, actor=cast.marketer, reason="x", at=NOON)
    stood = first_times(one)
    assert not funnel.advance([one.pk], to, actor=cast.marketer, reason="x", at=SOON).refused
    take_back([one], cast.marketer, to, before)
    assert (fresh(one).stage, first_times(one)) == (before, stood)
    insist_verified()


@pytest.mark.parametrize("reason", ["spam", "not_ready", "bad_data", "wrong_person"])
def test_what_its_rep_returned_since_and_took_back_is_no_move_of_the_desk_any_more(cast, reason):
    one = ready(by=cast.marketer)
    handoff = offered(one)
    returned.give_back(handoff, reason)
    returned.undo(handoff)
    before = Lead.objects.values().get(pk=one.pk)
    done = desk.take_back(Stage.READY, {Stage.MQL: [one.pk]}, by=cast.marketer, at=returned.THEN)
    assert [why.why for why in done.refused] == ["Its rep has returned it since, and taken that back."]
    assert Lead.objects.values().get(pk=one.pk) == before
    assert Handoff.objects.open().get(lead=one) == handoff
    insist_verified()


def test_undo_pressed_twice_takes_one_move_back(cast):
    one = ready(by=cast.marketer)
    offered(one)
    handoffs.set_aside([one.pk], Stage.NURTURE, by=cast.marketer, reason="A slip", at=SOON, wake_at=SOON)
    take_back([one], cast.marketer, to=Stage.NURTURE, before=Stage.READY)
    again = desk.take_back(*_last(one), by=cast.marketer, at=SOON)
    assert [why.why for why in again.refused] == ["It was taken back already."]
    assert fresh(one).stage == Stage.READY


def _last(one):
    return fresh(one).stage, desk.before_last(one)


def insist_verified():
    with connection.cursor() as cursor:
        assert verify.differences(cursor).clean


def test_passes_of_former_releases_forget_what_a_slip_had_left(cast):
    one = ready(by=cast.marketer)
    take_back([one], cast.marketer)
    make_ready(one, cast, SOON + timedelta(days=1))
    before = first_times(one)
    Lead.objects.update(ready_at=NOON)
    other = ready(by=cast.marketer)
    with connection.cursor() as cursor:
        cursor.execute(import_module("leads.migrations.0081_first_times_taken_back").FORGET)
    assert first_times(one) == before
    assert first_times(other)["ready_at"] == NOON
    insist_verified()


@pytest.mark.django_db(transaction=True)
def test_what_a_rep_accepts_at_that_moment_stays(cast):
    """The desk waits for the answer, and then comes too late."""
    one = ready(by=cast.marketer)
    handoff = offered(one)
    told = []

    def at_the_desk():
        try:
            told.append(desk.take_back(Stage.READY, {Stage.MQL: [one.pk]}, by=cast.marketer, at=SOON))
        finally:
            connection.close()

    desk_thread = threading.Thread(target=at_the_desk)
    with transaction.atomic():
        handoffs.accept(handoff.pk, by=handoff.rep, at=SOON)
        desk_thread.start()
        desk_thread.join(0.5)
        assert told == []
    desk_thread.join()
    assert [one.why for one in told[0].refused] == ["Sales has accepted it already."]
    one.refresh_from_db()
    handoff.refresh_from_db()
    assert (one.stage, handoff.ended_at, one.owner) == ("sql", None, handoff.rep)


@pytest.mark.parametrize("to", [Stage.DISQUALIFIED, Stage.NURTURE])
def test_setting_aside_by_a_slip_costs_nobody_a_turn(cast, to):
    """Its offer is made anew, and the one that the slip had ended was no lead got."""
    ready(3, by=cast.marketer)
    assignment.assign_due(at=NOON)
    one = ready(by=cast.marketer)
    offered(one)
    before, told = turns(), ledger()
    assert handoffs.set_aside([one.pk], to, by=cast.marketer, reason="A slip", at=SOON).refused == []
    take_back([one], cast.marketer, to=to, before=Stage.READY)
    offered(one, SOON)
    assert turns() == pytest.approx(before, abs=1e-5)
    assert ledger() == pytest.approx(told, abs=1e-5)
    assert Handoff.objects.but_for_slips().filter(lead=one).count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_rep_accepts_at_that_moment_is_not_set_aside(cast):
    one = ready(by=cast.marketer)
    handoff = offered(one)
    told = []

    def at_the_desk():
        try:
            told.append(
                handoffs.set_aside(
                    [one.pk], Stage.NURTURE, by=cast.marketer, reason="Later", at=SOON, wake_at=SOON
                )
            )
        finally:
            connection.close()

    desk_thread = threading.Thread(target=at_the_desk)
    with transaction.atomic():
        handoffs.accept(handoff.pk, by=handoff.rep, at=SOON)
        desk_thread.start()
        desk_thread.join(0.5)
        assert told == []
    desk_thread.join()
    assert [one.why for one in told[0].refused] == ["Sales has accepted it already."]
    one.refresh_from_db()
    assert (one.stage, one.owner) == ("sql", handoff.rep)
    assert (
        handoffs.set_aside(
            [one.pk], Stage.NURTURE, by=cast.marketing_head, reason="No", at=SOON, wake_at=SOON
        ).refused
        == []
    )
