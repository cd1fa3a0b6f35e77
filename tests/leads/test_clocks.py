"""Clocks that are fair: a fair's leads wait for its end, machine, desk and sales are told apart, holidays are recalled."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from accounts.calendars import Clock
from accounts.models import CalendarDay, WorkingCalendar
from leads import agreement, assignment, capture, delays, handoffs, notices, ownership, timeline
from leads.models import Handoff, Lead, Notice, ReturnReason
from leads.notices import texts
from leads.terms import in_force
from pipeline import fairs
from pipeline.channels import FAIRS, Channel
from tests.cast import NOON, campaign, lead
from tests.leads.ready import accepted, offered, ready

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 6, 12)


@pytest.fixture(autouse=True)
def office(cast):
    """Nine to six with an hour of lunch in UTC; the Tuesday after the fair is a holiday, the Saturday after works."""
    calendar = WorkingCalendar.objects.create(name="Booth", zone="UTC")
    CalendarDay.objects.create(calendar=calendar, day=date(2026, 6, 16), hours=[])
    CalendarDay.objects.create(calendar=calendar, day=date(2026, 6, 13), hours=[["10:00", "12:00"]])
    for team in (cast.rep.team, cast.other_rep.team):
        team.calendar = calendar
        team.save()
    yield Clock(calendar)
    assert ownership.recount() == []


def naive(clock, start, minutes):
    """Count working minutes one by one."""
    at = start
    while minutes:
        minutes -= clock.is_working(at)
        at += timedelta(minutes=1)
    return at


@pytest.mark.parametrize("channel", Channel)
def test_only_a_fairs_leads_wait_until_a_working_day_after_its_end(cast, office, channel):
    fair = campaign(channel=channel, ends_on=FRIDAY)
    one = ready(by=cast.marketer, grade="B", campaign=fair)
    handoff = offered(one)
    start = NOON
    if channel in FAIRS:
        start = naive(office, datetime(2026, 6, 13, tzinfo=UTC), 480)
        assert start.date() == date(2026, 6, 15)  # two hours of the Saturday, six of the Monday
    assert handoff.answer_due_at == naive(office, start, 240)
    at = NOON + timedelta(minutes=5)
    handoff = handoffs.accept(handoff.pk, by=handoff.rep, at=at)
    assert handoff.contact_due_at == naive(office, max(start, at), 480)
    assert handoff.protected_until == max(start, at) + timedelta(days=in_force().protection_days)


@pytest.mark.parametrize(
    ("first", "waits"), [(date(2026, 5, 30), True), (date(2026, 5, 29), False), (None, True)]
)
def test_a_series_of_events_is_no_fair(cast, office, first, waits):
    """What lasts two weeks is a fair; the leads of a longer roadshow are called while it runs, by each of the clocks."""
    fair = campaign(channel=Channel.OWN_EVENT, starts_on=first, ends_on=FRIDAY)
    one = ready(by=cast.marketer, grade="B", campaign=fair)
    start = naive(office, datetime(2026, 6, 13, tzinfo=UTC), 480) if waits else NOON
    assert offered(one).answer_due_at == naive(office, start, 240)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {fairs.last_day_of('c')} FROM pipeline_campaign c WHERE c.id = %s", [fair.pk])
        assert cursor.fetchone()[0] == (FRIDAY if waits else None) == fairs.last_day(fair)
    assert Lead.objects.filter(fairs.of("campaign")).exists() is waits


def test_after_the_fair_and_without_an_end_the_clocks_start_at_once(cast, office):
    over = campaign(channel=Channel.EXHIBITION, ends_on=date(2026, 6, 5))
    endless = campaign(channel=Channel.EXHIBITION)
    for one in (ready(by=cast.marketer, campaign=over), ready(by=cast.marketer, campaign=endless)):
        assert offered(one).answer_due_at == naive(office, NOON, 240)


def test_a_fairs_lead_by_hand_and_an_own_find_wait_as_well(cast, office):
    fair = campaign(channel=Channel.WEBINAR, ends_on=FRIDAY)
    start = naive(office, datetime(2026, 6, 13, tzinfo=UTC), 480)
    one = ready(by=cast.marketer, grade="C", campaign=fair)
    handoffs.offer(one.pk, to=cast.rep, by=cast.manager, at=NOON)
    assert Handoff.objects.get(lead=one).answer_due_at == naive(office, start, 480)
    found = lead(channel=Channel.SALES_OWN, campaign=fair, grade="C")
    handoffs.own_find(found.pk, by=cast.rep, at=NOON)
    assert Handoff.objects.get(lead=found).contact_due_at == naive(office, start, 960)


def test_one_run_deals_with_fairs_and_others_side_by_side(cast, office):
    fair = campaign(channel=Channel.OWN_EVENT, ends_on=FRIDAY)
    made = [ready(by=cast.marketer, grade=grade, campaign=where) for grade in "AB" for where in (fair, None)]
    assert assignment.assign_due(at=NOON) == 4
    start = naive(office, datetime(2026, 6, 13, tzinfo=UTC), 480)
    minutes = {"A": 60, "B": 240}
    for one in made:
        begin = start if one.campaign else NOON
        assert Handoff.objects.get(lead=one).answer_due_at == naive(office, begin, minutes[one.grade])


def test_clocks_follow_a_fair_whose_last_day_is_put_off(cast, office):
    """Of offers and of acceptances, by the next sweep and before anything runs out; back when it is put right, and no other lead's."""
    fair = campaign(channel=Channel.EXHIBITION, ends_on=FRIDAY)
    waits, taken, tried, _other = (
        ready(by=cast.marketer, grade="B", campaign=where) for where in (fair, fair, fair, None)
    )
    assert assignment.assign_due(at=NOON) == 4
    for one in (taken, tried):
        handoff = Handoff.objects.get(lead=one)
        handoffs.accept(handoff.pk, by=handoff.rep, at=NOON)
    Handoff.objects.filter(lead=tried).update(contacted_at=NOON)

    def dues():
        rows = Handoff.objects.values_list("lead", "answer_due_at", "contact_due_at")
        return {lead: (answer, contact) for lead, answer, contact in rows}

    def protected():
        return Handoff.objects.get(lead=taken).protected_until

    before, until, days = dues(), protected(), timedelta(days=in_force().protection_days)
    start = naive(office, datetime(2026, 6, 20, tzinfo=UTC), 480)
    fair.ends_on = date(2026, 6, 19)
    fair.save()
    assert handoffs.expire_due(at=before[waits.pk][0]) == 2 + 1  # the other lead's offer ran out meanwhile
    after = dues()
    assert after[waits.pk] == (naive(office, start, 240), None)
    assert after[taken.pk] == (before[taken.pk][0], naive(office, start, 480))
    assert after[tried.pk] == before[tried.pk]
    assert protected() == start + days
    assert Handoff.objects.filter(ended_at=None).count() == 3
    assert handoffs.expire_due(at=before[waits.pk][0]) == 0
    # Put right, or no fair any more: as the agreement has it, and from now on where that is over.
    fair.ends_on = FRIDAY
    fair.save()
    handoffs.expire_due(at=NOON)
    assert (dues(), protected()) == (before, until)
    fair.ends_on = date(2027, 6, 19)
    fair.save()
    handoffs.expire_due(at=NOON)
    assert dues()[waits.pk][0] > NOON + timedelta(days=365)
    late = datetime(2026, 6, 24, 10, tzinfo=UTC)
    fair.channel = Channel.EMAIL
    fair.save()
    for at in (late, late + timedelta(minutes=5)):
        handoffs.expire_due(at=at)
        now = dues()
        assert now[waits.pk][0] == naive(office, late, 240)
        assert now[taken.pk][1] == naive(office, late, 480)
        assert now[tried.pk] == before[tried.pk]
        assert protected() == late + days


# -- whose delay ---------------------------------------------------------------------------------------
def test_machine_desk_and_sales_are_told_apart(client, cast, office):
    nine = datetime(2026, 6, 10, 9, tzinfo=UTC)
    one = ready(by=cast.marketer)
    at = {minutes: nine + timedelta(minutes=minutes) for minutes in (0, 5, 65, 75, 105)}
    Lead.objects.filter(pk=one.pk).update(captured_at=at[0], mql_at=at[5], ready_at=at[65], route_at=at[75])
    handoff = accepted(one, at[75])
    found = Lead.objects.get(pk=one.pk)
    told = delays.of(found, timeline.handoffs(found), at[105])
    assert (told.system, told.desk, told.sales, told.runs) == (15, 60, 30, True)
    day_after = nine + timedelta(days=1)
    capture.log_touch(found.contact, "mail", by=cast.rep, at=at[105], outbound=True, automatic=True)
    assert delays.of(found, timeline.handoffs(found), at[105]).runs
    capture.log_touch(found.contact, "call", by=handoff.rep, at=day_after, outbound=True, reached=False)
    told = delays.of(found, timeline.handoffs(found), day_after + timedelta(days=9))
    assert (told.system, told.desk, told.sales, told.runs) == (15, 60, 480 - 75, False)
    client.force_login(cast.marketer)
    page = client.get(f"/leads/{one.pk}/").content.decode()
    assert "Working time until the first attempt" in page
    assert delays.of(lead(), [], NOON) is None


def test_what_sales_returned_is_the_desks_again_and_sleep_is_nobodys(cast, office):
    nine = datetime(2026, 6, 10, 9, tzinfo=UTC)

    def after(minutes):
        return nine + timedelta(minutes=minutes)

    one = ready(by=cast.marketer, at=nine)
    first = accepted(one, nine)
    bad, later = (ReturnReason.objects.get(code=code) for code in ("bad_data", "not_ready"))
    handoffs.return_lead(first.pk, reason=bad, by=first.rep, at=after(10))
    agreement.make_ready([one.pk], actor=cast.marketer, at=after(70))
    second = accepted(one, after(75))
    handoffs.return_lead(second.pk, reason=later, by=second.rep, at=after(90), wake_at=after(120))
    agreement.wake_due(10, after(120))
    agreement.make_ready([one.pk], actor=cast.marketer, at=after(150))
    third = accepted(one, after(160))
    found = Lead.objects.get(pk=one.pk)
    told = delays.of(found, timeline.handoffs(found), after(165))
    assert (told.system, told.desk, told.sales, told.runs) == (5 + 10, 60 + 30, 10 + 15 + 5, True)
    assert third.rep

    fair = campaign(channel=Channel.EXHIBITION, ends_on=FRIDAY)  # its clock starts on Monday at four
    one = ready(by=cast.marketer, at=nine, campaign=fair)
    handoff = offered(one, nine)
    found = Lead.objects.get(pk=one.pk)
    assert delays.of(found, [handoff], datetime(2026, 6, 15, 16, tzinfo=UTC)).sales == 0
    assert delays.of(found, [handoff], datetime(2026, 6, 17, 10, tzinfo=UTC)).sales == 120 + 60


# -- the yearly reminder -------------------------------------------------------------------------------
def test_administrators_are_reminded_once_a_year_of_next_years_holidays(cast):
    china = WorkingCalendar.objects.create(name="上海", zone="Asia/Shanghai", country="CN")
    russia = WorkingCalendar.objects.create(name="Москва", zone="Europe/Moscow", country="RU")
    assert notices.remind_due(at=datetime(2026, 11, 30, 12, tzinfo=UTC)) == 0
    december = datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert notices.remind_due(at=december) == 2
    assert notices.remind_due(at=december + timedelta(days=20)) == 0
    told = Notice.objects.filter(kind="calendar").order_by("subject")
    assert {notice.user for notice in told} == {cast.admin}
    assert {notice.path for notice in told} == {f"/calendars/{one.pk}/" for one in (china, russia)}
    days = russia.days.filter(day__year=2027).count()
    assert days > 10
    said = texts.text("calendar", told.get(subject=f"calendar:{russia.pk}:2027").facts)
    assert said == f"Check the holidays and moved working days of 2027 in “Москва”: {days} are entered"
    assert notices.remind_due(at=datetime(2027, 12, 2, 12, tzinfo=UTC)) == 2


def test_without_an_administrator_nobody_is_reminded(cast):
    WorkingCalendar.objects.create(name="Paris", zone="Europe/Paris", country="FR")
    cast.admin.is_active = False
    cast.admin.save()
    assert notices.remind_due(at=datetime(2026, 12, 1, 12, tzinfo=UTC)) == 0
