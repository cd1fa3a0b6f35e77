"""Stages, reasons, own fields, mappings, products and templates by the API: the same forms, the same permissions."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from leads.models import CampaignTemplate, ImportReject, ImportRun, Mapping, WebForm
from leads.models.moments import MomentRule
from pipeline.models import Campaign, CustomField, DealStage, OutcomeReason
from tests import cast as make
from tests.api import READERS, Api, holding, who_may
from tests.pages import same_queries

pytestmark = pytest.mark.django_db


def test_stages_are_read_by_who_sees_deals_and_kept_by_administrators(cast):
    assert who_may(cast, lambda api: api.get("/stages/")[0], 200) == READERS
    numbers = iter(range(20))
    new = lambda: {"name": f"Trial {next(numbers)}", "probability": "35"}  # noqa: E731
    assert who_may(cast, lambda api: api.post("/stages/", new())[0], 201) == {"admin"}
    api = holding(cast.admin, "read", "write")
    before = DealStage.objects.filter(outcome="open").count()
    status, row = api.post("/stages/", {"name": "Pilot", "probability": "40.5"})
    assert (status, row["code"], row["position"], row["category"]) == (201, "pilot", before + 1, "pipeline")
    assert (row["outcome"], row["active"], row["probability"]) == ("open", True, "40.50")
    path = f"/stages/{row['id']}/"
    assert api.patch(path, {"probability": "50"})[1] == {**row, "probability": "50.00"}
    assert api.patch(path, api.get(path)[1])[0] == 200
    wrong = {
        "name": "", "probability": "101", "category": "hope", "position": -1, "outcome": "won", "code": "x", "wait": 1,
        "active": "perhaps",
    }  # fmt: skip
    for name, value in wrong.items():
        assert set(api.patch(path, {name: value})[1]["errors"]) == {name}
    make.deal(stage_id=row["id"])
    assert set(api.patch(path, {"active": False})[1]["errors"]) == {"active"}, "a deal stands there"
    won = DealStage.objects.get(outcome="won")
    for name, value in {"probability": "50", "category": "pipeline", "active": False}.items():
        assert set(api.patch(f"/stages/{won.pk}/", {name: value})[1]["errors"]) == {name}
    with override("ru"):  # our words stay ours, whoever saves them
        kept = api.get(f"/stages/{won.pk}/")[1]
        assert api.patch(f"/stages/{won.pk}/", {"position": won.position + 1})[0] == 200
    assert api.get(f"/stages/{won.pk}/")[1]["name"] == kept["name"] == won.name
    assert [one["id"] for one in api.get("/stages/", outcome="won")[1]["results"]] == [won.pk]
    assert api.delete(path)[0] == 405


def test_reasons_of_won_and_lost(cast):
    assert who_may(cast, lambda api: api.get("/outcome-reasons/")[0], 200) == READERS
    new = {"name": "Budget cut", "outcome": "lost", "later": True}
    assert who_may(cast, lambda api: api.post("/outcome-reasons/", new)[0], 201) == {"admin"}
    made, api = OutcomeReason.objects.get(name="Budget cut"), Api(cast.admin)
    path = f"/outcome-reasons/{made.pk}/"
    assert (made.code, made.later, made.active) == ("budget-cut", True, True)
    assert api.patch(path, {"active": False})[1]["active"] is False
    wrong = {"outcome": "open", "name": "", "position": "x", "code": "y"}
    for name, value in wrong.items():
        assert set(api.patch(path, {name: value})[1]["errors"]) == {name}
    assert set(api.post("/outcome-reasons/", {"later": True})[1]["errors"]) == {"name", "outcome"}


def test_own_fields(cast):
    assert who_may(cast, lambda api: api.get("/fields/")[0], 200) == READERS
    tier = {
        "on": "lead",
        "name": "Tier",
        "kind": "choice",
        "choices": ["Gold", "Silver"],
        "names": {"ru": "Уровень"},
    }
    for name, user in cast.everybody().items():
        assert Api(user).post("/fields/", tier)[0] == (201 if name == "admin" else 403)
    made, api = CustomField.objects.get(), Api(cast.admin)
    assert (made.code, made.choices, made.names) == ("tier", ["Gold", "Silver"], {"ru": "Уровень"})
    path, row = f"/fields/{made.pk}/", api.get(f"/fields/{made.pk}/")[1]
    assert api.patch(path, {"required": True})[1] == {**row, "required": True}, "what is not sent stays"
    assert api.patch(path, {"choices": ["A", "B", "A"], "names": {}})[1]["choices"] == ["A", "B"]
    assert api.patch(path, api.get(path)[1])[0] == 200
    wrong = {
        "on": "deal", "kind": "text", "choices": ["A"], "names": {"xx": "y"}, "code": "x", "name": "", "position": None,
    }  # fmt: skip
    for name, value in wrong.items():
        told = api.patch(path, {name: value})[1]
        assert {field.partition(".")[0] for field in told["errors"]} == {name}, told
    assert set(api.post("/fields/", {"on": "deal", "name": "X", "required": True})[1]["errors"]) == {
        "required"
    }
    lead = make.lead()
    assert Api(cast.marketer).patch(f"/leads/{lead.pk}/", {"attributes": {"tier": "A"}})[0] == 200


def test_mappings_are_renamed_and_forgotten(cast):
    made = Mapping.objects.create(
        name="Fair", kind="leads", header="abc", spec={"columns": {"Name": "full_name"}}
    )
    path, heads = f"/mappings/{made.pk}/", {"admin", "marketing_head", "sales_head"}
    assert who_may(cast, lambda api: api.get("/mappings/")[0], 200) == heads
    assert who_may(cast, lambda api: api.patch(path, {"name": "Fairs"})[0], 200) == heads
    api = Api(cast.admin)
    row = api.get(path)[1]
    assert (row["name"], row["spec"]) == ("Fairs", {"columns": {"Name": "full_name"}})
    for name, value in {"name": "", "spec": {}, "header": "x", "kind": "deals"}.items():
        assert set(api.patch(path, {name: value})[1]["errors"]) == {name}
    assert api.post("/mappings/", {"name": "x"})[0] == 405
    assert (Api(cast.rep).delete(path)[0], api.delete(path)[0]) == (403, 204)
    assert not Mapping.objects.exists()


def test_products_and_their_costs_are_kept_by_the_heads(cast):
    heads, numbers = {"admin", "marketing_head", "sales_head"}, iter(range(20))
    new = lambda: {"code": f"p{next(numbers)}", "name": "Press", "list_price": "1000"}  # noqa: E731
    assert who_may(cast, lambda api: api.post("/products/", new())[0], 201) == heads
    api = holding(cast.sales_head, "read", "write")
    pump = {"code": "pump", "name": "Pump", "list_price": "1500.5", "floor_price": "1200", "currency": "CNY"}
    status, row = api.post("/products/", pump)
    assert (status, row["list_price"], row["currency"], row["active"]) == (201, "1500.5000", "CNY", True)
    path = f"/products/{row['id']}/"
    status, changed = api.patch(path, {"family": "Pumps", "active": False})
    assert (status, changed) == (
        200,
        {**row, "family": "Pumps", "active": False, "updated_at": changed["updated_at"]},
    )
    assert api.patch(path, changed)[0] == 200
    wrong = {
        "code": "p1", "name": "", "list_price": "-1", "floor_price": "1501", "currency": "yuan", "usual_discount": "0.5",
        "unit_cost": "3",
    }  # fmt: skip
    for name, value in wrong.items():
        assert set(api.patch(path, {name: value})[1]["errors"]) == {name}
    cost = {"since": "2026-01-01", "unit_cost": "700"}
    assert api.post(f"{path}costs/", cost)[1]["unit_cost"] == "700.0000"
    assert set(api.post(f"{path}costs/", cost)[1]["errors"]) == {"since"}
    assert set(api.post(f"{path}costs/", {"since": "2026-02-01", "unit_cost": "-1"})[1]["errors"]) == {
        "unit_cost"
    }
    sees = heads | {"marketer", "manager", "other_manager", "finance"}
    assert {
        name for name, user in cast.everybody().items() if Api(user).get(f"{path}costs/")[0] == 200
    } == sees
    assert Api(cast.marketer).post(f"{path}costs/", {**cost, "since": "2026-03-01"})[0] == 403


def test_rules_of_moments_are_the_heads(cast):
    heads = {"admin", "marketing_head", "sales_head"}
    assert who_may(cast, lambda api: api.get("/moment-rules/")[0], 200) == heads
    rule = {"name": "Comes back", "kind": "visit", "times": 3, "words": "price, offer"}
    assert who_may(cast, lambda api: api.post("/moment-rules/", rule)[0], 201) == heads
    api, made = Api(cast.admin), MomentRule.objects.order_by("-pk")[0]
    path = f"/moment-rules/{made.pk}/"
    assert (made.name, made.times, made.days, made.whom) == ("Comes back", 3, 7, "hot")
    assert api.patch(path, {"active": False})[1]["active"] is False
    for name, value in {"kind": "x", "whom": "x", "times": -1, "days": "x", "name": "", "code": 1}.items():
        assert set(api.patch(path, {name: value})[1]["errors"]) == {name}


def test_a_campaign_begins_by_its_template(cast):
    starters = {"admin", "marketing_head", "sales_head", "marketer", "manager", "other_manager"}
    keepers = {"admin", "marketing_head", "sales_head", "marketer"}
    assert who_may(cast, lambda api: api.get("/campaign-templates/")[0], 200) == starters
    new = {"name": "Roadshow", "channel": "own_event", "days": 5, "budget": "9000", "active": False}
    assert who_may(cast, lambda api: api.post("/campaign-templates/", new)[0], 201) == keepers
    made, api = CampaignTemplate.objects.filter(name="Roadshow")[0], Api(cast.marketer)
    path = f"/campaign-templates/{made.pk}/"
    assert (Api(cast.manager).get(path)[0], api.get(path)[1]["budget"]) == (404, "9000.0000")
    assert api.patch(path, {"active": True})[1]["active"] is True
    for name, value in {"channel": "x", "budget": "-1", "days": -1, "form_kind": "call", "asked": {}}.items():
        assert set(api.patch(path, {name: value})[1]["errors"]) == {name}
    status, begun = Api(cast.manager).post(
        f"{path}start/", {"name": "Roadshow East", "starts_on": "2099-05-01"}
    )
    campaign = Campaign.objects.get(pk=begun["campaign"])
    assert (status, campaign.budget, campaign.owner, campaign.status) == (201, 9000, cast.manager, "planned")
    assert (str(campaign.ends_on), WebForm.objects.get(pk=begun["form"]).campaign) == ("2099-05-05", campaign)
    begun = api.post(
        f"{path}start/", {"name": "Bare", "starts_on": "2026-01-01", "with_form": False, "budget": None}
    )[1]
    assert (begun["form"], Campaign.objects.get(pk=begun["campaign"]).budget) == (None, None)
    assert set(api.post(f"{path}start/", {"name": "", "starts_on": "x"})[1]["errors"]) == {
        "name",
        "starts_on",
    }
    assert set(api.post(f"{path}start/", {"name": "A", "starts_on": "2026-01-01", "x": 1})[1]["errors"]) == {
        "x"
    }


def test_imports_are_read_and_taken_back(cast, client):
    own = ImportRun.objects.create(
        kind="leads",
        state="done",
        by=cast.manager,
        finished_at=timezone.now(),
        file_name="a.csv",
        counts={"leads": 2},
    )
    old = ImportRun.objects.create(
        kind="deals", state="done", finished_at=make.NOON - timedelta(days=90), file_name="b.csv"
    )
    for run in (own, old):
        ImportReject.objects.create(
            run=run, line=3, column="day", value="soon", reason="is no date", cells=["1", "soon"]
        )
    ImportReject.objects.create(run=own, line=2, reason="is odd", warning=True)
    markets = {"admin", "marketing_head", "sales_head", "marketer"}
    seen = {"manager": [own.pk], "other_manager": []} | {name: [old.pk, own.pk] for name in markets}
    for name, user in cast.everybody().items():
        status, told = Api(user).get("/imports/")
        assert status == (200 if name in seen else 403)
        assert sorted(row["id"] for row in told.get("results", [])) == sorted(seen.get(name, []))
    api = holding(cast.manager, "read", "write")
    assert api.get(f"/imports/{own.pk}/")[1]["counts"] == {"leads": 2}
    assert api.get(f"/imports/{old.pk}/")[0] == api.post(f"/imports/{old.pk}/undo/")[0] == 404
    assert [row["line"] for row in api.get("/import-rejects/")[1]["results"]] == [2, 3]
    (row,) = api.get("/import-rejects/", run=own.pk, warning="false")[1]["results"]
    assert (row["column"], row["value"], row["reason"], row["cells"]) == (
        "day",
        "soon",
        "is no date",
        ["1", "soon"],
    )
    assert Api(cast.rep).get("/import-rejects/")[0] == 403
    assert api.post(f"/imports/{own.pk}/undo/")[0] == 202
    assert own.errands.get(kind="undo").finished_at is None
    assert Api(cast.admin).post(f"/imports/{old.pk}/undo/")[0] == 409
    client.force_login(cast.admin)
    same_queries(
        client, "/api/v1/imports/", lambda: ImportRun.objects.create(kind="leads", file_name="c.csv")
    )
