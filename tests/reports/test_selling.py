"""Costs of sales: entered, corrected, booked; and combined money by place against a naive count."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import organisation
from accounts.models import Organisation
from leads.models import Lead
from pipeline.models import Deal, MonthClose, SalesCost
from reports.choice import axes, parse
from reports.glance import glance
from reports.models import CampaignMonth
from reports.rollups import roll_all
from reports.segments import segments as segments_of
from reports.selling.combined import combined
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_csv, read_tables, worded
from tests.pages import queries
from tests.reports.attribution.test_credits import win
from tests.reports.test_returns import spend

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)
PAGE = "/dashboard/combined/?from=2026-06&to=2026-06"
COSTS = "/dashboard/costs/"


@pytest.fixture(autouse=True)
def full():
    """The level that shows all tabs."""
    Organisation.objects.update(level=3)
    organisation.forget()


def choose(**data):
    data = {name: str(value) for name, value in {"from": "2026-06", "to": "2026-06", **data}.items()}
    return parse(data, axes(data), NOON)


def cost(amount, kind="paid", month=JUNE, **fields):
    return SalesCost.objects.create(
        **{
            "of": "people",
            "kind": kind,
            "month": month,
            "on": month,
            "amount": amount,
            "base_amount": amount,
            **fields,
        }
    )


places = st.tuples(st.integers(0, 2), st.integers(0, 2))


class AgainstTheOracle(TestCase):
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(st.tuples(places, st.booleans(), st.integers(0, 1)), max_size=8),
        st.lists(st.tuples(places, st.sampled_from([10, 70])), max_size=4),
        st.lists(st.tuples(places, st.sampled_from([12, 30])), max_size=3),
        st.lists(st.tuples(places, st.sampled_from([None, 40])), max_size=6),
    )
    def test_money_stands_where_anybody_would_put_it(self, leads, costs, spent, wins):
        organisation.forget()
        segments, regions = (
            [None, make.segment("a"), make.segment("b")],
            [None, make.region("a"), make.region("b")],
        )
        campaigns = [make.campaign(segment=segments[s], region=regions[r]) for (s, r), _amount in spent]
        brought, worked = [], []
        for (s, r), accepted, which in leads:
            campaign = campaigns[which] if which < len(campaigns) else None
            lead = make.lead(campaign=campaign, segment=segments[s], region=regions[r])
            brought.append((campaign, s, r))
            if accepted:
                Lead.objects.filter(pk=lead.pk).update(sql_at=NOON)
                worked.append((s, r))
        wanted: dict = {}

        def add(s, r, name, amount):
            cell = wanted.setdefault((s, r), {})
            cell[name] = cell.get(name, 0) + amount

        def share_out(name, amount, s, r, weights):
            there = [(a, b) for a, b in weights if s in (0, a) and r in (0, b)]
            for a, b in there:
                add(a, b, name, Decimal(amount) / len(there))
            if not there:
                add(s, r, name, Decimal(amount))

        for (s, r), amount in costs:
            cost(amount, segment=segments[s], region=regions[r])
            share_out("sales", amount, s, r, worked)
        cost(1000, "planned")
        cost(1000, month=date(2026, 5, 1))
        for campaign, ((s, r), amount) in zip(campaigns, spent, strict=True):
            spend(campaign, amount)
            led = [(a, b) for one, a, b in brought if one == campaign]
            for a, b in led or [(0, 0)]:  # what a campaign says of itself holds, whomever it brought
                add(s or a, r or b, "marketing", Decimal(amount) / max(len(led), 1))
        for (s, r), unit in wins:
            win(100, company=make.company(segment=segments[s], region=regions[r]), cost=unit)
            add(s, r, "deals", 1)
            add(s, r, "margin", 100 - unit if unit is not None else 0)
            add(s, r, "uncosted", int(unit is None))
        roll_all()
        found = combined(choose())
        keys = {one.pk if one else 0: number for number, one in enumerate(segments)}
        where = {one.pk if one else 0: number for number, one in enumerate(regions)}
        told = {
            (keys[s], where[r]): {
                name: round(value, 6) for name in ("sales", "marketing", "deals", "margin", "uncosted") if (value := getattr(one, name))
            }
            for (s, r), one in found.cells.items()
        }  # fmt: skip
        expected = {
            key: {name: round(Decimal(value), 6) for name, value in cell.items() if value}
            for key, cell in wanted.items()
        }
        assert {key: cell for key, cell in told.items() if cell} == {
            key: cell for key, cell in expected.items() if cell
        }
        charged = {one.id: one.spend for one in segments_of(choose(), axes({}), 0).rows if one.spend}
        by_segment = {pk: one.marketing for pk, one in found.by("segment").items() if one.marketing}
        assert {pk: round(value, 6) for pk, value in by_segment.items()} == {
            pk: round(value, 6) for pk, value in charged.items()
        }
        for axis in ("segment", "region"):
            by_place = sum(one.cost for one in found.by(axis).values())
            assert round(by_place - found.total.cost, 6) == 0  # thirds have no end


def test_a_cost_is_entered_corrected_and_taken_away_by_whoever_may(client, cast):
    client.force_login(cast.sales_head)
    sent = {
        "of": "travel",
        "kind": "paid",
        "amount": "120.50",
        "currency": "EUR",
        "month": "2026-06",
        "on": "2026-06-09",
    }
    assert client.post(f"{COSTS}new/", sent | {"amount": ""}).status_code == 422
    assert client.post(f"{COSTS}new/", sent).status_code == 302
    one = SalesCost.objects.get()
    assert (one.amount, one.base_amount, one.booked, one.entered_by) == (
        Decimal("120.5"),
        Decimal("120.5"),
        JUNE,
        cast.sales_head,
    )
    assert "Travel" in client.get(COSTS).content.decode()
    assert len(read_csv(client.get(f"{COSTS}?format=csv"))) == 2
    page = client.get(f"{COSTS}{one.pk}/edit/").content.decode()
    assert "120.5" in page
    for user in (cast.marketer, cast.rep, cast.manager):
        client.force_login(user)
        assert client.get(COSTS).status_code == 403
        assert client.post(f"{COSTS}new/", sent).status_code == 403
    client.force_login(cast.marketing_head)
    assert client.get(COSTS).status_code == 200
    assert client.post(f"{COSTS}{one.pk}/remove/").status_code == 403
    client.force_login(cast.finance)
    assert client.post(f"{COSTS}{one.pk}/remove/").status_code == 302
    assert not SalesCost.objects.exists()


def test_a_cost_of_a_closed_month_is_booked_to_the_first_open_one(cast):
    MonthClose.objects.create(
        month=JUNE,
        closed_at=NOON,
        closed_by=cast.finance,
        deal_history=0,
        spend_history=0,
        last_deal=0,
        last_spend=0,
    )
    one = cost(10)
    one.refresh_from_db()
    assert (one.month, one.booked) == (JUNE, date(2026, 7, 1))


def test_the_api_keeps_and_tells_the_same(cast):
    api = Api(cast.finance)
    status, made = api.post(
        "/sales-costs/",
        {
            "of": "tools",
            "kind": "paid",
            "amount": "50",
            "currency": "EUR",
            "month": "2026-06-01",
            "on": "2026-06-02",
        },
    )
    assert status == 201, made
    assert (made["booked"], Decimal(made["base_amount"])) == ("2026-06-01", 50)
    assert api.patch(f"/sales-costs/{made['id']}/", {"amount": "60"})[0] == 200
    assert api.get("/sales-costs/")[1]["results"][0]["amount"] == "60.0000"
    assert Api(cast.marketer).get("/sales-costs/")[0] == 403
    assert api.delete(f"/sales-costs/{made['id']}/")[0] == 204
    cost(90)
    win(100, company=make.company(), cost=10)
    roll_all()
    status, told = api.get("/reports/combined/", **{"from": "2026-06", "to": "2026-06"})
    assert status == 200
    assert (told["total"]["sales"], told["total"]["margin"], told["total"]["times"]) == ("90", "90", "1")
    assert told["total"]["cac_with_sales"] == "90"


def test_what_selling_cost_by_what_for_is_that_of_the_places_asked_for(client, cast):
    north, south, big = make.region("north"), make.region("south"), make.segment("big")
    cost(100, region=north)
    cost(40, of="travel", region=south)
    cost(30, of="tools", segment=big)
    Lead.objects.filter(pk=make.lead(segment=big, region=south).pk).update(sql_at=NOON)
    roll_all()
    wanted = {
        "": {"people": 100, "travel": 40, "tools": 30},
        f"&region={north.pk}": {"people": 100},
        f"&region={south.pk}": {"travel": 40, "tools": 30},
        f"&segment={big.pk}": {"travel": 40, "tools": 30},
    }
    client.force_login(cast.admin)
    for query, kinds in wanted.items():
        page = client.get(f"{PAGE}{query}")
        found = combined(choose(**dict(part.split("=") for part in query[1:].split("&") if part)))
        assert found.kinds == kinds, query
        assert sum(kinds.values()) == found.total.sales
        assert [row["amount"] for row in page.context["kinds"].rows] == sorted(kinds.values(), reverse=True)


def test_the_page_tells_how_sure_it_is_and_changes_no_other_figure(client, cast):
    good, poor = make.segment("good"), make.segment("poor")
    for segment, unit in ((good, 10), (poor, 90)):
        for _ in range(20):
            win(100, company=make.company(segment=segment), cost=unit)
        cost(200, segment=segment)
    renewed = win(100, company=make.company(segment=good), cost=10)
    Deal.objects.filter(pk=renewed.pk).update(kind="renewal")  # no win of new business
    spend(None, 100)
    roll_all()
    before = glance(cast.admin, choose(), NOON).cac
    months = list(CampaignMonth.objects.values_list())
    client.force_login(cast.admin)
    page = client.get(PAGE)
    for row in page.context["table"].rows:
        if row["deals"]:
            assert len(client.get(row["deals_href"]).context["table"].rows) == row["deals"], row["name"]
    html = page.content.decode()
    assert "GOOD earns the most per cost (9.0×), POOR the least (1.0×)." in html
    assert f"/dashboard/shifts/?by=segment&amp;source={poor.pk}&amp;target={good.pk}" in html
    assert [row["name"] for row in page.context["table"].rows] == ["GOOD", "POOR", "No segment", "All"]
    assert [row["name"] for row in client.get(f"{PAGE}&by=region").context["table"].rows] == ["No region"]
    tables = read_tables(client.get(f"{PAGE}&format=csv"))
    assert list(tables) == ["", "Cost of sales"]
    assert not worded(tables)
    SalesCost.objects.all().delete()
    roll_all()
    assert glance(cast.admin, choose(), NOON).cac == before
    assert list(CampaignMonth.objects.values_list()) == months
    assert queries(client, PAGE) <= 5 + 2
    client.force_login(cast.rep)
    assert client.get(PAGE).status_code == 403
