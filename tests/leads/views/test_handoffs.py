"""Answers of reps, and offers by hand, as pages."""

import pytest
from django.utils import timezone

from accounts.models import Region, RepProfile
from leads.models import Handoff, Lead, ReturnReason
from pipeline.models import Product
from pipeline.stages import Stage
from tests.api import Api
from tests.leads.ready import fresh, offered, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer(cast):
    """An open offer to the rep of the cast."""
    RepProfile.objects.exclude(user=cast.rep).update(accepting=False)
    return offered(ready(by=cast.marketer, at=timezone.now()), timezone.now())


def test_accepting_leads_to_the_lead(client, cast, offer):
    client.force_login(cast.rep)
    answer = client.post(f"/handoffs/{offer.pk}/accept/")
    assert answer.url == f"/leads/{offer.lead_id}/"
    assert fresh(offer.lead).stage == Stage.SQL


def test_a_late_answer_says_so(client, cast, offer):
    client.force_login(cast.rep)
    client.post(f"/handoffs/{offer.pk}/accept/")
    answer = client.post(f"/handoffs/{offer.pk}/accept/", follow=True)
    assert "already been answered" in answer.content.decode()


def test_returning_needs_a_reason(client, cast, offer):
    client.force_login(cast.rep)
    assert client.get(f"/handoffs/{offer.pk}/return/").status_code == 200
    assert client.post(f"/handoffs/{offer.pk}/return/", {"note": "no"}).status_code == 422
    reason = ReturnReason.objects.get(code="spam")
    assert client.post(f"/handoffs/{offer.pk}/return/", {"reason": reason.pk}).url == "/my-day/"
    assert fresh(offer.lead).stage == Stage.DISQUALIFIED


def test_a_slip_is_taken_back_from_the_toast(client, cast, offer):
    client.force_login(cast.rep)
    reason = ReturnReason.objects.get(code="bad_data")
    said = client.post(f"/handoffs/{offer.pk}/return/", {"reason": reason.pk}, follow=True).content.decode()
    undo = f"/handoffs/{offer.pk}/return/undo/"
    assert f'formaction="{undo}"' in said
    assert client.post(undo).url == "/my-day/"
    assert (fresh(offer.lead).stage, Handoff.objects.offered().get()) == (Stage.READY, offer)
    late = client.post(undo, follow=True)
    assert (late.redirect_chain[-1][0], "no return to take back" in late.content.decode()) == (
        "/my-day/",
        True,
    )


def test_a_slip_after_accepting_is_taken_back_where_the_work_is(client, cast, offer):
    client.force_login(cast.rep)
    reason = ReturnReason.objects.get(code="bad_data")
    client.post(f"/handoffs/{offer.pk}/accept/")
    client.post(f"/handoffs/{offer.pk}/return/", {"reason": reason.pk})
    assert client.post(f"/handoffs/{offer.pk}/return/undo/").url == f"/leads/{offer.lead_id}/"
    assert fresh(offer.lead).stage == Stage.SQL


def test_a_program_takes_its_return_back(cast, offer):
    api, undo = Api(cast.rep), f"/handoffs/{offer.pk}/undo-return/"
    api.post(f"/handoffs/{offer.pk}/return/", {"reason": "spam"})
    assert Api(cast.manager).post(undo)[0] == 409
    status, row = api.post(undo)
    assert (status, row["ended_at"], row["end"], row["reason_code"]) == (200, None, "", None)
    assert (row["forgotten"], row["kept"]) == (["example.com"], [])
    assert (api.post(undo)[0], Api(cast.teammate).post(undo)[0]) == (409, 403)


@pytest.mark.parametrize(("code", "name"), [("wrong_region", "region"), ("wrong_product", "product")])
def test_a_wrong_region_or_product_asks_for_the_right_one(client, cast, offer, code, name):
    kind = Region if name == "region" else Product
    wrong, right = (kind.objects.create(code=code, name=code) for code in ("wrong", "right"))
    Lead.objects.filter(pk=offer.lead_id).update(**{name: wrong})
    reason, page = ReturnReason.objects.get(code=code), f"/handoffs/{offer.pk}/return/"
    client.force_login(cast.rep)
    asked = client.post(page, {"reason": reason.pk, "note": "not mine"})
    form = asked.context["form"]
    assert (asked.status_code, form.is_bound, form.fields[name].required) == (422, False, True)
    assert "not mine" in asked.content.decode()
    assert list(form.fields) == ["reason", "note", name]
    told = client.post(page, {"reason": reason.pk, name: ""}).context["form"]
    assert {field: len(said) for field, said in told.errors.items()} == {name: 1}
    assert client.post(page, {"reason": reason.pk, name: wrong.pk}).status_code == 422
    api = Api(cast.rep)
    status, problem = api.post(f"/handoffs/{offer.pk}/return/", {"reason": code})
    assert (status, list(problem["errors"])) == (400, [name])
    assert api.post(f"/handoffs/{offer.pk}/return/", {"reason": code, name: "right"})[0] == 200
    lead = fresh(offer.lead)
    assert (getattr(lead, name), lead.stage, lead.owner) == (right, Stage.READY, None)
    assert lead.route_at <= timezone.now()


@pytest.mark.parametrize(
    "who, status",
    [
        ("rep", 302),
        ("manager", 302),
        ("sales_head", 302),
        ("admin", 302),
        ("teammate", 403),
        ("marketer", 403),
        ("other_rep", 404),
        ("other_manager", 404),
        ("finance", 404),
    ],
)
def test_who_may_answer(client, cast, offer, who, status):
    client.force_login(getattr(cast, who))
    assert client.post(f"/handoffs/{offer.pk}/accept/").status_code == status
    assert (fresh(offer.lead).stage == Stage.SQL) == (status == 302)


def test_a_manager_offers_by_hand(client, cast, offer):
    client.force_login(cast.manager)
    client.post(f"/leads/{offer.lead_id}/offer/", {"rep": cast.teammate.pk})
    assert Handoff.objects.open().get().rep == cast.teammate


@pytest.mark.parametrize("who, status", [("rep", 403), ("other_manager", 404), ("finance", 404)])
def test_others_do_not_offer(client, cast, offer, who, status):
    client.force_login(getattr(cast, who))
    answer = client.post(f"/leads/{offer.lead_id}/offer/", {"rep": cast.teammate.pk})
    assert answer.status_code == status
    assert Handoff.objects.open().get().rep == cast.rep


def test_who_leaves_keeps_nothing_in_hand(client, cast, offer):
    client.force_login(cast.manager)
    assert client.post(f"/people/{cast.rep.pk}/leave/").status_code == 403
    client.force_login(cast.admin)
    assert client.post(f"/people/{cast.rep.pk}/leave/").url == f"/people/{cast.rep.pk}/"
    cast.rep.refresh_from_db()
    assert not cast.rep.is_active
    assert not Handoff.objects.open().exists()
    assert fresh(offer.lead).route_at is not None


def test_the_last_administrator_stays(client, cast):
    client.force_login(cast.admin)
    client.post(f"/people/{cast.admin.pk}/leave/")
    cast.admin.refresh_from_db()
    assert cast.admin.is_active
