"""Zoho: campaigns with their cost, leads, and deals that are won on them."""

from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal

import pytest
from django.db.models import Sum

from accounts.models import User
from leads.models import Lead, Touch
from pipeline.models import Campaign, Deal, Spend
from reports.choice import Axes, parse
from reports.returns import returns
from tests.cast import NOON
from tests.leads.importing.running import rejects
from tests.samples.reading import api, figures, page

pytestmark = [pytest.mark.samples, pytest.mark.django_db]
STAMP = "%d %b, %Y %H:%M:%S"
FILES = {"zoho_campaigns": "Campaigns", "zoho_leads": "Leads", "zoho_deals": "Potentials"}
KEPT = (Campaign, Spend, Lead, Deal, Touch)


def thousands(text):
    """ "$1,117.10K" by hand."""
    return Decimal(text.strip("$K").replace(",", "")) * 1000


def dollars(text):
    return Decimal(text.strip("$").replace(",", ""))


@pytest.fixture(scope="module")
def zoho(bring):
    """The runs of the three files; one of the people they name works here."""
    User.objects.create_user("david@finepick.com", full_name="David Love", role="sales")
    return {mapping: bring(f"zoho/{name}.csv", mapping) for mapping, name in FILES.items()}


@pytest.fixture(scope="module")
def counted(table):
    """{campaign id: (wins, worth, cost)} by hand."""
    cost = {row["CAMPAIGNID"]: thousands(row["Actual Cost"]) for row in table("zoho/Campaigns.csv")}
    wins, worth = Counter(), defaultdict(Decimal)
    for row in table("zoho/Potentials.csv"):
        if row["Stage"] == "Closed Won":
            wins[row["Campaign Id"]] += 1
            worth[row["Campaign Id"]] += dollars(row["Amount"])
    return {key: (wins[key], worth[key], cost[key]) for key in cost}


def test_the_return_on_the_dashboard_and_in_the_api(zoho, cast, expected):
    told = expected["zoho"]
    total = returns(parse({"period": "all"}, Axes({}, {}), NOON)).total
    assert (total.credited, total.revenue, total.spend) == (1_425, 89_066_200, 44_209_580)
    assert (told["won"], told["won_amount"], told["actual_cost"]) == (1_425, 89_066_200, 44_209_580)
    assert round(total.revenue_roi, 6) == Decimal(str(told["roi"])) == Decimal("1.014636")
    for user in (cast.marketer, cast.finance):
        words = page(user)
        assert "Revenue ROI" in words
        assert "+101.46%" in words
    body = api(cast.finance, "dashboard")
    assert figures(body)["revenue_roi"] == ("1.014636", True)
    assert figures(body)["won"] == ("89066200", True)
    assert (body["total"]["spend"], body["total"]["revenue"]) == ("44209580", "89066200")
    assert "+101.46%" not in page(cast.rep)


def test_each_campaign_as_an_independent_count_has_it(zoho, cast, counted):
    oracle = {key: (worth - cost) / cost for key, (_wins, worth, cost) in counted.items()}
    keys = dict(Campaign.objects.values_list("pk", "external_id"))
    for model in ("first", "last", "linear"):  # one touch: every model says the same
        lines = [one for one in api(cast.finance, "campaigns", model=model)["results"] if one["campaign"]]
        found = {keys[one["campaign"]]: one for one in lines}
        assert {key: (Decimal(one["credited"]), Decimal(one["revenue"]), Decimal(one["spend"]))
                for key, one in found.items()} == counted  # fmt: skip
        assert {key: one["revenue_roi"] for key, one in found.items()} == {
            key: f"{roi:.6f}".rstrip("0").rstrip(".") for key, roi in oracle.items()
        }
    with_a_win = [key for key, (wins, *_money) in counted.items() if wins]
    assert (len(with_a_win), len(counted)) == (106, 110)
    assert sum(roi == -1 for roi in oracle.values()) == 4
    assert page(cast.finance, "/dashboard/campaigns/").count("−100.00%") >= 4 * 3


def test_campaigns_leads_and_deals(zoho, table, expected):
    told = expected["zoho"]
    campaigns, leads, deals = (table(f"zoho/{name}.csv") for name in FILES.values())
    assert [rejects(run) for run in zoho.values()] == [[], [], []]

    # campaigns: case decides, a cost in all is one paid spend on the first day
    assert Campaign.objects.count() == told["campaigns"] == 110
    assert set(Campaign.objects.values_list("name", flat=True)) == {row["Campaign Name"] for row in campaigns}
    assert len({name.lower() for name in Campaign.objects.values_list("name", flat=True)}) == 109
    spent = {(row["CAMPAIGNID"], row["Start Date"], thousands(row["Actual Cost"])) for row in campaigns}
    paid = Spend.objects.filter(kind="paid").values_list("campaign__external_id", "on", "amount")
    assert {(key, str(day), amount) for key, day, amount in paid} == spent
    assert Campaign.objects.aggregate(all=Sum("budget"))["all"] == told["budget"] == 37_420_350

    # leads: the status is an attribute, never the stage; people are known by their names
    assert Lead.objects.count() == told["leads"] == len(leads) == 3_900
    status = Counter(row["Lead Status"] for row in leads)
    assert Counter(Lead.objects.values_list("attributes__lead_status", flat=True)) == status
    assert not Lead.objects.filter(history=False).exists()
    named = Counter(row["Lead Owner"] for row in leads)
    assert zoho["zoho_leads"].counts["unknown"] == {
        name: n for name, n in named.items() if name != "David Love"
    }
    sold = {row["LEADID"] for row in deals}  # a deal's owner takes over its lead
    unsold = Lead.objects.exclude(external_id__in=sold)
    owners = Counter(row["Lead Owner"] for row in leads if row["LEADID"] not in sold)
    assert unsold.filter(owner__full_name="David Love").count() == owners.pop("David Love")
    assert Counter(unsold.filter(owner=None).values_list("owner_text", flat=True)) == owners

    # deals: one older than its lead is a warning
    outcomes = Counter(Deal.objects.values_list("outcome", flat=True))
    assert outcomes == {"won": told["won"], "lost": told["lost"], "open": 1_722}
    stages = Counter(Lead.objects.values_list("stage", flat=True))
    assert stages == {"won": 1_425, "nurture": 485, "deal": 1_722, "new": 268}
    created = {row["LEADID"]: datetime.strptime(row["Created Time"], STAMP) for row in leads}
    opened = {row["LEADID"]: datetime.strptime(row["Created Time"], STAMP) for row in deals}
    older = sum(at < created[key] for key, at in opened.items())
    warned = Counter(reason for *_rest, reason in rejects(zoho["zoho_deals"], warning=True))
    assert warned == {"the deal is older than its lead": older}

    # the path of a deal is one touch by its own campaign
    owed = {
        (f"deal:{row['LEADID']}", row["Campaign Id"], min(created[row["LEADID"]], opened[row["LEADID"]]))
        for row in deals
    }
    touches = Touch.objects.values_list("external_id", "campaign__external_id", "at")
    assert {(key, campaign, at.replace(tzinfo=None)) for key, campaign, at in touches} == owed


def test_the_same_files_change_nothing(zoho, bring):
    before = [list(model.objects.order_by("pk").values()) for model in KEPT]
    for mapping, name in FILES.items():
        run = bring(f"zoho/{name}.csv", mapping)
        assert (run.counts["created"], run.counts["updated"]) == (0, 0)
    assert [list(model.objects.order_by("pk").values()) for model in KEPT] == before
