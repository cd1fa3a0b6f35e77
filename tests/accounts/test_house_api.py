"""Calendars, the organisation, its axes and saved views by the API: the same forms, the same permissions."""

from datetime import date

import pytest
from django.utils import timezone

from accounts import organisation
from accounts.models import CalendarDay, Organisation, Region, SavedView, Segment, WorkingCalendar
from leads.models import Agreement
from pipeline.models import ExchangeRate
from tests.api import READERS, Api, holding, who_may

pytestmark = pytest.mark.django_db
HEADS = {"admin", "marketing_head", "sales_head"}
WEEK = [[["9:00", "12:00"], ["13:00", "18:00"]]] * 5 + [[], []]


def test_calendars_and_their_days(cast):
    office = WorkingCalendar.objects.get(name="Office")
    path, numbers = f"/calendars/{office.pk}/", iter(range(20))
    assert who_may(cast, lambda api: api.get("/calendars/")[0], 200) == READERS
    assert who_may(cast, lambda api: api.patch(path, {"zone": "Europe/Berlin"})[0], 200) == HEADS
    name = lambda: {"name": f"C{next(numbers)}", "zone": "UTC"}  # noqa: E731
    assert who_may(cast, lambda api: api.post("/calendars/", name())[0], 201) == HEADS
    api = holding(cast.sales_head, "read", "write")
    status, row = api.post(
        "/calendars/", {"name": "Beijing", "zone": "Asia/Shanghai", "country": "CN", "hours": WEEK}
    )
    assert (status, row["hours"]) == (201, [[["09:00", "12:00"], ["13:00", "18:00"]]] * 5 + [[], []])
    mine = f"/calendars/{row['id']}/"
    days = api.get(f"{mine}days/")[1]
    assert {day["day"][:4] for day in days} == {str(timezone.now().year), str(timezone.now().year + 1)}
    assert {"working" if day["hours"] else "off" for day in days} == {"working", "off"}
    assert api.patch(mine, {"name": "Peking"})[1] == {**row, "name": "Peking"}, "what is not sent stays"
    assert api.patch(mine, {**row, "name": "Peking"})[0] == 200
    wrong = [
        ({"name": "Office"}, "name"), ({"zone": "Mars/Phobos"}, "zone"), ({"country": "XX"}, "country"),
        ({"hours": [[]] * 7}, ""), ({"hours": WEEK[:6]}, "hours"), ({"hours": "always"}, "hours"),
        ({"hours": [[["12:00", "9:00"]], *WEEK[1:]]}, "hours"), ({"hours": [[["nine", "five"]], *WEEK[1:]]}, "hours"),
        ({"hours": [[["9:00", "25:00"]], *WEEK[1:]]}, "hours"), ({"days": []}, "days"),
    ]  # fmt: skip
    for change, field in wrong:
        told = api.patch(mine, change)[1]["errors"]
        assert {name.partition(".")[0] for name in told} == {field}, told
    eve = {"day": "2099-12-24", "name": "Eve", "hours": [["9:00", "12:00"]]}
    assert who_may(cast, lambda api: api.get(f"{path}days/")[0], 200) == READERS
    assert Api(cast.rep).post(f"{path}days/", eve)[0] == 403
    status, day = api.post(f"{path}days/", eve)
    assert (status, day["hours"]) == (201, [["09:00", "12:00"]])
    assert set(api.post(f"{path}days/", eve)[1]["errors"]) == {"day"}, "entered already"
    assert set(api.post(f"{path}days/", {"hours": [["12:00", "9:00"]], "wait": 1})[1]["errors"]) == {"wait"}
    assert set(
        api.post(f"{path}days/", {**eve, "day": "2099-12-25", "hours": [["12:00", "9:00"]]})[1]["errors"]
    ) == {"hours"}
    assert Api(cast.rep).delete(f"{path}days/{day['id']}/")[0] == 403
    assert api.delete(f"{mine}days/{day['id']}/")[0] == 404, "of another calendar"
    assert api.delete(f"{path}days/{day['id']}/")[0] == 204
    assert not CalendarDay.objects.filter(calendar=office).exists()


def test_the_organisation_is_the_administrators(cast):
    assert who_may(cast, lambda api: api.get("/organisation/")[0], 200) == {"admin"}
    assert who_may(cast, lambda api: api.patch("/organisation/", {"level": 3})[0], 200) == {"admin"}
    api = holding(cast.admin, "read", "write")
    change = {
        "name": "Firm", "currency": "CNY", "zone": "Asia/Shanghai", "language": "zh-hans", "week_start": 6,
        "fiscal_year_start": 4, "level": 2, "lookback_days": 180, "tax_percent": "13.00", "discount_percent": "8.50",
        "word_first": True, "site_url": "https://firm.example", "renewal_days": 0, "usage_days": 400, "half_life_days": 9, "markov_order": 2,
    }  # fmt: skip
    status, row = api.patch("/organisation/", change)
    assert (status, {name: row[name] for name in change}) == (200, change)
    assert (organisation.current().name, organisation.current().currency) == ("Firm", "CNY")
    assert api.patch("/organisation/", row)[0] == 200
    tag = api.response.headers["ETag"]
    assert api.patch("/organisation/", {"level": 1}, if_match=tag)[0] == 200
    assert api.patch("/organisation/", {"level": 3}, if_match=tag)[0] == 412
    wrong = {
        "currency": "yuan", "zone": "x", "fiscal_year_start": 13, "markov_order": 4, "level": 4, "week_start": 7,
        "language": "xx", "tax_percent": "101", "discount_percent": "0", "name": "", "half_life_days": 0,
        "demo": True, "live_on": "2026-01-01", "setup_step": 3,
    }  # fmt: skip
    for name, value in wrong.items():
        assert set(api.patch("/organisation/", {name: value})[1]["errors"]) == {name}, name
    ExchangeRate.objects.create(currency="USD", on=date(2026, 1, 1), rate=1)
    assert set(api.patch("/organisation/", {"currency": "EUR"})[1]["errors"]) == {"currency"}
    assert who_may(
        cast, lambda api: api.post("/organisation/live/", {"shadow": True, "live_on": "2026-08-01"})[0], 200
    ) == {"admin"}
    assert (Organisation.objects.get().shadow, Organisation.objects.get().live_on) == (True, date(2026, 8, 1))
    way = {"preset": "accounts", "heads": 1}
    assert who_may(cast, lambda api: api.post("/organisation/preset/", way)[0], 200) == {"admin"}
    status, row = api.post("/organisation/preset/", way)
    assert (row["level"], row["agreement_changed"], Agreement.objects.get().protection_days) == (1, True, 90)
    assert set(api.post("/organisation/preset/", {"preset": "x", "heads": 3, "y": 1})[1]["errors"]) == {"y"}


def test_segments_and_regions_are_read_by_all_and_added_by_administrators(cast):
    for path in ("/segments/", "/regions/"):
        assert who_may(cast, lambda api, path=path: api.get(path)[0], 200) == READERS
        for name, user in cast.everybody().items():
            assert Api(user).post(path, {"name": f"Of {name}"})[0] == (201 if name == "admin" else 403)
    api = Api(cast.admin)
    status, east = api.post("/regions/", {"name": "华东"})
    assert (status, east["code"], east["parent"]) == (201, "华东", None)
    status, town = api.post("/regions/", {"name": "上海", "parent": east["id"]})
    assert (status, town["parent"]) == (201, east["id"])
    assert [row["id"] for row in api.get("/regions/", parent=east["id"])[1]["results"]] == [town["id"]]
    assert set(api.post("/segments/", {"name": "of admin"})[1]["errors"]) == {"name"}
    assert set(api.post("/segments/", {"name": "New", "code": "x"})[1]["errors"]) == {"code"}
    assert set(api.post("/regions/", {"name": "New", "parent": 0})[1]["errors"]) == {"parent"}
    assert api.patch(f"/regions/{town['id']}/", {"name": "Y"})[0] == 405
    assert (Segment.objects.count(), Region.objects.count()) == (1, 3)


def test_views_are_kept_shared_and_forgotten_by_their_owner(cast):
    api = holding(cast.rep, "read", "write")
    asked = {
        "page": "leads",
        "name": "Hot",
        "query": "grade=A&cursor=x&sort=-grade",
        "columns": ["grade", "owner"],
    }
    status, row = api.post("/views/", {**asked, "shared": True, "is_default": True})
    assert (status, row["team"], row["is_default"], row["query"]) == (
        201,
        cast.rep.team_id,
        True,
        "grade=A&sort=-grade",
    )
    assert row["path"] == f"/leads/?grade=A&sort=-grade&columns=grade%2Cowner&view={row['id']}"
    path = f"/views/{row['id']}/"
    assert api.post("/views/", asked)[0] == 409, "the name is taken"
    assert api.post("/views/", {**asked, "replaces": row["id"] + 1})[0] == 409, (
        "by another than the one named"
    )
    assert (api.get(path)[1]["team"], api.get(path)[1]["is_default"]) == (cast.rep.team_id, True)
    asked["replaces"] = row["id"]
    assert api.post("/views/", asked)[1]["id"] == row["id"], "the own one of that name is replaced"
    assert Api(cast.teammate).get(path)[0] == 404, "and shared no more"
    api.post("/views/", {**asked, "shared": True})
    seers = {name for name, user in cast.everybody().items() if Api(user).get(path)[0] == 200}
    assert seers == {"rep", "teammate", "manager"}
    assert [row["owner"] for row in Api(cast.manager).get("/views/", page="leads")[1]["results"]] == [
        cast.rep.pk
    ]
    assert (Api(cast.manager).delete(path)[0], Api(cast.admin).delete(path)[0]) == (403, 404)
    wrong = {"page": "secrets", "name": "", "columns": "grade", "owner": 1, "query": "x" * 1001}
    for name, value in wrong.items():
        assert set(api.post("/views/", {**asked, name: value})[1]["errors"]) == {name}
    assert set(Api(cast.finance).post("/views/", {**asked, "shared": True})[1]["errors"]) == {"shared"}
    assert api.delete(path)[0] == 204
    assert not SavedView.objects.exists()
