"""Taking an import back."""

from datetime import timedelta

import pytest

from leads.importing import TooLate, may_undo, told, undo
from leads.models import Handoff, Lead, LeadScore, StageChange, Touch
from leads.terms import in_force
from pipeline.models import Campaign, Company, Contact, Deal, Identity, Spend
from tests import cast as people
from tests.cast import NOON

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

LEADS = {
    "kind": "leads",
    "source": "crm",
    "columns": {
        "id": "external_id",
        "name": "full_name",
        "email": "email",
        "company": "company",
        "src": "channel",
    },
}
ROWS = "id,name,email,company,src\n1,Anna,a@x.de,Acme,sem\n2,Boris,b@x.de,Acme,seo\n3,,known@x.de,,\n"
TABLES = (Lead, Contact, Identity, Company, Touch, StageChange, LeadScore)


@pytest.fixture
def back(owner):
    """Undo as it happens outside of tests, where the owner's connection has the owner's rights."""

    def back(run, at=NOON):
        with owner("owner"):
            return undo(run, at)

    return back


def everything():
    return {model: list(model.objects.order_by("pk").values()) for model in TABLES}


def test_everything_goes(load, back):
    people.contact("Known", "known@x.de")
    before = everything()
    run = load(ROWS, LEADS)
    assert back(run, NOON + timedelta(days=6)) == []
    assert everything() == before
    assert (run.state, run.counts["undone"]) == ("undone", 9)
    assert ("Taken back", 9) in told(run)
    assert load(ROWS, LEADS).counts["leads"] == 3  # and may come again


def test_what_people_worked_on_stays_and_is_named(load, back, cast):
    run = load(ROWS, LEADS)
    anna = Lead.objects.get(external_id="1")
    Handoff.objects.create(lead=anna, rep=cast.rep, agreement=in_force(), offered_at=NOON)
    assert back(run) == ["Anna", "Acme"]
    assert set(Lead.objects.values_list("external_id", flat=True)) == {"1"}
    assert anna.contact.identities.count() == anna.contact.touches.count() == 1
    assert Company.objects.get().name == "Acme"


def test_changes_are_taken_back_unless_changed_again(load, back):
    load(ROWS, LEADS)
    run = load(ROWS.replace("sem", "social").replace("seo", "email"), LEADS)
    assert run.counts["updated"] == 2
    Lead.objects.filter(external_id="2").update(channel="direct")
    back(run)
    assert dict(Lead.objects.values_list("external_id", "channel")) == {
        "1": "sem",
        "2": "direct",
        "3": "unknown",
    }


def test_campaigns_spend_and_deals(load, back):
    campaigns = {
        "kind": "campaigns",
        "columns": {"name": "name", "start": "starts_on", "cost": "actual_cost"},
    }
    first = load("name,start,cost\nSpring,2026-01-01,5\nAutumn,2026-01-01,6\n", campaigns)
    leads = load(ROWS, LEADS)
    deals = load(
        "id,lead,campaign,day,sum,stage\n1,1,Spring,2026-02-01,5,won\n",
        {
            "kind": "deals", "source": "crm",
            "columns": {"id": "external_id", "lead": "lead_key", "campaign": "campaign", "day": "closed_at", "sum": "amount",
                        "stage": "stage"},
        },
    )  # fmt: skip
    assert back(first) == ["Spring"]  # a deal's touch is owed to it
    assert list(Campaign.objects.values_list("name", flat=True)) == ["Spring"]
    assert not Spend.objects.exists()
    assert back(deals) == []
    assert not Deal.objects.exists()
    assert Lead.objects.get(external_id="1").deal is None
    assert back(leads) == ["Anna", "Acme"]  # she went on to a deal meanwhile, and history is not rewritten


def test_only_for_a_week_and_once(load, back):
    run = load(ROWS, LEADS)
    assert may_undo(run, NOON + timedelta(days=7))
    assert not may_undo(run, NOON + timedelta(days=8))
    with pytest.raises(TooLate):
        back(run, NOON + timedelta(days=8))
    back(run)
    with pytest.raises(TooLate):
        back(run)
