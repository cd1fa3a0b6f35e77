"""Campaigns from templates: three answers, and the campaign is there with its form."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads import recipes
from leads.models import CampaignTemplate, WebForm
from pipeline.models import Campaign
from tests.pages import same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def marketer(client, cast):
    client.force_login(cast.marketer)
    return client


def fair():
    return CampaignTemplate.objects.get(channel="exhibition")


def test_the_shipped_ones_are_there_once_and_one_for_each_kind(db):
    recipes.ensure()
    assert CampaignTemplate.objects.count() == len(recipes.SHIPPED)
    assert all(template.asked for template in CampaignTemplate.objects.all())


def test_a_campaign_begins_with_its_form(marketer, cast):
    today = timezone.localdate()
    said = {"name": "Hannover 2026", "starts_on": today, "budget": "12 000", "with_form": "on"}
    answer = marketer.post(f"/campaigns/templates/{fair().pk}/", said)
    campaign = Campaign.objects.get()
    assert answer.url == f"/campaigns/{campaign.pk}/"
    facts = (
        campaign.code,
        campaign.status,
        campaign.channel,
        campaign.owner,
        campaign.budget,
        campaign.expected_leads,
    )
    assert facts == ("hannover-2026", "active", "exhibition", cast.marketer, 12_000, 180)
    assert campaign.ends_on == today + timedelta(days=3)
    form = WebForm.objects.get()
    assert (form.campaign, form.title, form.asked) == (campaign, "Hannover 2026", recipes.BOOTH)
    later = said | {"name": "Later", "starts_on": today + timedelta(days=9), "with_form": ""}
    marketer.post(f"/campaigns/templates/{fair().pk}/", later)
    assert Campaign.objects.get(name="Later").status == "planned"
    assert WebForm.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"name": ""}, {"starts_on": "soon"}, {"budget": "-1"}])
def test_what_is_wrong_is_asked_again(marketer, wrong):
    said = {"name": "Fair", "starts_on": "2026-06-01", "budget": ""}
    assert marketer.post(f"/campaigns/templates/{fair().pk}/", said | wrong).status_code == 422
    assert not Campaign.objects.exists()


def test_templates_are_made_and_changed(marketer):
    said = {
        "name": "Roadshow",
        "channel": "own_event",
        "days": "5",
        "form_kind": "form",
        "position": "1",
        "active": "on",
    }
    assert marketer.post("/campaigns/templates/new/", said).status_code == 302
    mine = CampaignTemplate.objects.get(name="Roadshow")
    assert CampaignTemplate.objects.first() == mine or mine.position == 1
    marketer.post(f"/campaigns/templates/{mine.pk}/edit/", said | {"days": "7"})
    assert CampaignTemplate.objects.get(pk=mine.pk).days == 7
    same_queries(marketer, "/campaigns/templates/", lambda: CampaignTemplate.objects.create(name="x"))


@pytest.mark.parametrize(
    "who, lists, changes", [("rep", 403, 403), ("manager", 200, 403), ("admin", 200, 200)]
)
def test_who_may(client, cast, who, lists, changes):
    client.force_login(getattr(cast, who))
    assert client.get("/campaigns/templates/").status_code == lists
    assert client.get(f"/campaigns/templates/{fair().pk}/").status_code == lists
    assert client.get(f"/campaigns/templates/{fair().pk}/edit/").status_code == changes
