"""Own fields: defined on a page; asked by forms, shown on pages, as columns and filters, in imports and the API."""

import pytest
from django.utils import translation

from leads.importing import drafts, mapping
from leads.models.imports import ImportKind
from leads.terms import unready
from pipeline import own_fields
from pipeline.models import Company, CustomField, FieldKind, FieldOwner
from tests import cast as make
from tests.api import Api


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.admin)
    return client


def define(on, code, kind=FieldKind.TEXT, **more):
    return CustomField.objects.create(
        on=on, code=code, name=more.pop("name", code.title()), kind=kind, **more
    )


def test_a_field_is_defined_with_a_name_per_language(admin):
    said = {
        "on": "lead",
        "name": "Machine park",
        "kind": "choice",
        "position": 1,
        "active": "on",
        "required": "on",
    }
    assert admin.post("/setup/fields/new/", said).status_code == 422  # a list needs choices
    names = {"name_zh-hans": "机器", "name_ru": "Станки"}
    assert (
        admin.post("/setup/fields/new/", {**said, **names, "choose_from": "Lathe\nMill\nLathe"}).status_code
        == 302
    )
    field = CustomField.objects.get()
    assert (field.code, field.choices) == ("machine_park", ["Lathe", "Mill"])
    with translation.override("zh-hans"):
        assert str(field) == "机器"
    assert (
        admin.post("/setup/fields/new/", {**said, "on": "deal", "kind": "text"}).status_code == 422
    )  # ready: leads only
    assert (
        admin.post(f"/setup/fields/{field.pk}/", {**said, "choose_from": "Lathe\nPress"}).status_code == 302
    )
    field.refresh_from_db()
    assert (field.kind, field.choices) == ("choice", ["Lathe", "Press"])


def test_a_company_is_asked_shown_listed_and_filtered(admin):
    define("company", "tier", FieldKind.CHOICE, choices=["Gold", "Silver"])
    define("company", "since", FieldKind.DATE)
    define("company", "seats", FieldKind.NUMBER)
    define("company", "vip", FieldKind.TICK)
    said = {"name": "Orchard", "x_tier": "Gold", "x_since": "2026-03-01", "x_seats": "12", "x_vip": "on"}
    assert admin.post("/companies/new/", said).status_code == 302
    one = Company.objects.get()
    assert one.attributes == {"tier": "Gold", "since": "2026-03-01", "seats": "12", "vip": "yes"}
    make.company("Other")
    page = admin.get(f"/companies/{one.pk}/").content.decode()
    assert all(word in page for word in ("Tier", "Gold", "1 Mar 2026", "Vip", "Yes"))
    listed = admin.get("/companies/", {"columns": "x_tier,x_seats,x_since", "x_tier": "Gold"})
    assert [row["name"] for row in listed.context["table"].rows] == ["Orchard"]
    assert [column.name for column in listed.context["table"].columns] == [
        "name",
        "x_tier",
        "x_seats",
        "x_since",
    ]
    assert admin.get("/companies/", {"x_nothing": "1"}).status_code == 400

    # fields that are no longer in use are left out with a word, by a default view and by an address alike
    asked = {
        "name": "Golden",
        "query": "q=Orch&x_tier=Gold",
        "columns": "segment__name,x_tier,x_seats",
        "is_default": "on",
    }
    assert admin.post("/views/companies/save/", asked).status_code == 302
    CustomField.objects.filter(code__in=["tier", "since"]).update(active=False)
    listed = admin.get("/companies/", follow=True)
    assert [column.name for column in listed.context["table"].columns] == ["name", "segment__name", "x_seats"]
    assert [row["name"] for row in listed.context["table"].rows] == ["Orchard"]
    assert listed.context["views"].is_mine
    said = "Shown without the fields that are no longer in use: “Tier”."
    assert [str(one) for one in listed.context["messages"]][1:] == [said]  # after “saved”
    alone = admin.get("/companies/?columns=x_since", follow=True)
    assert "“Since”" in str(*alone.context["messages"])
    assert [column.name for column in alone.context["table"].columns if column.name[:2] == "x_"] == []
    assert admin.get("/companies/?columns=x_since&x_nothing=1", follow=True).status_code == 400
    assert admin.get("/leads/?columns=x_since", follow=True).status_code == 400  # it never stood there
    CustomField.objects.update(active=True)
    assert admin.post(f"/companies/{one.pk}/edit/", {"name": "Orchard", "x_seats": "many"}).status_code == 422
    assert admin.post(f"/companies/{one.pk}/edit/", {"name": "Orchard", "x_seats": "13"}).status_code == 302
    one.refresh_from_db()
    assert one.attributes == {"seats": "13"}


def test_a_lead_is_not_ready_without_what_is_required(admin, cast):
    define("lead", "machine", required=True)
    lead = make.lead(stage="mql", grade="A", answers={"need": "x", "when": "y"}, attributes={"utm": "fair"})
    assert "Machine" in unready([lead.pk])[lead.pk]
    said = {"answer-need": "Presses", "answer-when": "May", "x_machine": "Lathe"}
    assert admin.post(f"/leads/{lead.pk}/complete/", said).status_code == 302
    lead.refresh_from_db()
    assert lead.attributes == {"utm": "fair", "machine": "Lathe"}
    assert unready([lead.pk], confirmed=True) == {}
    page = admin.get(f"/leads/{lead.pk}/").content.decode()
    assert "Machine" in page
    listed = admin.get("/leads/", {"columns": "x_machine", "x_machine": "lat"}).context["table"]
    assert [row["x_machine"] for row in listed.rows] == ["Lathe"]


def test_a_deal_keeps_its_own_fields_in_its_journal(admin, cast):
    define("deal", "tender")
    deal = make.deal(owner=cast.rep, amount=10, currency="EUR", expected_close="2026-12-01")
    said = {
        "name": deal.name,
        "amount": "10",
        "currency": "EUR",
        "expected_close": "2026-12-01",
        "x_tender": "T-7",
    }
    assert admin.post(f"/deals/{deal.pk}/edit/", said).status_code == 302
    deal.refresh_from_db()
    assert deal.attributes == {"tender": "T-7"}
    assert "T-7" in admin.get(f"/deals/{deal.pk}/").content.decode()
    assert [row["x_tender"] for row in admin.get("/deals/?columns=x_tender").context["table"].rows] == ["T-7"]


def test_imports_know_the_field_by_its_name_in_any_language(db):
    define("lead", "machine_park", name="Machine park", names={"ru": "Станки"})
    guessed = mapping.guess(ImportKind.LEADS, ["Имя", "станки", "Machine park 2"]).columns
    assert guessed["станки"] == ["attributes.machine_park"]
    assert guessed["Machine park 2"] == ["attributes.Machine park 2"]
    assert ("attributes.machine_park", "Machine park") in drafts.choices(ImportKind.LEADS, "x")


def test_the_api_reads_and_writes_them(cast):
    define("company", "tier")
    api = Api(cast.marketer)
    status, made = api.post("/companies/", {"name": "Orchard", "attributes": {"tier": "Gold"}})
    assert (status, made["attributes"]) == (201, {"tier": "Gold"})
    assert api.patch(f"/companies/{made['id']}/", {"attributes": {"tier": "Silver"}})[1]["attributes"] == {
        "tier": "Silver"
    }


def test_values_as_people_read_them(db):
    tick, day, number = (
        define("lead", "a", FieldKind.TICK),
        define("lead", "b", FieldKind.DATE),
        define("lead", "c", FieldKind.NUMBER),
    )
    weight = CustomField(on=FieldOwner.DEAL, code="weight", kind="number")
    assert [own_fields.told(weight, value) for value in ("12.5", 1234567.5, "heavy")] == [
        "12.5",
        "1,234,567.5",
        "heavy",
    ]
    assert [own_fields.told(tick, value) for value in ("yes", True, "no", "")] == ["Yes", "Yes", "No", ""]
    assert [own_fields.told(day, value) for value in ("2026-03-01", "in spring")] == [
        "1 Mar 2026",
        "in spring",
    ]
    rows = [{"x_c": "12.5"}, {"x_c": "a dozen"}, {"x_c": "NaN"}]
    own_fields.complete([number], rows)
    assert [row["x_c"] for row in rows] == [own_fields.number("12.5"), None, None]
