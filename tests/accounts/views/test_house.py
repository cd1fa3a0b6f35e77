"""Teams, calendars, the organisation and the own account."""

from datetime import date

import pytest
from django.utils import timezone

from accounts import organisation, tokens
from accounts.models import ApiToken, CalendarDay, Organisation, Region, Segment, Team, WorkingCalendar
from pipeline.models import ExchangeRate
from tests import cast as make
from tests.pages import same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.admin)
    return client


# -- teams -------------------------------------------------------------------------------------------------
def test_teams_cost_the_same_with_more_rows(admin, cast):
    def add():
        Team.objects.create(
            name=f"T{Team.objects.count()}", track="sales", head=cast.manager, region=make.region()
        )

    same_queries(admin, "/teams/", add)


def test_a_teams_page_costs_the_same_with_more_people(admin, cast):
    def add():
        make.person(f"p{timezone.now().timestamp()}", "sales", team=cast.rep.team)

    same_queries(admin, f"/teams/{cast.rep.team_id}/", add)


def test_a_team_is_made_and_changed(admin, cast):
    assert admin.post("/teams/new/", {"name": "", "track": "sales"}).status_code == 422
    assert (
        admin.post("/teams/new/", {"name": "East", "track": "sales", "head": cast.manager.pk}).status_code
        == 302
    )
    east = Team.objects.get(name="East")
    assert admin.get(f"/teams/{east.pk}/edit/").status_code == 200
    assert admin.post(f"/teams/{east.pk}/edit/", {"name": "Far East", "track": "sales"}).status_code == 302
    east.refresh_from_db()
    assert (east.name, east.head) == ("Far East", None)


# -- calendars ---------------------------------------------------------------------------------------------
WEEK = {"name": "Beijing", "zone": "Asia/Shanghai", "country": "CN"} | {
    f"day{number}": "9:00-12:00, 13:00 – 18:00" for number in range(5)
}


def test_a_calendar_is_made_with_its_holidays(admin):
    assert admin.get("/calendars/new/").status_code == 200
    assert admin.post("/calendars/new/", WEEK).status_code == 302
    made = WorkingCalendar.objects.get(name="Beijing")
    assert made.hours == [[["09:00", "12:00"], ["13:00", "18:00"]]] * 5 + [[], []]
    assert made.days.filter(day__year=timezone.now().year, hours=[]).exists()
    WorkingCalendar.objects.filter(pk=made.pk).update(
        country="UK"
    )  # as it was kept once: a second code of GB
    page = admin.get(f"/calendars/{made.pk}/", HTTP_ACCEPT_LANGUAGE="ru")
    told = dict(page.context["form"].fields["country"].choices)
    assert (told["CN"], told["AT"], told["UK"]) == ("Китай", "Австрия", "UK")
    assert len(set(told.values())) == len(told)  # once each
    assert not {"CHN", "RUS"} & set(told)
    assert list(told)[2:5] == ["AU", "AT", "AZ"]  # by name
    page = admin.get(f"/calendars/{made.pk}/")
    assert b"09:00\xe2\x80\x9312:00, 13:00\xe2\x80\x9318:00" in page.content


@pytest.mark.parametrize(
    "change, field",
    [
        ({"day0": "nine to five"}, "day0"),
        ({"day0": "12:00-9:00"}, "day0"),
        ({"day0": "9:00-12:00, 11:00-13:00"}, "day0"),
        ({"day0": "9:00-25:00"}, "day0"),
        ({"zone": "Mars/Phobos"}, "zone"),
        ({"country": "XX"}, "country"),
        ({f"day{number}": "" for number in range(5)}, "__all__"),
        ({"name": "Office"}, "name"),
    ],
)
def test_an_impossible_calendar_answers_422(change, field, admin):
    answer = admin.post("/calendars/new/", {**WEEK, **change})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}


def test_special_days_by_hand(admin):
    office = WorkingCalendar.objects.get(name="Office")
    path = f"/calendars/{office.pk}/days/"
    assert admin.post(path, {"day": "2026-12-24", "name": "Eve", "hours": "9-12"}).status_code == 422
    assert admin.post(path, {"day": "2099-12-24", "name": "Eve", "hours": "9:00-12:00"}).status_code == 302
    assert admin.post(path, {"day": "2099-12-24"}).status_code == 422
    day = CalendarDay.objects.get()
    assert (day.day, day.hours) == (date(2099, 12, 24), [["09:00", "12:00"]])
    assert b"Eve" in admin.get(f"/calendars/{office.pk}/").content
    assert (
        "<h1>办公时间</h1>"
        in admin.get(f"/calendars/{office.pk}/", headers={"accept-language": "zh-hans"}).content.decode()
    )
    assert admin.post(f"{path}{day.pk}/delete/").status_code == 302
    assert not CalendarDay.objects.exists()


def test_others_read_a_calendar_and_change_nothing(client, cast):
    client.force_login(cast.rep)
    office = WorkingCalendar.objects.get(name="Office")
    assert b"09:00" in client.get(f"/calendars/{office.pk}/").content
    client.post(f"/calendars/{office.pk}/", WEEK)
    assert WorkingCalendar.objects.get() == office
    assert client.post(f"/calendars/{office.pk}/days/", {}).status_code == 403


# -- the organisation --------------------------------------------------------------------------------------
HOUSE = {
    "name": "Firm",
    "currency": "CNY",
    "zone": "Asia/Shanghai",
    "language": "zh-hans",
    "week_start": "0",
    "fiscal_year_start": "4",
    "level": "3",
    "lookback_days": "180",
    "half_life_days": "7",
    "markov_order": "2",
    "renewal_days": "60",
    "usage_days": "730",
    "discount_percent": "10",
    "site_url": "",
}


def test_the_settings_hold_at_once(admin):
    assert admin.get("/organisation/").status_code == 200
    assert admin.post("/organisation/", HOUSE).status_code == 302
    now = organisation.current()
    assert (now.name, now.currency, now.zone, now.fiscal_year_start, now.level) == (
        "Firm",
        "CNY",
        "Asia/Shanghai",
        4,
        3,
    )


@pytest.mark.parametrize(
    "change, field",
    [
        ({"currency": "yuan"}, "currency"),
        ({"zone": "x"}, "zone"),
        ({"fiscal_year_start": "13"}, "fiscal_year_start"),
        ({"markov_order": "4"}, "markov_order"),
    ],
)
def test_impossible_settings_answer_422(change, field, admin):
    answer = admin.post("/organisation/", {**HOUSE, **change})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert Organisation.objects.get().name == "Tandem"


def test_the_report_currency_stays_once_money_is_recorded(admin):
    ExchangeRate.objects.create(currency="USD", on=date(2026, 1, 1), rate=1)
    assert admin.post("/organisation/", HOUSE).status_code == 422
    assert admin.post("/organisation/", {**HOUSE, "currency": "EUR"}).status_code == 302


def test_segments_and_regions_are_added(admin):
    assert admin.post("/organisation/segments/", {"segments-name": "Small firms"}).status_code == 302
    assert admin.post("/organisation/segments/", {"segments-name": "small firms"}).status_code == 422
    assert admin.post("/organisation/regions/", {"regions-name": "华东"}).status_code == 302
    east = Region.objects.get()
    fields = {"regions-name": "上海", "regions-parent": east.pk}
    assert admin.post("/organisation/regions/", fields).status_code == 302
    assert (Segment.objects.get().code, east.code) == ("small-firms", "华东")


# -- the own account ---------------------------------------------------------------------------------------
def test_people_choose_their_language_and_zone(client, cast):
    client.force_login(cast.rep)
    fields = {
        "full_name": "Rita Rep",
        "language": "ru",
        "zone": "Europe/Moscow",
        "role": "admin",
        "email": "x@y.z",
    }
    assert client.post("/account/", fields).status_code == 302
    cast.rep.refresh_from_db()
    kept = (cast.rep.full_name, cast.rep.language, cast.rep.zone, cast.rep.role, cast.rep.email)
    assert kept == ("Rita Rep", "ru", "Europe/Moscow", "sales", "rep@tandem.example")
    assert client.post("/account/", {**fields, "zone": "Moon"}).status_code == 422


def test_a_token_is_shown_once(client, cast):
    client.force_login(cast.rep)
    answer = client.post("/account/tokens/", {"name": "Robot", "scopes": ["read", "write"], "days": "90"})
    secret = answer.context["secret"]
    assert secret.encode() in answer.content
    assert answer["Cache-Control"].startswith("max-age=0") or "no-store" in answer["Cache-Control"]
    token = ApiToken.objects.get()
    assert token.digest == tokens.digest(secret)
    assert 89 <= (token.expires_at - timezone.now()).days <= 90
    page = client.get("/account/")
    assert b"Robot" in page.content
    assert secret.encode() not in page.content
    assert client.post("/account/tokens/", {"name": "", "scopes": ["root"]}).status_code == 422


def test_a_token_is_revoked_by_its_owner_or_an_administrator(client, cast):
    made = [tokens.issue(cast.rep, "x", ["read"], timezone.now())[0] for _time in range(2)]
    client.force_login(cast.teammate)
    assert client.post(f"/account/tokens/{made[0].pk}/revoke/").status_code == 404
    client.force_login(cast.rep)
    assert client.post(f"/account/tokens/{made[0].pk}/revoke/").status_code == 302
    client.force_login(cast.admin)
    assert client.post(f"/account/tokens/{made[1].pk}/revoke/").status_code == 302
    assert not tokens.living(timezone.now()).exists()


def test_an_administrator_issues_tokens_for_machines(admin, cast):
    fields = {"name": "Website", "scopes": ["capture"], "days": ""}
    assert admin.post(f"/people/{cast.service.pk}/tokens/", fields).status_code == 200
    token = ApiToken.objects.get()
    assert (token.user, token.scopes, token.expires_at) == (cast.service, ["capture"], None)
    assert b"Website" in admin.get(f"/people/{cast.service.pk}/").content


# -- the first page ----------------------------------------------------------------------------------------
def test_everybody_is_led_somewhere(client, cast):
    for user in cast.everybody().values():
        client.force_login(user)
        answer = client.get("/")
        assert answer.status_code == 302
        assert "/login/" not in answer["Location"]
