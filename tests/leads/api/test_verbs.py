"""Handoffs and deals in the REST API: the loop closed by tokens."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from leads import assignment, scoring
from leads.models import Handoff, Lead, Question
from pipeline.models import Deal, OutcomeReason, Product
from tests import cast as make
from tests.api import Api, holding

PLAN = {
    "name": "Pumps",
    "amount": "1200.50",
    "currency": "EUR",
    "expected_close": "2027-01-31",
    "next_step": "send the offer",
    "next_step_due": "2026-12-01T09:00:00Z",
}


@pytest.fixture
def offered(cast):
    """A lead offered to somebody: (lead, handoff, an Api of the rep)."""
    desk = Api(cast.marketer)
    pk = desk.post("/leads/", {"full_name": "Ada", "email": "ada@engines.example", "company": "Engines"})[1][
        "id"
    ]
    scoring.rescore([pk], timezone.now())
    desk.post(f"/leads/{pk}/qualify/", {"reason": "asked for it"})
    answers = dict.fromkeys(Question.objects.values_list("code", flat=True), "soon")
    desk.post(f"/leads/{pk}/answers/", {"answers": answers})
    assert desk.post(f"/leads/{pk}/ready/")[0] == 200
    assignment.assign_due(at=timezone.now())
    handoff = Handoff.objects.get()
    return Lead.objects.get(pk=pk), handoff, holding(handoff.rep, "read", "write")


def test_an_offer_is_seen_and_accepted_once(offered):
    lead, handoff, rep = offered
    rows = rep.get("/handoffs/", open="true", answered="false")[1]["results"]
    assert [(row["id"], row["lead"]) for row in rows] == [(handoff.pk, lead.pk)]
    status, row = rep.post(f"/handoffs/{handoff.pk}/accept/")
    assert (status, row["accepted_at"] is not None) == (200, True)
    assert rep.get(f"/leads/{lead.pk}/")[1]["stage"] == "sql"
    assert rep.post(f"/handoffs/{handoff.pk}/accept/")[0] == 409


def test_an_offer_is_returned_with_a_reason(offered):
    lead, handoff, rep = offered
    assert rep.post(f"/handoffs/{handoff.pk}/return/", {})[0] == 400
    status, row = rep.post(
        f"/handoffs/{handoff.pk}/return/", {"reason": "no_budget", "note": "call in spring"}
    )
    assert (status, row["end"], row["reason_code"]) == (200, "returned", "no_budget")
    lead.refresh_from_db()
    assert (lead.stage, lead.sql_at) == ("nurture", None)


def test_nobody_else_answers(cast, offered):
    _lead, handoff, _rep = offered
    statuses = {
        name: Api(user).post(f"/handoffs/{handoff.pk}/accept/")[0]
        for name, user in cast.everybody().items()
        if user != handoff.rep
        and name not in ("marketing_head", "sales_head", "admin")
        and "manager" not in name
    }
    assert set(statuses.values()) <= {403, 404}
    handoff.refresh_from_db()
    assert handoff.accepted_at is None


def test_the_loop_closes(offered):
    lead, handoff, rep = offered
    rep.post(f"/handoffs/{handoff.pk}/accept/")
    rep.post(f"/leads/{lead.pk}/touches/", {"kind": "call", "outbound": True, "reached": True})
    assert rep.post("/deals/", {**PLAN, "lead": lead.pk, "amount": ""})[0] == 400
    status, deal = rep.post("/deals/", {**PLAN, "lead": lead.pk})
    assert (status, Decimal(deal["amount"]), deal["outcome"], deal["stage_code"]) == (
        201,
        Decimal("1200.5"),
        "open",
        "qualify",
    )
    Product.objects.create(code="pump", name="Pump", list_price=600)
    line = {"product": "pump", "quantity": "2", "unit_price": "600.25"}
    assert rep.post(f"/deals/{deal['id']}/lines/", line)[0] == 201
    wrong = {"quantity": 0, "unit_price": "-1", "discount": "100.01"}
    assert rep.post(f"/deals/{deal['id']}/lines/", {**line, **wrong})[1]["errors"].keys() == wrong.keys()
    strange = {"unit_cost": None, "cost": ""}  # whatever their value
    assert rep.post(f"/deals/{deal['id']}/lines/", {**line, **strange})[1]["errors"].keys() == strange.keys()
    step = {"what": "Call", "due_at": "2026-06-10T12:00Z", "done_at": "2026-06-10T12:00Z"}
    assert set(rep.post(f"/deals/{deal['id']}/steps/", step)[1]["errors"]) == {"done_at"}
    person = {"contact": lead.contact_id, "role": "pays"}
    status, part = rep.post(f"/deals/{deal['id']}/contacts/", person)
    assert (status, part["role"]) == (200, "pays")
    stranger = {"contact": make.contact("Somebody else's").pk}
    status, problem = rep.post(f"/deals/{deal['id']}/contacts/", stranger)
    assert (status, set(problem["errors"])) == (400, {"contact"})
    assert rep.post(f"/deals/{deal['id']}/move/", {"stage": "proposal"})[1]["stage_code"] == "proposal"
    assert rep.post(f"/deals/{deal['id']}/win/", {"reason": "best_fit"})[0] == 400
    early = {"reason": "best_fit", "signed_on": "0001-01-01"}
    assert set(rep.post(f"/deals/{deal['id']}/win/", early)[1]["errors"]) == {"signed_on"}
    far = {
        "expected_close": "0001-01-01",
        "contract_until": "9999-12-31",
        "partner": make.company("No dealer").pk,
    }
    assert set(rep.patch(f"/deals/{deal['id']}/", far)[1]["errors"]) == set(far)
    status, won = rep.post(
        f"/deals/{deal['id']}/win/", {"reason": "best_fit", "signed_on": timezone.localdate()}
    )
    assert (status, won["outcome"], Decimal(won["base_amount"])) == (200, "won", Decimal("1200.5"))
    assert rep.get(f"/leads/{lead.pk}/")[1]["stage"] == "won"
    handoff.refresh_from_db()
    assert handoff.end == "finished"
    whole = rep.get(f"/deals/{deal['id']}/")[1]
    assert ([line["product"] for line in whole["lines"]], len(whole["steps"])) == (["pump"], 1)


def test_a_lost_deal_says_why_and_may_be_reopened_by_the_manager(client, cast, offered):
    lead, handoff, rep = offered
    rep.post(f"/handoffs/{handoff.pk}/accept/")
    deal = rep.post("/deals/", {**PLAN, "lead": lead.pk})[1]
    again = {"reason": "no_budget", "note": "next year", "wake_at": "2020-01-01T00:00Z"}
    assert set(rep.post(f"/deals/{deal['id']}/lose/", again)[1]["errors"]) == {"wake_at"}
    status, lost = rep.post(f"/deals/{deal['id']}/lose/", {**again, "wake_at": "2099-01-01T00:00Z"})
    assert rep.get(f"/leads/{lead.pk}/")[1]["wake_at"][:10] == "2099-01-01"
    assert (status, lost["outcome"], lost["outcome_reason_code"]) == (200, "lost", "no_budget")
    assert rep.post(f"/deals/{deal['id']}/reopen/", {"reason": "they called"})[0] == 403
    assert (
        Api(cast.admin).post(f"/deals/{deal['id']}/reopen/", {"reason": "they called"})[1]["outcome"]
        == "open"
    )
    client.force_login(handoff.rep)
    said = {"reason": OutcomeReason.objects.get(code="competitor").pk, "wake_at": "2099-02-02"}
    assert client.post(f"/deals/{deal['id']}/lose/", said).status_code == 302
    assert timezone.localtime(Lead.objects.get(pk=lead.pk).wake_at).date().isoformat() == "2099-02-02"


def test_deals_are_seen_by_the_team_and_whoever_sees_all(cast):
    deal = make.deal(owner=cast.rep, amount=10)
    seen = {name for name, user in cast.everybody().items() if Api(user).get(f"/deals/{deal.pk}/")[0] == 200}
    assert seen == {
        "marketer", "marketing_head", "rep", "teammate", "manager", "sales_head", "admin", "finance",
    }  # fmt: skip


def test_what_has_an_action_of_its_own_is_no_field(cast):
    deal = make.deal(owner=cast.rep, amount=10)
    api = Api(cast.rep)
    path = f"/deals/{deal.pk}/"
    said = {"stage": "won", "outcome": "won", "source": "x", "nonsense": 1, "name": "Renamed"}
    status, body = api.patch(path, said)
    assert (status, set(body["errors"])) == (400, {"stage", "outcome", "source", "nonsense"})
    assert f"POST /api/v1{path}move/" in body["errors"]["stage"][0]
    assert f"POST /api/v1{path}win/" in body["errors"]["outcome"][0]
    assert Deal.objects.values_list("name", "outcome", "stage__code").get() == (deal.name, "open", "qualify")
    whole = api.get(path)[1]
    assert (
        api.patch(path, whole | {"name": "Renamed"})[0] == 200
    )  # sent back as it stands, nothing else changes
    assert Deal.objects.get().name == "Renamed"
    opening = {"name": "x", "amount": 1, "currency": "EUR", "expected_close": "2026-09-01", "next_step": "x",
               "next_step_due": make.NOON, "company": make.company().pk}  # fmt: skip
    assert set(api.post("/deals/", opening | {"stage": "proposal"})[1]["errors"]) == {"stage"}

    lead = make.lead(owner=cast.rep, stage="sql")
    for sent, way in (
        ({"stage": "won"}, "qualify/"), ({"owner": cast.teammate.pk}, "leads/many/"), ({"answers": {"x": "y"}}, "answers/"),
    ):  # fmt: skip
        status, body = api.patch(f"/leads/{lead.pk}/", sent)
        assert (status, way in str(body["errors"])) == (400, True)
    assert api.post("/leads/", {"full_name": "Anna", "owner": cast.rep.pk})[1]["errors"].keys() == {"owner"}
    call = {"what": "Call", "due_at": make.NOON, "deal": deal.pk}
    assert api.post("/steps/", call | {"done_at": make.NOON})[1]["errors"].keys() == {"done_at"}
    step = api.post("/steps/", call)[1]
    assert "done/" in str(api.patch(f"/steps/{step['id']}/", {"done_at": make.NOON})[1]["errors"])
    path = f"/campaigns/{make.campaign().pk}/"
    assert Api(cast.marketer).patch(path, {"updated_at": "2020-01-01"})[0] == 400


def test_lists_page_and_filter(cast):
    for day in range(3):
        make.deal(owner=cast.rep, at=make.NOON - timedelta(days=day))
    rows = Api(cast.rep).get("/deals/", limit=2, outcome="open", stage_code="qualify")[1]
    assert (len(rows["results"]), rows["older"] is not None) == (2, True)
    assert Api(cast.rep).get("/deals/", outcome="won")[1]["results"] == []
