"""Capture forms, held posts and tracking links by token."""

import pytest

from leads.models import Lead, LinkClick, Submission, WebForm
from tests import cast as make
from tests.api import Api, holding
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def test_a_form_is_made_and_changed(cast):
    api, campaign = holding(cast.marketer, "read", "write"), make.campaign()
    status, made = api.post("/forms/", {"campaign": campaign.pk, "title": "Talk", "hosts": "acme.example"})
    assert (status, made["hosts"], made["asked"]["full_name"]) == (201, "https://acme.example", "must")
    assert api.client.get(f"/f/{made['key']}/").status_code == 200
    status, changed = api.patch(f"/forms/{made['id']}/", {"consent_text": "Yes.", "asked": {"email": "must"}})
    assert (status, changed["consent_version"], changed["asked"]) == (200, 2, {"email": "must"})
    for wrong in (
        {"asked": {"message": "ask"}},
        {"asked": {"x": "ask", "email": "ask"}},
        {"hosts": "no site"},
    ):
        assert api.patch(f"/forms/{made['id']}/", wrong)[0] == 400
    assert api.get("/forms/", campaign=campaign.pk)[1]["results"][0]["id"] == made["id"]
    assert Api(cast.rep).post("/forms/", {"campaign": campaign.pk, "title": "x"})[0] == 403


def test_held_posts_are_released_and_dropped(cast):
    form = WebForm.objects.create(campaign=make.campaign(), title="x")
    one, two = (
        Submission.objects.create(
            form=form, nonce=str(n), at=NOON, reasons=["trap"], data={"full_name": f"P{n}"}
        )
        for n in range(2)
    )
    api = Api(cast.marketer)
    assert len(api.get("/submissions/", state="held")[1]["results"]) == 2
    status, row = api.post(f"/submissions/{one.pk}/release/")
    assert (status, row["state"], row["lead"]) == (200, "taken", Lead.objects.get().pk)
    assert api.post(f"/submissions/{two.pk}/drop/")[1]["state"] == "dropped"
    assert Api(cast.rep).get("/submissions/")[1]["results"] == []
    assert Api(cast.rep).post(f"/submissions/{two.pk}/release/")[0] == 404


def test_links_tell_their_clicks(cast):
    api, campaign = Api(cast.marketer), make.campaign()
    status, made = api.post(
        "/links/", {"campaign": campaign.pk, "name": "Mail", "target": "https://a.example/"}
    )
    assert (status, made["people"]) == (201, 0)
    LinkClick.objects.create(link_id=made["id"], at=NOON)
    assert api.get(f"/links/{made['id']}/")[1]["people"] == 1
    assert Api(cast.finance).patch(f"/links/{made['id']}/", {"name": "x"})[0] == 403
