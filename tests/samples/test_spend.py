"""Ad spend: two writings of one file, and one without dates."""

from collections import Counter, defaultdict
from decimal import Decimal

import pytest
from django.db.models import Sum

from pipeline.models import Campaign, Spend
from tests.leads.importing.running import rejects

pytestmark = [pytest.mark.samples, pytest.mark.django_db]


@pytest.mark.parametrize(
    ("name", "mapping", "delimiter"),
    [("Marketing.csv", "spend_feb2021", ","), ("Marketing_semicolon.csv", "spend_feb2021_semicolon", ";")],
)
def test_both_writings_of_february_2021(take, table, expected, name, mapping, delimiter):
    run = take(f"spend_feb2021/{name}", mapping)
    told = expected["spend_feb2021"]
    assert rejects(run) == []
    sums = Spend.objects.aggregate(
        *(
            Sum(one)
            for one in ("amount", "base_amount", "impressions", "clicks", "reported_leads", "reported_orders")
        ),
        Sum("reported_revenue"),
    )
    assert sums == {
        "amount__sum": Decimal("30590879.82"),
        "base_amount__sum": Decimal("30590879.82"),
        "impressions__sum": told["impressions"],
        "clicks__sum": told["clicks"],
        "reported_leads__sum": told["leads"],
        "reported_orders__sum": told["orders"],
        "reported_revenue__sum": Decimal(told["revenue"]),
    }
    days = Counter(Spend.objects.values_list("on", flat=True))
    assert (len(days), set(days.values())) == (28, {11})
    by_campaign = defaultdict(Decimal)
    for row in table(f"spend_feb2021/{name}", delimiter):
        by_campaign[row["campaign_id"]] += Decimal(row["mark_spent"].replace(",", "."))
    spent = Campaign.objects.annotate(all=Sum("spends__amount")).values_list("external_id", "all")
    assert dict(spent) == by_campaign
    assert "facebook_tier2" in Campaign.objects.values_list("name", flat=True)


def test_the_second_writing_adds_nothing_to_the_first(take):
    take("spend_feb2021/Marketing.csv", "spend_feb2021")
    before = list(Spend.objects.order_by("pk").values())
    run = take("spend_feb2021/Marketing_semicolon.csv", "spend_feb2021_semicolon")
    assert (run.counts["created"], run.counts["updated"]) == (0, 0)
    assert list(Spend.objects.order_by("pk").values()) == before


def test_kag(take, expected):
    run = take("kag/KAG_conversion_data.csv", "kag")
    told = expected["kag"]
    assert rejects(run) == []
    by_campaign = {
        key: (cost, orders)
        for key, cost, orders in Campaign.objects.annotate(
            cost=Sum("spends__amount"), orders=Sum("spends__reported_orders")
        ).values_list("external_id", "cost", "orders")
    }
    assert sum(orders for _cost, orders in by_campaign.values()) == told["approved"]
    assert {key: round(float(cost / orders), 2) for key, (cost, orders) in by_campaign.items()} == {
        key: round(cost, 2) for key, cost in told["cpa"].items()
    }
    sums = Spend.objects.aggregate(Sum("amount"), Sum("impressions"), Sum("clicks"), Sum("reported_leads"))
    assert round(sums["amount__sum"], 2) == Decimal(str(told["spent"]))
    assert (sums["impressions__sum"], sums["clicks__sum"], sums["reported_leads__sum"]) == (
        told["impressions"], told["clicks"], told["total_conversion"],
    )  # fmt: skip
