"""Maven: deals without leads, of agents whom the file names in full."""

from collections import Counter, defaultdict
from decimal import Decimal

import pytest
from django.db.models import Sum

from accounts.models import User
from leads.importing import mapping as mappings
from leads.models import Lead, Touch
from pipeline.models import Company, Deal, Product
from reports.choice import Axes, parse
from reports.returns import returns
from reports.wins import wins
from tests.cast import NOON
from tests.leads.importing.running import rejects
from tests.samples.reading import api, figures, page

pytestmark = [pytest.mark.samples, pytest.mark.django_db]


@pytest.fixture(scope="module")
def maven(bring):
    """Accounts and products first, then the pipeline, whose run is returned; one of the agents works here by full
    name, and a value table tells who another one is.
    """
    User.objects.create_user("darcel@tandem.example", full_name="Darcel Schlecht", role="sales")
    User.objects.create_user("moses@tandem.example", full_name="M. Frase", role="sales")
    bring("maven/accounts.csv", "maven_accounts")
    bring("maven/products.csv", "maven_products")
    people = {"people": {"Moses Frase": "moses@tandem.example"}}
    return bring("maven/sales_pipeline.csv", mappings.load("maven_deals").spec | people)


def test_wins_on_the_dashboard_and_in_the_api(maven, cast, expected):
    told = expected["maven"]
    found = wins(parse({"period": "all"}, Axes({}, {}), NOON))
    assert (found.now.won, found.now.won_amount) == (4_238, 10_005_534)
    assert (told["stages"]["Won"], told["won_revenue"]) == (4_238, 10_005_534)
    quarters = defaultdict(Decimal)
    for month, deals in found.months.items():
        quarters[f"{month.year}Q{(month.month + 2) // 3}"] += deals.won_amount
    assert {name: worth for name, worth in quarters.items() if worth} == told["quarter_won"]
    assert round(found.now.win_rate, 4) == Decimal(str(told["win_rate_closed"]))

    outside = returns(parse({"period": "all"}, Axes({}, {}), NOON)).channels()
    earned = {name: (money.credited, money.revenue) for name, money in outside.items() if money.credited}
    assert earned == {"": (4_238, 10_005_534)}
    assert "Unattributed: 4,238 won deals without a touch, worth €10,005,534.00" in page(cast.finance)
    (line,) = [one for one in api(cast.finance, "channels")["results"] if one["credited"] != "0"]
    assert (line["channel"], line["credited"], line["revenue"], line["revenue_roi"]) == (
        "", "4238", "10005534", None,
    )  # fmt: skip
    assert figures(api(cast.finance, "dashboard"))["won"] == ("10005534", True)
    for quarter, worth in told["quarter_won"].items():
        year, number = quarter.split("Q")
        months = {"from": f"{year}-{int(number) * 3 - 2:02}", "to": f"{year}-{int(number) * 3:02}"}
        body = api(cast.finance, "dashboard", **months | {"period": "custom"})
        assert figures(body)["won"] == (str(worth), True), quarter


def test_deals_products_and_companies(maven, table, expected):
    rows = table("maven/sales_pipeline.csv")
    assert rejects(maven) == []
    assert Deal.objects.count() == expected["maven"]["rows"] == 8_800
    outcomes = Counter(Deal.objects.values_list("outcome", flat=True))
    assert outcomes == {"won": 4_238, "lost": 2_473, "open": 2_089}
    assert Deal.objects.filter(company=None).count() == sum(not row["account"] for row in rows) == 1_425
    assert not Lead.objects.exists()
    assert not Touch.objects.exists()
    names = {row["product"] for row in table("maven/products.csv")}
    assert set(Product.objects.values_list("name", flat=True)) == names
    mended = Counter(row["product"].replace("GTXPro", "GTX Pro") for row in rows)
    assert Counter(Deal.objects.values_list("product__name", flat=True)) == mended
    assert Company.objects.count() == 85
    assert set(Company.objects.values_list("industry", flat=True)) >= {"technology", "medical"}
    assert Company.objects.get(name="Bluth Company").parent.name == "Acme Corporation"


def test_agents_are_known_by_name_and_unknown_ones_reported(maven, table):
    rows = Counter(row["sales_agent"] for row in table("maven/sales_pipeline.csv"))
    top = Deal.objects.filter(owner__full_name="Darcel Schlecht")
    assert top.count() == rows.pop("Darcel Schlecht")
    assert (top.won().count(), top.won().aggregate(all=Sum("amount"))["all"]) == (349, Decimal(1_153_214))
    assert Deal.objects.filter(owner__full_name="M. Frase").count() == rows.pop("Moses Frase") > 100
    assert maven.counts["unknown"] == dict(rows)
    assert len(rows) == 28
    named = Deal.objects.filter(owner=None).values_list("owner_text", flat=True)
    assert Counter(named) == rows
