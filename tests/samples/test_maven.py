"""Maven: deals without leads, of agents whom the file names in full."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum
from django.db.models.functions import ExtractQuarter

from accounts.models import User
from leads.importing import mapping as mappings
from leads.models import Lead, Touch
from pipeline.models import Company, Deal, Product
from tests.leads.importing.running import rejects

pytestmark = [pytest.mark.samples, pytest.mark.django_db]


@pytest.fixture
def maven(take):
    """Accounts and products first, then the pipeline, whose run is returned; two of the agents work here."""
    User.objects.create_user("darcel@tandem.example", full_name="Darcel Schlecht", role="sales")
    take("maven/accounts.csv", "maven_accounts")
    take("maven/products.csv", "maven_products")
    return take("maven/sales_pipeline.csv", "maven_deals")


def test_deals(maven, table, expected):
    connection.check_constraints()
    told = expected["maven"]
    rows = table("maven/sales_pipeline.csv")
    assert rejects(maven) == []
    assert Deal.objects.count() == told["rows"] == 8_800
    assert Counter(Deal.objects.values_list("outcome", flat=True)) == {
        "won": 4_238,
        "lost": 2_473,
        "open": 2_089,
    }
    won = Deal.objects.won()
    assert won.aggregate(all=Sum("base_amount"))["all"] == told["won_revenue"] == 10_005_534
    quarters = (
        won.annotate(quarter=ExtractQuarter("signed_on")).values_list("quarter").annotate(all=Sum("amount"))
    )
    assert {f"2017Q{quarter}": worth for quarter, worth in quarters} == told["quarter_won"]
    assert Deal.objects.filter(company=None).count() == sum(not row["account"] for row in rows) == 1_425
    assert not Lead.objects.exists()
    assert not Touch.objects.exists()


def test_spelling_is_mended_and_no_company_is_made_twice(maven, table):
    assert set(Product.objects.values_list("name", flat=True)) == {
        row["product"] for row in table("maven/products.csv")
    }
    mended = Counter(row["product"].replace("GTXPro", "GTX Pro") for row in table("maven/sales_pipeline.csv"))
    assert Counter(Deal.objects.values_list("product__name", flat=True)) == mended
    assert Company.objects.count() == 85
    assert set(Company.objects.values_list("industry", flat=True)) >= {"technology", "medical"}
    assert Company.objects.get(name="Bluth Company").parent.name == "Acme Corporation"


def test_agents_are_known_by_name_and_unknown_ones_reported(maven, table):
    rows = Counter(row["sales_agent"] for row in table("maven/sales_pipeline.csv"))
    top = Deal.objects.filter(owner__full_name="Darcel Schlecht")
    assert top.count() == rows.pop("Darcel Schlecht")
    assert (top.won().count(), top.won().aggregate(all=Sum("amount"))["all"]) == (349, Decimal(1_153_214))
    assert maven.counts["unknown"] == dict(rows)
    assert len(rows) == 29
    named = Deal.objects.exclude(owner_text="Darcel Schlecht").values_list("owner_text", flat=True)
    assert Counter(named) == rows


def test_a_value_table_tells_who_is_meant(take):
    user = User.objects.create_user("moses@tandem.example", full_name="M. Frase", role="sales")
    spec = mappings.load("maven_deals").spec | {"people": {"Moses Frase": "moses@tandem.example"}}
    take("maven/sales_pipeline.csv", spec)
    assert Deal.objects.filter(owner=user).count() > 100
