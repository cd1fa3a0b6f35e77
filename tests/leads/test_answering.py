"""By when the desk answers: the statement against the clock told for each lead alone."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts import calendars, organisation
from accounts.models import Organisation, Track, WorkingCalendar
from leads import answering, funnel, grading, needs
from leads.models import Agreement, Grade, Lead, TouchKind
from leads.terms import in_force
from pipeline.channels import Channel
from pipeline.stages import Stage
from tests import cast as make
from tests.api import Api
from tests.leads.agreeing import version
from tests.pages import same_queries

pytestmark = pytest.mark.django_db
NOON = make.NOON
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def agreed(db):
    version(2, NOON - timedelta(days=400), desk_minutes={"A": 60, "B": 120, "C": 240, "D": 480, "hand": 30})
    answering.AGREED.forget()
    yield
    answering.AGREED.forget()


@pytest.fixture
def marketer(client, cast):
    client.force_login(cast.marketer)
    return client


def mql(cast, at=NOON, **fields):
    one = make.lead(at=at, **fields)
    funnel.advance([one.pk], Stage.MQL, actor=cast.marketer, reason="looks good", at=at)
    return one


def graded(at=NOON):
    return grading.graded(Lead.objects.all(), at)


def late(at):
    return set(answering.late(graded(at), at, answering.promise()).values_list("pk", flat=True))


def owed(at=NOON):
    return set(answering.owing(graded(at)).values_list("pk", flat=True))


def test_a_preset_promises_and_an_empty_promise_asks_nothing(cast):
    one = mql(cast)
    assert owed() == {one.pk}
    assert set(answering.due(graded())) == {one.pk}
    Agreement.objects.update(desk_minutes={})
    answering.AGREED.forget()
    assert answering.promise() is None
    assert answering.due(graded()) == {}
    assert all("overdue" not in need.what for need in needs.of_marketing(cast.marketer, NOON + 99 * HOUR))


def test_where_sales_takes_over_at_the_mql_the_desk_owes_nothing(cast):
    mql(cast)
    Agreement.objects.update(sales_from=Stage.MQL)
    answering.AGREED.forget()
    assert answering.due(graded()) == {}


def test_who_is_owed_an_answer(cast):
    asked = make.lead(hand_raised_at=NOON)
    make.lead()  # new, and asked for nothing
    made = mql(cast)
    mql(cast, desk_due_at=NOON)  # returned: has days of its own
    own = mql(cast, channel=Channel.SALES_OWN, owner=cast.rep)
    gone, tried, mailed, before = (mql(cast) for _ in range(4))
    history = mql(cast, history=True)
    Lead.objects.filter(pk=gone.pk).update(stage=Stage.READY)
    make.touch(tried.contact, at=NOON, kind=TouchKind.CALL, outbound=True, reached=False)
    make.touch(mailed.contact, at=NOON, kind=TouchKind.MAIL, outbound=True, automatic=True)
    make.touch(before.contact, at=NOON - HOUR, kind=TouchKind.CALL, outbound=True, reached=True)
    assert owed() == {asked.pk, made.pk, mailed.pk, before.pk}
    assert {own.pk, history.pk}.isdisjoint(owed())


def test_a_hand_raised_later_is_answered_anew(cast):
    one = mql(cast)
    make.touch(one.contact, at=NOON + HOUR, kind=TouchKind.CALL, outbound=True, reached=True)
    assert owed() == set()
    Lead.objects.filter(pk=one.pk).update(hand_raised_at=NOON + 2 * HOUR)
    assert owed() == {one.pk}


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai"])
def test_a_fair_is_answered_from_the_day_after(cast, zone):
    Organisation.objects.update(zone=zone)
    organisation.forget()
    fair = make.campaign(channel=Channel.EXHIBITION, ends_on=NOON.date() + timedelta(days=2))
    one = mql(cast, campaign=fair)
    start = answering.owing(graded()).get(pk=one.pk).answer_from
    assert start == datetime.combine(fair.ends_on + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))
    organisation.forget()


@pytest.mark.parametrize("always", [True, False])
def test_late_is_what_each_lead_alone_is(cast, always):
    """The oracle: the clock run forwards for each lead."""
    rng = random.Random(7)
    calendar = WorkingCalendar.objects.create(
        name="Desk", zone="Europe/Berlin", hours=[[["09:00", "12:30"], ["13:30", "17:00"]]] * 5 + [[], []]
    )
    cast.marketer.team.__class__.objects.filter(track=Track.MARKETING).update(calendar=calendar)
    Agreement.objects.update(around_the_clock=always)
    answering.AGREED.forget()
    calendars.CLOCKS.forget()
    for number in range(40):
        at = NOON - timedelta(minutes=rng.randrange(0, 12 * 60 if always else 6 * 24 * 60))
        raised = at - timedelta(minutes=rng.randrange(0, 600)) if number % 3 == 0 else None
        mql(cast, at=at, grade=rng.choice(["", *Grade.values]), hand_raised_at=raised)
    said = answering.promise()
    expected, rows = set(), list(graded())
    for lead in rows:
        since = max(filter(None, (lead.changes.latest("seq").at, lead.hand_raised_at)))
        minutes = said.minutes["hand" if lead.hand_raised_at else lead.grade_now]
        if said.clock.add_minutes(since, minutes) <= NOON:
            expected.add(lead.pk)
    assert 0 < len(expected) < len(rows)
    assert late(NOON) == expected
    assert {pk for pk, due in answering.due(graded()).items() if due <= NOON} == expected


def test_the_latest_moment_is_where_the_clock_run_forwards_arrives():
    clock = calendars.Clock(calendars.Hours("Europe/Moscow", [[["09:00", "18:00"]]] * 5 + [[], []]))
    for minutes in (1, 59, 480, 540, 541, 2000):
        for hours in range(0, 200, 7):
            at = NOON + timedelta(hours=hours)
            before = clock.tally(at - timedelta(days=60), at).before(at, minutes)
            assert clock.add_minutes(before, minutes) <= at
            assert clock.add_minutes(before + timedelta(seconds=1), minutes) > at
    assert clock.tally(NOON, NOON).before(NOON - timedelta(days=1), 5) is None


def test_the_queue_shows_and_narrows_and_today_counts(marketer, cast):
    now = timezone.now()
    old, fresh = mql(cast, at=now - timedelta(days=20), grade="A"), mql(cast, at=now, grade="A")
    rows = {row["id"]: row["answer"] for row in marketer.get("/desk/?queue=mql").context["table"].rows}
    assert rows[old.pk] < now < rows[fresh.pk]
    assert [row["id"] for row in marketer.get("/desk/?queue=mql&answer=late").context["table"].rows] == [
        old.pk
    ]
    both = {row["id"] for row in marketer.get("/desk/?queue=mql&answer=owed").context["table"].rows}
    assert both == {old.pk, fresh.pk}
    found = {need.href: need.what for need in needs.of_marketing(cast.marketer, now)}
    assert found["/desk/?queue=mql&answer=late"] == "1 answer of the desk is overdue"
    assert "Answer by" in marketer.get(f"/leads/{old.pk}/complete/").content.decode()
    marketer.post(f"/leads/{old.pk}/talk/", {"kind": "call", "outcome": "missed"})
    assert marketer.get("/desk/?queue=mql&answer=late").context["table"].rows == []


def test_who_asked_and_waits_too_long_is_an_exception(cast):
    now = timezone.now()
    long_ago = now - timedelta(days=20)
    waits = mql(cast, at=long_ago, hand_raised_at=long_ago, contact=make.contact("Waits"))
    mql(cast, at=long_ago, contact=make.contact("Did not ask"))
    mql(cast, at=now, hand_raised_at=now, contact=make.contact("In time"))

    def told(user, **query):
        return [
            (one["name"], one["page"])
            for one in Api(user).get("/reports/exceptions/", kind="unanswered", **query)[1]
        ]

    assert told(cast.marketer) == told(cast.sales_head) == [("Waits", f"/leads/{waits.pk}/")]
    assert told(cast.rep) == []
    Agreement.objects.update(desk_minutes={})
    answering.AGREED.forget()
    assert told(cast.marketer) == []


def test_the_queue_costs_the_same_with_one_and_with_three(marketer, cast):
    same_queries(marketer, "/desk/?queue=mql&answer=late", lambda: mql(cast))


def test_the_term_in_drafts(cast):
    api = Api(cast.manager)
    good = {"A": 30, "B": 60, "C": 120, "D": 240, "hand": 15}
    assert api.post("/agreements/", {"desk_minutes": good})[1]["desk_minutes"] == good
    assert api.post("/agreements/", {"desk_minutes": {}})[1]["desk_minutes"] == {}
    assert api.post("/agreements/", {})[1]["desk_minutes"] == in_force().desk_minutes
    for wrong in ({"A": 5}, {**good, "inquiry": 5}, {**good, "A": 500}, dict.fromkeys(good, 0)):
        status, told = api.post("/agreements/", {"desk_minutes": wrong})
        assert (status, {name.split(".")[0] for name in told["errors"]}) == (400, {"desk_minutes"}), wrong
