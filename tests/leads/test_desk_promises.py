"""What the desk promised as it is kept: against lives told one by one, over rounds at any moment."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from leads import answering, capture, desk_promises, funnel, grading, standing
from leads.models import Agreement, DeskPromise, Lead, StageChange, TouchKind
from pipeline.stages import Stage
from reports.choice import axes, parse
from reports.models import CountedDesk, DeskMonth
from reports.rollups import roll_all
from reports.sides import sides
from reports.verify import verify
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.leads.agreeing import version

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MINUTES = {"A": 60, "B": 120, "C": 240, "D": 480, "hand": 30}


@pytest.fixture(autouse=True)
def agreed(db):
    version(2, NOON - timedelta(days=400), desk_minutes=MINUTES, around_the_clock=True)
    answering.AGREED.forget()
    yield
    answering.AGREED.forget()


def mql(cast, at=NOON, **fields):
    one = make.lead(at=at, grade="A", **fields)
    funnel.advance([one.pk], Stage.MQL, actor=cast.marketer, reason="looks good", at=at)
    return one


def call(cast, lead, at):
    capture.log_touch(lead.contact, TouchKind.CALL, by=cast.marketer, at=at, outbound=True)


def told():
    rows = DeskPromise.objects.order_by("asked_at", "pk").values_list(
        "lead", "asked_at", "due_at", "answered_at", "ended_at"
    )
    return [
        (lead, *(None if one is None else (one - NOON) / HOUR for one in moments)) for lead, *moments in rows
    ]


def test_who_was_answered_before_the_round_is_kept_as_well(cast):
    quick, slow = mql(cast), mql(cast)
    call(cast, quick, NOON + HOUR / 4)
    desk_promises.keep(NOON + HOUR / 2)
    assert told() == [(quick.pk, 0, 1, 0.25, None), (slow.pk, 0, 1, None, None)]
    assert desk_promises.keep(NOON + HOUR / 2) == desk_promises.Round(0, 0)
    funnel.advance([slow.pk], Stage.NURTURE, actor=cast.marketer, reason="later", at=NOON + 2 * HOUR)
    desk_promises.keep(NOON + 3 * HOUR)
    assert told()[1] == (slow.pk, 0, 1, None, 2)
    kept = standing.desk(NOON, NOON + 9 * HOUR, NOON + 9 * HOUR)
    assert (kept.due, kept.kept, kept.percent) == (2, 1, 50)


def test_what_is_agreed_later_changes_no_promise(cast):
    one = mql(cast)
    desk_promises.keep(NOON)
    Agreement.objects.update(desk_minutes={**MINUTES, "A": 600})
    answering.AGREED.forget()
    graded = grading.graded(Lead.objects.all(), NOON)
    assert answering.due(graded) == {one.pk: NOON + HOUR}
    late = answering.late(graded, NOON + HOUR, answering.promise())
    assert [lead.pk for lead in late] == [one.pk]


def test_nothing_is_owed_of_a_time_in_which_nothing_was_promised(cast):
    """A version promised nothing for two months; the next one promises from its second signature on."""
    mql(cast)
    desk_promises.keep(NOON)
    version(3, NOON + HOUR, desk_minutes={}, around_the_clock=True)
    between = mql(cast, at=NOON + 30 * 24 * HOUR)
    assert desk_promises.keep(NOON + 30 * 24 * HOUR).made == 0
    again = NOON + 60 * 24 * HOUR
    version(4, again, desk_minutes=MINUTES, around_the_clock=True)
    after = mql(cast, at=again + HOUR)
    desk_promises.keep(again + 2 * HOUR)
    assert [row[0] for row in told() if row[0] in (between.pk, after.pk)] == [after.pk]
    version(5, again + 3 * HOUR, desk_minutes={**MINUTES, "A": 30}, around_the_clock=True)
    soon = mql(cast, at=again + 4 * HOUR)
    desk_promises.keep(again + 5 * HOUR)  # nothing was read a second before
    row = DeskPromise.objects.get(lead=soon)
    assert (row.agreement.version, row.due_at - row.asked_at) == (5, HOUR / 2)


def test_what_came_just_before_the_first_promise_is_owed_by_nobody(cast):
    Agreement.objects.update(desk_minutes={})
    mql(cast, at=NOON - HOUR)
    version(3, NOON, desk_minutes=MINUTES, around_the_clock=True)
    one = mql(cast, at=NOON + HOUR)
    desk_promises.keep(NOON + 2 * HOUR)
    assert [row[0] for row in told()] == [one.pk]


def test_who_asks_anew_starts_again_unless_it_was_late_already(cast):
    early, late = (make.lead(at=NOON, hand_raised_at=NOON) for _n in range(2))
    desk_promises.keep(NOON)
    funnel.advance([early.pk], Stage.MQL, actor=cast.marketer, reason="x", at=NOON + HOUR / 4)
    funnel.advance([late.pk], Stage.MQL, actor=cast.marketer, reason="x", at=NOON + HOUR)
    desk_promises.keep(NOON + 2 * HOUR)
    assert told() == [
        (late.pk, 0, 0.5, None, 1),
        (early.pk, 0.25, 0.75, None, None),
        (late.pk, 1, 1.5, None, None),
    ]


def test_nobody_is_owed_what_sales_gave_back_tests_and_history(cast):
    mql(cast, desk_due_at=NOON)
    mql(cast, is_test=True)
    mql(cast, channel="sales_own", owner=cast.rep)
    Lead.objects.filter(pk=mql(cast).pk).update(history=True)
    desk_promises.keep(NOON + HOUR)
    assert told() == []


@pytest.mark.parametrize("seed", range(3))
def test_rounds_at_any_moment_tell_what_each_life_says(cast, seed):
    """An oracle: asked, answered and gone at random minutes, rounds between, and the same in standing, rollup and list."""
    chance, lives = random.Random(seed), []
    for number in range(14):
        asked = NOON + timedelta(minutes=chance.randrange(600))
        lead = mql(cast, at=asked)
        did = asked + timedelta(minutes=chance.randrange(1, 150))
        lives.append((asked, lead, did, ("call", "ready", "gone", "")[number % 4]))
    for _asked, lead, did, what in lives:
        if what == "call":
            call(cast, lead, did)
        elif what == "ready":
            make_ready(lead, did, cast)
        elif what:
            funnel.advance([lead.pk], Stage.NURTURE, actor=cast.marketer, reason="x", at=did)
    end = NOON + 14 * HOUR
    for minutes in sorted(chance.sample(range(840), 4)):
        desk_promises.keep(NOON + timedelta(minutes=minutes), since=NOON)
    desk_promises.keep(end, since=NOON)
    due = [one for one in lives if one[3] != "gone" or one[2] >= one[0] + HOUR]
    kept = [one for one in due if one[3] in ("call", "ready") and one[2] <= one[0] + HOUR]
    found = standing.desk(NOON, end + 9 * HOUR, end + 9 * HOUR)
    assert (found.due, found.kept) == (len(due), len(kept))
    roll_all()
    assert set(CountedDesk.objects.filter(kept=True).values_list("lead", flat=True)) == {
        one[1].pk for one in kept
    }
    (month,) = DeskMonth.objects.values_list("due", "kept")
    assert month == (len(due), len(kept))
    choice = parse({"period": "month"}, axes({"period": "month"}), end + 9 * HOUR)
    account = next(one for one in sides(choice, end + 9 * HOUR).of("marketing") if one.name == "desk")
    assert (account.owed, account.given) == (len(due), len(kept))


def test_the_page_opens_the_list_behind_each_figure(client, cast):
    at = timezone.now() - timedelta(minutes=90)
    quick, slow = mql(cast, at), mql(cast, at)
    call(cast, quick, at + HOUR / 4)
    desk_promises.keep(timezone.now())
    roll_all()
    client.force_login(cast.marketing_head)
    page = client.get("/dashboard/agreement/?period=all").content.decode()
    assert "Answered by the desk in time" in page
    behind = {
        name: client.get(f"/dashboard/behind/{name}/?period=all").content.decode()
        for name in ("due_desk", "kept_desk")
    }
    assert [f"/leads/{one.pk}/" in behind["due_desk"] for one in (quick, slow)] == [True, True]
    assert [f"/leads/{one.pk}/" in behind["kept_desk"] for one in (quick, slow)] == [True, False]


@pytest.mark.django_db(transaction=True)
def test_verify_names_a_promise_that_was_counted_wrongly(cast):
    mql(cast)
    desk_promises.keep(NOON + HOUR)
    roll_all()
    assert verify().clean
    DeskMonth.objects.update(kept=5)
    assert ["DeskMonth" in one.what for one in verify().found["rollups"]] == [True]


def make_ready(lead, at, cast):
    Lead.objects.filter(pk=lead.pk).update(stage=Stage.READY, seq=3, ready_at=at)
    StageChange.objects.create(
        lead=lead, seq=3, from_stage="mql", to_stage="ready", at=at, actor=cast.marketer
    )


def test_the_standing_of_the_api_tells_the_desk(cast):
    assert Api(cast.marketer).get("/standing/")[1]["desk"] == {"name": "desk", "due": 0, "kept": 0}
