"""The working-time clock against a naive oracle that walks minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.calendars import AROUND_THE_CLOCK, Clock, Hours, NoWorkingTime, clock_for, clocks_for, spans
from accounts.models import CalendarDay, WorkingCalendar
from accounts.models.calendars import OFFICE_HOURS

MINUTE = timedelta(minutes=1)
PLAIN = [[["09:00", "18:00"]]] * 5 + [[], []]
ZONES = [
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Shanghai", "Europe/Moscow",
    "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Asia/Kathmandu", "Africa/Casablanca",
]  # fmt: skip
# around the nights on which clocks change, and the day that Apia never had
NIGHTS = [
    datetime(2026, 3, 28), datetime(2026, 10, 24), datetime(2026, 3, 7), datetime(2026, 10, 31),
    datetime(2026, 4, 4), datetime(2026, 10, 3), datetime(2011, 12, 29), datetime(2026, 6, 10),
    datetime(2026, 2, 14), datetime(2026, 3, 21),
]  # fmt: skip


def local(zone, *when, fold=0):
    return datetime(*when, tzinfo=ZoneInfo(zone), fold=fold)


# -- the oracle ------------------------------------------------------------------------------------------
def works(hours, at):
    """Whether the wall clock at `at` lies within the hours."""
    wall = at.astimezone(ZoneInfo(hours.zone)).replace(tzinfo=None)
    day = hours.special.get(wall.date(), hours.hours[wall.weekday()])
    return any(_clock(first) <= (wall.hour, wall.minute) < _clock(last) for first, last in day)


def _clock(text):
    """ "09:30" as (9, 30)."""
    return int(text[:2]), int(text[3:])


def naive_add(hours, start, minutes):
    at = start
    while minutes:
        minutes -= works(hours, at)
        at += MINUTE
    return at


def naive_between(hours, start, end):
    return sum(works(hours, start + n * MINUTE) for n in range(int((end - start) / MINUTE)))


@st.composite
def a_day(draw):
    edges = sorted(set(draw(st.lists(st.integers(0, 96), min_size=0, max_size=4))))
    text = [f"{edge // 4:02}:{edge % 4 * 15:02}" for edge in edges]
    return [[first, last] for first, last in zip(text[::2], text[1::2], strict=False)]


@st.composite
def some_hours(draw, start):
    special = draw(st.dictionaries(st.integers(0, 4), a_day(), max_size=2))
    week = draw(st.lists(a_day(), min_size=7, max_size=7).filter(any))
    days = {start.date() + timedelta(days=n): hours for n, hours in special.items()}
    return Hours(draw(st.sampled_from(ZONES)), week, days)


@st.composite
def cases(draw):
    start = draw(st.sampled_from(NIGHTS)).replace(tzinfo=UTC) + draw(st.integers(0, 3000)) * MINUTE
    return draw(some_hours(start)), start


@given(cases(), st.integers(0, 5000))
def test_minutes_between_is_what_walking_counts(case, length):
    hours, start = case
    end = start + length * MINUTE
    assert Clock(hours).minutes_between(start, end) == naive_between(hours, start, end)


@given(cases(), st.integers(0, 4000), st.integers(0, 4000))
def test_a_tally_says_what_the_clock_says(case, first, second):
    hours, start = case
    clock, since, until = Clock(hours), start + first * MINUTE, start + second * MINUTE
    assert clock.tally(start, start + 4000 * MINUTE).between(since, until) == pytest.approx(
        clock.minutes_between(since, until)
    )


@given(cases(), st.integers(0, 300))
def test_add_minutes_is_where_walking_ends(case, minutes):
    hours, start = case
    assert Clock(hours).add_minutes(start, minutes) == naive_add(hours, start, minutes)


@given(cases(), st.integers(0, 2000), st.integers(0, 2000))
def test_properties(case, first, second):
    hours, start = case
    clock = Clock(hours)
    due = clock.add_minutes(start, first + second)
    assert clock.add_minutes(clock.add_minutes(start, first), second) == due, "additive"
    assert clock.add_minutes(start, first) <= due, "monotone"
    assert clock.minutes_between(start, due) == first + second, "inverse"
    assert due == start or works(hours, due - MINUTE), "ends within the hours"


# -- cases -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "zone, start, minutes, due",
    [
        ("Europe/Berlin", (2026, 6, 12, 17, 59), 120, (2026, 6, 15, 10, 59)),  # Friday evening
        ("Europe/Berlin", (2026, 6, 12, 17, 0), 60, (2026, 6, 12, 18, 0)),
        ("Europe/Berlin", (2026, 6, 13, 3, 0), 60, (2026, 6, 15, 10, 0)),  # Saturday night
        ("Europe/Berlin", (2026, 3, 27, 17, 0), 120, (2026, 3, 30, 10, 0)),  # the clocks go forward between
        ("Europe/Berlin", (2026, 10, 23, 17, 0), 120, (2026, 10, 26, 10, 0)),  # and back
        ("America/New_York", (2026, 3, 6, 17, 0), 120, (2026, 3, 9, 10, 0)),
        ("America/New_York", (2026, 10, 30, 17, 0), 120, (2026, 11, 2, 10, 0)),
        ("Asia/Kolkata", (2026, 6, 12, 17, 45), 30, (2026, 6, 15, 9, 15)),
        ("Pacific/Apia", (2011, 12, 29, 17, 0), 120, (2012, 1, 2, 10, 0)),  # Friday the 30th never was
    ],
)
def test_office_hours(zone, start, minutes, due):
    assert Clock(Hours(zone, PLAIN)).add_minutes(local(zone, *start), minutes) == local(zone, *due)


@pytest.mark.parametrize("day, hours", [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 6, 10), 24)])
def test_a_day_around_the_clock_is_as_long_as_it_is(day, hours):
    """The trap: 24 hours later by the wall clock of Berlin is 23 or 25 hours later."""
    clock = Clock(Hours("Europe/Berlin", [[["00:00", "24:00"]]] * 7))
    start = local("Europe/Berlin", *day)
    tomorrow = local("Europe/Berlin", *day[:2], day[2] + 1)
    assert clock.minutes_between(start, tomorrow) == hours * 60


def test_an_hour_that_comes_twice_is_worked_twice_and_one_that_never_comes_never():
    night = Hours("Europe/Berlin", [[["02:00", "03:00"]]] * 7)
    whole = [
        (local("Europe/Berlin", *day), local("Europe/Berlin", *day, 23))
        for day in ((2026, 10, 25), (2026, 3, 29))
    ]
    assert [Clock(night).minutes_between(*ends) for ends in whole] == [120, 0]


def test_lunch_and_seconds():
    clock = Clock(Hours("UTC", OFFICE_HOURS))
    start = datetime(2026, 6, 10, 12, 29, 30, tzinfo=UTC)
    assert clock.add_minutes(start, 1) == datetime(2026, 6, 10, 13, 30, 30, tzinfo=UTC)
    assert clock.minutes_between(start, datetime(2026, 6, 10, 13, 30, 15, tzinfo=UTC)) == 0.75


def test_backwards_is_nothing():
    at = datetime(2026, 6, 10, 12, tzinfo=UTC)
    assert AROUND_THE_CLOCK.minutes_between(at, at - timedelta(hours=1)) == 0
    with pytest.raises(ValueError, match="forwards"):
        AROUND_THE_CLOCK.add_minutes(at, -1)


def test_a_week_of_holidays_is_stepped_over():
    golden = {date(2026, 10, day): [] for day in range(1, 9)} | {date(2026, 10, 10): [["09:00", "18:00"]]}
    clock = Clock(Hours("Asia/Shanghai", PLAIN, golden))
    eve = local("Asia/Shanghai", 2026, 9, 30, 17, 30)
    assert clock.add_minutes(eve, 60) == local("Asia/Shanghai", 2026, 10, 9, 9, 30)
    assert clock.add_minutes(eve, 60 + 9 * 60) == local("Asia/Shanghai", 2026, 10, 10, 9, 30), (
        "a moved Saturday"
    )


def test_a_calendar_that_never_works_again_says_so():
    start = datetime(2026, 6, 10, tzinfo=UTC)
    never = {start.date() + timedelta(days=n): [] for n in range(800)}
    with pytest.raises(NoWorkingTime):
        Clock(Hours("UTC", PLAIN, never)).add_minutes(start, 1)
    assert Clock(Hours("UTC", PLAIN, never)).minutes_between(start, start + timedelta(days=700)) == 0


def test_a_calendar_without_hours_runs_day_and_night():
    start = datetime(2026, 6, 13, tzinfo=UTC)
    assert Clock(Hours("UTC", [[]] * 7)).add_minutes(start, 90) == start + timedelta(minutes=90)


def test_is_working():
    clock = Clock(Hours("Europe/Berlin", PLAIN))
    assert clock.is_working(local("Europe/Berlin", 2026, 6, 10, 9))
    assert not clock.is_working(local("Europe/Berlin", 2026, 6, 10, 18))


def test_many():
    clock = Clock(Hours("UTC", PLAIN))
    start = datetime(2026, 6, 10, 10, tzinfo=UTC)
    assert clock.add_minutes_many([(start, 60), (start, 30)]) == [
        start + timedelta(minutes=n) for n in (60, 30)
    ]


@pytest.mark.parametrize(
    "hours",
    [[["9", "10:00"]], [["10:00", "09:00"]], [["09:00", "12:00"], ["11:00", "13:00"]], [["09:00", "24:01"]]],
)
def test_hours_that_are_none(hours):
    with pytest.raises(ValueError, match=r"hours of one day|time data"):
        spans(hours)


# -- whose clock -----------------------------------------------------------------------------------------
@pytest.fixture
def calendar(cast):
    made = WorkingCalendar.objects.create(name="Night", zone="UTC", hours=[[["20:00", "24:00"]]] * 7)
    CalendarDay.objects.create(calendar=made, day=date(2026, 6, 10), name="Feast")
    cast.rep.team.calendar = made
    cast.rep.team.save()
    return made


def test_the_clock_of_a_user_is_the_teams(cast, calendar):
    noon = datetime(2026, 6, 10, 12, tzinfo=UTC)
    due = datetime(2026, 6, 11, 21, tzinfo=UTC)
    assert clock_for(cast.rep).add_minutes(noon, 60) == due
    assert clock_for(cast.rep.team).add_minutes(noon, 60) == due


def test_without_a_team_or_calendar_the_house_clock_runs(cast, calendar):
    saturday = datetime(2026, 6, 13, 12, tzinfo=UTC)
    for who in (cast.admin, cast.other_rep, None):
        assert clock_for(who).add_minutes(saturday, 60) == datetime(2026, 6, 15, 10, tzinfo=UTC)


def test_clocks_of_many_cost_the_same(cast, calendar, django_assert_num_queries):
    noon = datetime(2026, 6, 9, 12, tzinfo=UTC)
    people = [cast.rep.pk, cast.teammate.pk, cast.other_rep.pk, 0]
    with django_assert_num_queries(5):
        clocks = clocks_for(people)
    assert clocks[cast.rep.pk] is clocks[cast.teammate.pk]
    dues = [clocks[pk].add_minutes(noon, 60).hour for pk in people]
    assert dues == [21, 21, 14, 14]
