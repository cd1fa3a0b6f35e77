"""Holidays and moved working days of countries, entered into calendars."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from accounts import holidays
from accounts.calendars import Clock
from accounts.models import CalendarDay, WorkingCalendar

MOVED_2026 = [date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))]


def test_china_moves_working_days():
    known = holidays.days("CN", 2026)
    assert [one.day for one in known if one.working] == MOVED_2026
    off = {one.day for one in known if not one.working}
    assert {date(2026, 2, day) for day in (16, 17, 18, 19, 20, 23)} <= off
    assert {date(2026, 10, day) for day in (1, 2, 5, 6, 7)} <= off


def test_russia_bridges_a_weekend():
    off = {one.day: one.name for one in holidays.days("RU", 2026, "ru") if not one.working}
    assert date(2026, 1, 9) in off
    assert off[date(2026, 5, 9)] == "День Победы"
    assert [one.day for one in holidays.days("RU", 2025) if one.working] == [date(2025, 11, 1)]


EU = [
    "AT",
    "BE",
    "BG",
    "HR",
    "CY",
    "CZ",
    "DK",
    "EE",
    "FI",
    "FR",
    "DE",
    "GR",
    "HU",
    "IE",
    "IT",
    "LV",
    "LT",
    "LU",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SK",
    "SI",
    "ES",
    "SE",
]


@pytest.mark.parametrize("country", EU)
def test_every_country_of_the_union_is_known(country):
    days = {one.day for one in holidays.days(country, 2026)}
    assert {date(2026, 1, 1), date(2026, 12, 25)} <= days


@pytest.mark.django_db
def test_filled_once_and_what_was_entered_by_hand_stays():
    calendar = WorkingCalendar.objects.create(name="北京", zone="Asia/Shanghai", country="CN")
    own = [["10:00", "12:00"]]
    CalendarDay.objects.create(calendar=calendar, day=date(2026, 2, 16), hours=own)
    new = holidays.fill(calendar, 2026)
    assert new == len(holidays.days("CN", 2026)) - 1
    assert holidays.fill(calendar, 2026) == 0
    assert calendar.days.get(day=date(2026, 2, 16)).hours == own
    assert calendar.days.get(day=date(2026, 2, 14)).hours == calendar.hours[0]


@pytest.mark.django_db
def test_the_clock_works_on_a_moved_saturday():
    calendar = WorkingCalendar.objects.create(name="北京", zone="Asia/Shanghai", country="CN")
    holidays.fill_ahead(calendar, date(2025, 12, 1))
    friday_evening = datetime(2026, 2, 13, 10, tzinfo=UTC)  # 18:00 in Beijing
    assert Clock(calendar).add_minutes(friday_evening, 60) == datetime(2026, 2, 14, 2, tzinfo=UTC)
    new_years_eve = datetime(2026, 2, 16, 2, tzinfo=UTC)
    assert Clock(calendar).add_minutes(new_years_eve, 60) == datetime(2026, 2, 24, 2, tzinfo=UTC)


@pytest.mark.django_db
def test_the_command(capsys):
    call_command("holidays", country="CN", year=2026, calendar="Office")
    assert "Office 2026: new special days: 28" in capsys.readouterr().out
    call_command("holidays", country="DE", year=2026)
    assert "No calendar has that country" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("holidays", country="XX", year=2026)
    with pytest.raises(CommandError):
        call_command("holidays", country="DE", calendar="None such")


@pytest.mark.django_db
def test_a_calendar_without_a_country_has_no_holidays():
    assert holidays.fill(WorkingCalendar.objects.get(name="Office"), 2026) == 0
