"""Ad spend: two writings of one file, and one without dates."""

import csv
import io
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from leads.importing.keys import content_key
from pipeline.models import Campaign, ExchangeRate, Spend
from reports.choice import Axes, parse
from reports.returns import returns
from tests.cast import NOON
from tests.leads.importing.running import rejects
from tests.samples.reading import api, page

pytestmark = [pytest.mark.samples, pytest.mark.django_db]
ALL_TIME = {"period": "all"}
MEANT = {"influencer": "content", "media": "display", "search": "sem", "social": "social"}


@pytest.mark.parametrize(
    ("name", "mapping", "delimiter", "other", "its_mapping"),
    [
        ("Marketing.csv", "spend_feb2021", ",", "Marketing_semicolon.csv", "spend_feb2021_semicolon"),
        ("Marketing_semicolon.csv", "spend_feb2021_semicolon", ";", "Marketing.csv", "spend_feb2021"),
    ],
)
def test_both_writings_of_february_2021(
    take, cast, table, expected, name, mapping, delimiter, other, its_mapping
):
    run = take(f"spend_feb2021/{name}", mapping)
    told, rows = expected["spend_feb2021"], table(f"spend_feb2021/{name}", delimiter)
    assert rejects(run) == []
    days = Counter(Spend.objects.values_list("on", flat=True))
    assert (len(days), set(days.values())) == (28, {11})
    assert "facebook_tier2" in Campaign.objects.values_list("name", flat=True)

    # the rollups
    found = returns(parse(ALL_TIME, Axes({}, {}), NOON))
    total = found.total
    assert total.spend == total.reported_spend == found.spent == Decimal("30590879.82")
    assert (total.impressions, total.clicks) == (told["impressions"], told["clicks"])
    assert (total.reported_leads, total.reported_orders) == (told["leads"], told["orders"])
    assert total.reported_revenue == told["revenue"] == 42_889_366
    assert round(float(total.reported_roi), 6) == told["romi"] == 0.402031
    rates = {name: round(float(money.reported_roi), 6) for name, money in found.channels().items()}
    assert rates == {MEANT[category]: rate for category, rate in told["romi_by_category"].items()}
    by_campaign = defaultdict(Decimal)
    for row in rows:
        by_campaign[row["campaign_id"]] += Decimal(row["mark_spent"].replace(",", "."))
    keys = dict(Campaign.objects.values_list("pk", "external_id"))
    assert {keys[line.campaign]: line.money.spend for line in found.lines} == by_campaign

    # the pages and the API
    words = page(cast.finance)
    assert "€30,590,879.82" in words
    assert "€42,889,366.00 of revenue on €30,590,879.82 of spend: +40.20%" in words
    assert "+154.29%" in page(cast.finance, "/dashboard/campaigns/")
    body = api(cast.finance, "dashboard")["total"]
    assert (body["spend"], body["reported_revenue"], body["reported_roi"]) == (
        "30590879.82", "42889366", "0.402031",
    )  # fmt: skip
    channels = {one["channel"]: one["reported_roi"] for one in api(cast.finance, "channels")["results"]}
    assert channels["sem"] == "0.070704"

    # the other writing adds nothing
    again = take(f"spend_feb2021/{other}", its_mapping)
    assert (again.counts["created"], again.counts["updated"]) == (0, 0)


def test_kag(take, cast, expected):
    run = take("kag/KAG_conversion_data.csv", "kag")
    told = expected["kag"]
    assert rejects(run) == []
    by_campaign = {
        key: (cost, orders)
        for key, cost, orders in Campaign.objects.annotate(
            cost=Sum("spends__amount"), orders=Sum("spends__reported_orders")
        ).values_list("external_id", "cost", "orders")
    }
    assert {key: round(float(cost / orders), 2) for key, (cost, orders) in by_campaign.items()} == {
        key: round(cost, 2) for key, cost in told["cpa"].items()
    }
    total = returns(parse(ALL_TIME, Axes({}, {}), NOON)).total
    assert round(total.spend, 2) == Decimal(str(told["spent"]))
    assert (total.impressions, total.clicks) == (told["impressions"], told["clicks"])
    assert (total.reported_leads, total.reported_orders) == (told["total_conversion"], told["approved"])
    assert (total.reported_roi, total.revenue_roi) == (None, Decimal(-1))
    assert "€63.83" in page(cast.finance, "/dashboard/campaigns/")
    assert api(cast.finance, "dashboard")["total"]["reported_roi"] is None


ADS = "crm_exports/ad_platforms_fivetran"


@pytest.mark.parametrize(
    ("name", "mapping", "key", "cost", "unit"),
    [
        ("google_ads_campaign_stats_data.csv", "google_ads", "id", "cost_micros", 1_000_000),
        ("facebook_ads_basic_ad_data.csv", "meta_ads", "ad_id", "spend", 1),
        (
            "linkedin_ad_analytics_by_campaign_data.csv",
            "linkedin_ads",
            "campaign_id",
            "cost_in_local_currency",
            1,
        ),
    ],
)
def test_exports_of_the_ad_platforms(take, table, tmp_path, name, mapping, key, cost, unit):
    rows = table(f"{ADS}/{name}")
    if "cost_in_usd" in rows[0]:  # the file says dollars
        ExchangeRate.objects.create(currency="USD", on=date(2020, 1, 1), rate=1)
    run = take(f"{ADS}/{name}", mapping)
    assert rejects(run) == []
    spent, seen = defaultdict(Decimal), defaultdict(int)
    for row in rows:
        spent[row[key]] += Decimal(row[cost] or 0) / unit
        seen[row[key]] += int(row["impressions"] or 0)
    found = returns(parse(ALL_TIME, Axes({}, {}), NOON))
    keys = dict(Campaign.objects.values_list("pk", "external_id"))
    assert {keys[line.campaign]: line.money.spend for line in found.lines} == {
        one: round(amount, 4) for one, amount in spent.items()
    }
    assert found.total.impressions == sum(seen.values())
    if mapping != "google_ads":  # as it came before a day of an ad was known by both
        for row in Spend.objects.all():
            Spend.objects.filter(pk=row.pk).update(external_id=content_key([str(row.pk)]))
    again = take(f"{ADS}/{name}", mapping)
    assert (again.counts["created"], again.counts["updated"]) == (0, 0)
    restated = next(row for row in rows if Decimal(row[cost] or 0))
    restated[cost] = str(Decimal(restated[cost]) + unit)
    if "cost_in_usd" in restated:
        assert set(Spend.objects.values_list("currency", flat=True)) == {"USD"}
        restated["cost_in_usd"] = restated[cost]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / name
    path.write_text(text.getvalue(), encoding="utf-8")
    later = take(path, mapping)
    assert (later.counts["created"], later.counts["updated"]) == (0, 1)
    if "cost_in_usd" in restated:  # where it is not dollars, somebody has to say what it is
        restated["cost_in_usd"] = "1.25"
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
        path.write_text(text.getvalue(), encoding="utf-8")
        ((column, reason),) = [(one[-3], one[-1]) for one in rejects(take(path, mapping))]
        assert (column, "currency in the mapping" in reason) == ("cost_in_local_currency", True)
