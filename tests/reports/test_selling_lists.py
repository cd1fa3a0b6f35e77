"""Behind each figure of combined money: its list sums to it, and each line of that to what it was spread from."""

from datetime import date
from decimal import Decimal

import pytest

from accounts import organisation
from accounts.models import Organisation, Team, Track
from leads.models import Lead
from reports.glance import glance
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_csv
from tests.pages import queries
from tests.reports.attribution.test_credits import win
from tests.reports.test_returns import spend
from tests.reports.test_selling import COSTS, PAGE, choose, cost

pytestmark = pytest.mark.django_db
FIGURES = ("marketing", "sales", "cost")


@pytest.fixture
def house(cast):
    """Money of both teams that says of itself nothing, one of both or both, and whom it follows."""
    Organisation.objects.update(level=3)
    organisation.forget()
    north, south, big, small = (
        make.region("north"),
        make.region("south"),
        make.segment("big"),
        make.segment("small"),
    )
    hunters = Team.objects.create(name="Hunters", track=Track.SALES, region=north)
    fairs = make.campaign("Fairs")
    aimed = make.campaign("Aimed", segment=big, parent=fairs, for_existing=True)
    for campaign, amount, kind in (
        (fairs, 1000, "paid"),
        (aimed, 300, "committed"),
        (None, 70, "paid"),
        (aimed, 999, "planned"),
    ):
        spend(campaign, amount, kind)
    spend(fairs, 5000, month=date(2026, 5, 1))
    for campaign, segment, region, accepted in (
        (fairs, big, north, True),
        (fairs, big, south, False),
        (fairs, small, south, True),
        (aimed, big, north, True),
        (None, small, None, True),
    ):
        lead = make.lead(campaign=campaign, segment=segment, region=region)
        if accepted:
            Lead.objects.filter(pk=lead.pk).update(sql_at=NOON)
    cost(100, of="people", team=hunters)
    cost(20, of="people", team=hunters, segment=big)
    cost(7, of="travel")
    cost(11, of="travel", region=south, kind="committed")
    cost(13, of="tools", campaign=aimed)
    cost(900, of="tools", kind="planned")
    cost(900, of="tools", month=date(2026, 7, 1))
    win(100, company=make.company(segment=big, region=north), cost=40)
    roll_all()
    return {"north": north, "south": south, "big": big}  # fmt: skip


def summed(page):
    """What the list on a page sums to, and its lines: of spend, of costs, or of shares."""
    rows = page.context["table"].rows
    if rows and "stands" in rows[0]:
        rows = [row for row in rows if "share" in row]
        return sum(row["stands"] for row in rows), rows
    return sum((row["base_amount"] for row in rows), Decimal()), []


@pytest.mark.parametrize("where", ["", "&by=region", "&region={north}", "&segment={big}", "&segment={big}&region={south}", "&segment=none&by=region"])  # fmt: skip
def test_each_figure_opens_a_list_that_sums_to_it(client, cast, house, where):
    client.force_login(cast.finance)
    page = client.get(PAGE + where.format(**{name: one.pk for name, one in house.items()}))
    figures = [(row[name], row[f"{name}_href"]) for row in page.context["table"].rows for name in FIGURES]
    figures += [(row["amount"], row["href"]) for row in page.context["kinds"].rows]
    spread = []
    for amount, href in figures:
        told, lines = summed(client.get(href))
        assert round(told - amount, 6) == 0, href
        spread += lines
    for line in {line["href"]: line for line in spread}.values():
        told, lines = summed(client.get(line["href"]))
        assert (told, lines) == (line["whole"], []), line
    narrow = bool(where.replace("&by=region", ""))
    assert bool(spread) or not narrow


def test_a_list_says_what_was_spread_and_by_what_share(client, cast, house):
    client.force_login(cast.sales_head)
    page = client.get(f"/dashboard/combined/cost/?from=2026-06&to=2026-06&region={house['south'].pk}")
    told = [
        (row["name"], row.get("whose", ""), row.get("by", ""), round(row["stands"], 2))
        for row in page.context["table"].rows
    ]
    assert told == [
        ("Fairs", "", "2 of 3 leads that it brought", Decimal("666.67")),
        ("Cost of sales: Travel", "South", "it says so itself", 11),
        ("Cost of sales: Travel", "", "1 of 4 SQLs accepted in the period", Decimal("1.75")),
        ("Together", "", "", Decimal("679.42")),
    ]  # fmt: skip
    assert "region: South" in page.content.decode()
    file = read_csv(
        client.get(f"/dashboard/combined/cost/?from=2026-06&to=2026-06&region={house['south'].pk}&format=csv")
    )
    assert len(file) == 1 + len(told)  # fmt: skip
    assert (
        queries(client, f"/dashboard/combined/cost/?from=2026-06&to=2026-06&region={house['south'].pk}") <= 8
    )
    assert client.get("/dashboard/combined/luck/").status_code == 404
    assert client.get("/dashboard/combined/sales/?of=luck").status_code == 400
    client.force_login(cast.rep)
    assert client.get("/dashboard/combined/marketing/").status_code == 403


def test_costs_are_narrowed_by_months_kinds_and_what_says_nothing(client, cast, house):
    client.force_login(cast.finance)

    def amounts(query):
        page = client.get(f"{COSTS}?{query}")
        return sorted(int(row["amount"]) for row in page.context["table"].rows), page.context["sum"]

    june = "month_after=2026-06-01&month_before=2026-06-30"
    assert amounts(june) == ([7, 11, 13, 20, 100, 900], 1051)
    assert amounts(f"{june}&kind=committed,paid") == ([7, 11, 13, 20, 100], 151)
    assert amounts(f"{june}&team=none&campaign=none") == ([7, 11, 900], 918)
    assert amounts(f"{june}&segment=none&region={house['south'].pk}") == ([11], 11)
    assert amounts("month_after=2027-01-01") == ([], None)
    status, told = Api(cast.finance).get("/sales-costs/", kind="planned", team="none")
    assert (status, [Decimal(one["amount"]) for one in told["results"]]) == (200, [900])


def test_nothing_spent_is_no_acquisition_cost(client, cast, house):
    win(50, company=make.company(region=make.region("east"), segment=make.segment("new")), cost=10)
    roll_all()
    client.force_login(cast.finance)
    rows = {row["name"]: row for row in client.get(f"{PAGE}&by=region").context["table"].rows}
    east, north = rows["East"], rows["North"]
    assert (east["customers"], east["marketing"], east["cac"], east["cac_with_sales"]) == (1, 0, None, None)
    assert east["cac_note"] == east["cac_with_sales_note"] == "nothing was spent on it"
    assert (north["cac"], north["cac_note"]) == (north["marketing"], "")
    assert "nothing was spent on it" in client.get(f"{PAGE}&by=region").content.decode()
    seen = glance(cast.finance, choose(segment=make.segment("new").pk), NOON)
    assert (seen.charged, seen.won.customers, seen.cac) == (0, 1, None)
    told = Api(cast.finance).get("/reports/combined/", **{"from": "2026-06", "to": "2026-06", "by": "region"})
    assert [one["cac"] for one in told[1]["results"] if one["place"] == make.region("east").pk] == [None]
