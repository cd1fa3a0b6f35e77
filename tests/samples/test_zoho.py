"""Zoho: campaigns with their cost, leads, and deals that are won on them."""

from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Count, Q, Sum

from accounts.models import User
from leads.models import Lead, Touch
from pipeline.models import Campaign, Deal, Spend
from tests.leads.importing.running import rejects

pytestmark = [pytest.mark.samples, pytest.mark.django_db]
STAMP = "%d %b, %Y %H:%M:%S"


def thousands(text):
    """ "$1,117.10K" by hand."""
    return Decimal(text.strip("$K").replace(",", "")) * 1000


def dollars(text):
    return Decimal(text.strip("$").replace(",", ""))


@pytest.fixture
def zoho(take):
    """The runs of the three files."""
    files = {"zoho_campaigns": "Campaigns", "zoho_leads": "Leads", "zoho_deals": "Potentials"}
    return {mapping: take(f"zoho/{name}.csv", mapping) for mapping, name in files.items()}


def test_campaigns_leads_and_deals(zoho, table, expected):
    connection.check_constraints()
    told = expected["zoho"]
    campaigns, leads, deals = (table(f"zoho/{name}.csv") for name in ("Campaigns", "Leads", "Potentials"))
    assert [rejects(run) for run in zoho.values()] == [[], [], []]

    # campaigns: case decides, a cost in all is one paid spend on the first day
    assert Campaign.objects.count() == told["campaigns"] == 110
    assert set(Campaign.objects.values_list("name", flat=True)) == {row["Campaign Name"] for row in campaigns}
    assert len({name.lower() for name in Campaign.objects.values_list("name", flat=True)}) == 109
    spent = {(row["CAMPAIGNID"], row["Start Date"], thousands(row["Actual Cost"])) for row in campaigns}
    paid = Spend.objects.filter(kind="paid").values_list("campaign__external_id", "on", "amount")
    assert {(key, str(day), amount) for key, day, amount in paid} == spent
    assert Spend.objects.aggregate(all=Sum("base_amount"))["all"] == told["actual_cost"] == 44_209_580
    assert Campaign.objects.aggregate(all=Sum("budget"))["all"] == told["budget"] == 37_420_350

    # leads: the status is an attribute, never the stage
    assert Lead.objects.count() == told["leads"] == len(leads) == 3_900
    status = Counter(row["Lead Status"] for row in leads)
    assert Counter(Lead.objects.values_list("attributes__lead_status", flat=True)) == status
    assert not Lead.objects.filter(history=False).exists()

    # deals
    outcomes = Counter(Deal.objects.values_list("outcome", flat=True))
    assert outcomes == {"won": told["won"], "lost": told["lost"], "open": 1_722}
    won = Deal.objects.won().aggregate(all=Sum("base_amount"))["all"]
    assert won == told["won_amount"] == 89_066_200
    assert round(won / Decimal(44_209_580) - 1, 6) == Decimal(str(told["roi"]))
    stages = Counter(Lead.objects.values_list("stage", flat=True))
    assert stages == {"won": 1_425, "nurture": 485, "deal": 1_722, "new": 268}
    older = sum(
        datetime.strptime(deal["Created Time"], STAMP) < datetime.strptime(created, STAMP)
        for created_of in [{row["LEADID"]: row["Created Time"] for row in leads}]
        for deal in deals
        for created in [created_of[deal["LEADID"]]]
    )
    warned = Counter(reason for *_rest, reason in rejects(zoho["zoho_deals"], warning=True))
    assert warned == {"the deal is older than its lead": older}


def test_the_path_of_a_deal_is_one_touch_by_its_own_campaign(zoho, table):
    created = {
        row["LEADID"]: datetime.strptime(row["Created Time"], STAMP) for row in table("zoho/Leads.csv")
    }
    owed = {
        (
            f"deal:{row['LEADID']}",
            row["Campaign Id"],
            min(created[row["LEADID"]], datetime.strptime(row["Created Time"], STAMP)),
        )
        for row in table("zoho/Potentials.csv")
    }
    touches = Touch.objects.values_list("external_id", "campaign__external_id", "at")
    assert {(key, campaign, at.replace(tzinfo=None)) for key, campaign, at in touches} == owed


def test_each_campaign_as_an_independent_count_has_it(zoho, table):
    count, worth = Counter(), defaultdict(Decimal)
    for row in table("zoho/Potentials.csv"):
        if row["Stage"] == "Closed Won":
            count[row["Campaign Id"]] += 1
            worth[row["Campaign Id"]] += dollars(row["Amount"])
    won = (
        Deal.objects.won()
        .values_list("contacts__touches__campaign__external_id")
        .annotate(number=Count("pk"), worth=Sum("base_amount"))
    )
    assert {key: (number, amount) for key, number, amount in won} == {
        key: (count[key], worth[key]) for key in count
    }
    with_a_win = Campaign.objects.filter(touches__contact__deals__outcome="won").distinct()
    assert (with_a_win.count(), Campaign.objects.count()) == (106, 110)


def test_the_same_files_change_nothing(zoho, take):
    before = [list(model.objects.order_by("pk").values()) for model in (Campaign, Spend, Lead, Deal, Touch)]
    for mapping, name in (
        ("zoho_campaigns", "Campaigns"),
        ("zoho_leads", "Leads"),
        ("zoho_deals", "Potentials"),
    ):
        run = take(f"zoho/{name}.csv", mapping)
        assert (run.counts["created"], run.counts["updated"]) == (0, 0)
    assert [
        list(model.objects.order_by("pk").values()) for model in (Campaign, Spend, Lead, Deal, Touch)
    ] == before


def test_people_of_the_file_are_known_by_name(take, table):
    david = User.objects.create_user("david@finepick.com", full_name="David Love", role="sales")
    run = take("zoho/Leads.csv", "zoho_leads")
    rows = Counter(row["Lead Owner"] for row in table("zoho/Leads.csv"))
    assert Lead.objects.filter(owner=david).count() == rows.pop("David Love")
    assert run.counts["unknown"] == dict(rows)
    assert Counter(Lead.objects.filter(~Q(owner_text="")).values_list("owner_text", flat=True)) == rows
