"""Segments: customers' years against a naive count, lifetime value, spend by segment, the page and the lists behind it."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import organisation
from accounts.models import Organisation
from leads import closing
from pipeline.models import Company, Deal
from reports import valuing
from reports.choice import axes, parse
from reports.glance import glance, tiles
from reports.models import CountedCustomer, CountedDeal
from reports.rollups import roll_all
from reports.segments import Segment, Segments, lifetime_value, segments, spent
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_csv
from tests.pages import queries
from tests.reports.attribution.test_credits import DAY, win
from tests.reports.test_returns import spend

pytestmark = pytest.mark.django_db
RATE = Decimal("0.1")


@pytest.fixture(autouse=True)
def full():
    """The level that shows the tab."""
    Organisation.objects.update(level=3)
    organisation.forget()


def months_after(first, day):
    return (day.year - first.year) * 12 + day.month - first.month


def day_of(months):
    return date(2023 + months // 12, months % 12 + 1, 15)


def naive_years(buys, gone):
    """[(year, kept, deals, revenue, margin, uncosted)] of one customer's [(day, amount, cost)], bought, and what of it was cancelled."""
    if not buys:
        return []
    first = min(day for day, _amount, _cost in buys)
    years, bought, unknown = defaultdict(list), defaultdict(int), defaultdict(int)
    for day, amount, cost in buys + gone:
        years[-(-months_after(first, day) // 12)].append((amount, cost))
    for day, _amount, cost in buys:
        bought[-(-months_after(first, day) // 12)] += 1
        unknown[-(-months_after(first, day) // 12)] += cost is None
    return sorted(
        (
            year + 1,
            bool(bought.get(year + 1)),
            bought.get(year + 1, 0),
            sum(amount for amount, _cost in years.get(year + 1, [])),
            sum(amount - cost for amount, cost in years.get(year + 1, []) if cost is not None),
            unknown.get(year + 1, 0),
        )
        for year in list(bought)
    )


class Customers(TestCase):
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        buys=st.lists(
            st.tuples(
                st.integers(0, 2),
                st.integers(0, 41),
                st.sampled_from([0, 100, 250]),
                st.sampled_from([None, 30]),
                st.sampled_from([None, 0, 13]),
            ),
            max_size=12,
        ),
        merged=st.booleans(),
    )
    def test_years_are_those_of_the_oracle(self, buys, merged):
        organisation.forget()
        firms, whose = [make.company() for _ in range(3)], {0: 1} if merged else {}
        bought, gone = defaultdict(list), defaultdict(list)
        for firm, month, amount, cost, later in buys:
            deal, number = (
                win(amount, company=firms[firm], signed_on=day_of(month), cost=cost),
                whose.get(firm, firm),
            )
            bought[number].append((day_of(month), amount, cost))
            if amount and later is not None:
                on = day_of(month + later)
                closing.cancel(
                    deal, amount=Decimal(amount) / 2, on=on, reason="gone", by=None, at=NOON + 999 * DAY
                )
                gone[number].append((day_of(month), -Decimal(amount) / 2, cost and -Decimal(cost) / 2))
        roll_all()
        if merged:
            Company.objects.filter(pk=firms[0].pk).update(merged_into=firms[1])
            roll_all()
        for number, firm in enumerate(firms):
            rows = CountedCustomer.objects.filter(company=firm).order_by("year")
            found = rows.values_list("year", "kept", "deals", "revenue", "margin", "uncosted")
            assert list(found) == naive_years(bought[number], gone[number])


def choose(**data):
    """A Choice over all time, with the segments and regions that there are."""
    return parse({"period": "all", **data}, axes(), NOON)


def test_lifetime_value():
    assert round(lifetime_value(Decimal(100), Decimal("0.8"), RATE), 4) == Decimal("266.6667")
    assert lifetime_value(Decimal(100), Decimal(0), RATE) == 0
    assert lifetime_value(Decimal(100), Decimal(1), RATE) == 1000


def firm():
    """Two segments of 20 customers who first bought in January 2024: large ones stay a year and bring, small ones go.

    The two years after the first purchase are over. A campaign for small ones costs 300, one that brought both sides 100.
    """
    large, small = make.segment("large"), make.segment("small")
    for segment, amount, staying in ((large, 1000, 16), (small, 100, 5)):
        for number in range(20):
            company = make.company(segment=segment)
            win(amount, company=company, signed_on=date(2024, 1, 20), cost=amount // 2)
            if number < staying:
                win(amount, company=company, signed_on=date(2025, 1, 2), cost=amount // 2, kind="renewal")
    mailing, search = make.campaign("Mailing", segment=small), make.campaign("Search")
    for segment in (large, large, large, small):
        make.lead(campaign=search, segment=segment)
    spend(mailing, 300)
    spend(search, 100)
    spend(None, 40)
    roll_all()
    return large, small


def test_what_segments_bring_cost_and_are_worth(cast):
    large, small = firm()

    def cac(**query):
        query |= {"period": "all"}
        return glance(cast.admin, parse(query, axes(query), NOON), NOON).cac

    # 20 new customers in each of two segments
    assert (cac(segment=str(large.pk)), cac(segment=str(small.pk))) == (Decimal(75) / 20, Decimal(325) / 20)
    assert (cac(segment="none"), cac(region="none"), cac()) == (None, None, 11)
    query = {"period": "all", "region": "none"}
    nowhere = parse(query, axes(query), NOON)
    (told,) = [
        one for one in tiles.tiles(glance(cast.admin, nowhere, NOON), nowhere, "ceo") if one["key"] == "cac"
    ]
    assert (told["text"], told["note"]) == ("–", "not told of a region: campaigns reach beyond it")
    board = tiles.tiles(
        glance(cast.admin, choose(segment=str(large.pk)), NOON), choose(segment=str(large.pk)), "ceo"
    )
    (told,) = [one for one in board if one["key"] == "cac"]
    assert told["note"] == "€75 for 20 new customers"
    assert told["href"].startswith(f"/dashboard/segments/{large.pk}/spend/")
    found = segments(choose(), axes(), RATE)
    told = {
        one.id: (one.won, one.revenue, one.margin, one.spend, one.retention, one.yearly_margin)
        for one in found.rows
    }
    assert told == {
        large.pk: (36, 36_000, 18_000, 75, Decimal(16) / 36, 500),
        small.pk: (25, 2_500, 1_250, 325, Decimal("0.2"), 50),
        0: (0, 0, 0, 40, None, None),
    }
    worth = {one.id: one.worth for one in found.rows}
    assert float(worth[large.pk]) == pytest.approx(500 * (4 / 9) / (1.1 - 4 / 9))
    assert float(worth[small.pk]) == pytest.approx(50 * 0.2 / 0.9)
    assert worth[0] is None
    assert [one.id for one in found.lowest] == [small.pk]
    assert found.spend_share(found.rows[1]) == Decimal(325) / 440
    assert found.earned_share(found.rows[0]) == Decimal(18_000) / 19_250
    assert [(one.name, one.charged) for one in spent(choose(), small.pk)] == [
        ("Mailing", 300),
        ("Search", 25),
    ]
    january = segments(choose(period="custom", **{"from": "2025-01", "to": "2025-01"}), axes(), RATE)
    assert {one.id: (one.won, one.spend) for one in january.rows} == {large.pk: (16, 0), small.pk: (5, 0)}


def told(large, nowhere):
    """The verdict on (margin, spend) of a segment and of none."""
    whole = Segment(
        1, "LARGE", RATE, margin=large[0], spend=large[1], customers=40, kept=20, kept_margin=Decimal(2_000)
    )
    rows = [whole, Segment(0, "No segment", RATE, margin=nowhere[0], spend=nowhere[1])]
    total = replace(whole, id=0, margin=large[0] + nowhere[0], spend=large[1] + nowhere[1])
    return valuing.verdict(Segments(rows, total), choose())


def test_spend_on_no_segment_is_named_where_it_is_much_and_brings_little():
    tone, text = told((Decimal(932), Decimal(547)), (Decimal(68), Decimal(453)))
    assert tone == "warn"
    assert "45% of the spend (€453.00) goes to no segment" in text
    assert text.endswith("brings 7% of the margin.")
    for nowhere in ((Decimal(500), Decimal(453)), (Decimal(0), Decimal(50))):  # brings enough; is little
        tone, text = told((Decimal(932), Decimal(547)), nowhere)
        assert (tone, "no segment" in text) == ("ok", False)
        assert text.endswith("Least worth: LARGE, €83.33.")


def test_what_a_team_or_a_person_won_by_segment_is_what_their_deals_say(cast):
    firm()
    some = list(Deal.objects.order_by("pk"))
    for number, deal in enumerate(some):
        deal.owner = (cast.rep, cast.other_rep, None)[number % 3]
        deal.save()
    roll_all()
    for data, ours in (
        ({"team": str(cast.rep.team_id)}, lambda one: one.owner == cast.rep.pk),
        ({"rep": str(cast.other_rep.pk)}, lambda one: one.owner == cast.other_rep.pk),
        ({"team": "none"}, lambda one: one.owner == 0),
    ):
        wanted = {}
        for one in CountedDeal.objects.filter(outcome="won"):
            if ours(one):
                n, revenue, margin = wanted.get(one.segment, (0, 0, 0))
                wanted[one.segment] = (n + 1, revenue + one.amount, margin + one.margin)
        asked = {"period": "all", **data}
        found = segments(parse(asked, axes(asked), NOON), axes(asked), RATE)
        assert {one.id: (one.won, one.revenue, one.margin) for one in found.rows if one.won} == wanted, data
        assert wanted


def test_the_page_says_where_the_spend_goes_and_every_figure_opens_its_list(client, cast):
    _large, small = firm()
    client.force_login(cast.marketer)
    page = client.get("/dashboard/segments/?period=all").content.decode()
    assert "74% of the spend (€325.00) goes to segments whose customers are worth less than half" in page
    assert "SMALL. They bring 6% of the margin." in page
    behind = f"/dashboard/segments/{small.pk}"
    for address in ("won", "spend", "retention"):
        assert f"{behind}/{address}/?" in page
    assert len(read_csv(client.get(f"{behind}/won/?period=all&format=csv"))) == 1 + 25
    rows = read_csv(client.get(f"{behind}/retention/?period=all&format=csv"))
    assert sum("Bought again" in row for row in rows[1:]) == 5
    assert len(rows) == 1 + 25
    rows = read_csv(client.get(f"{behind}/spend/?period=all&format=csv"))
    assert [(row[0], Decimal(row[3])) for row in rows[1:]] == [("Mailing", 300), ("Search", 25)]
    for address, count in (("won", 61), ("spend", 3), ("retention", 36 + 25)):
        assert f"/dashboard/behind/{address}/?" in page
        rows = read_csv(client.get(f"/dashboard/behind/{address}/?period=all&format=csv"))
        assert len(rows) == 1 + count
    table = client.get("/dashboard/segments/?period=all").context["table"]
    for row in table.rows:
        held = read_csv(client.get(f"{row['margin_href']}&format=csv"))[1:]
        assert sum(Decimal(one[-1] or 0) for one in held) == (row["margin"] or 0), row["name"]
    assert "Without a campaign" in client.get("/dashboard/segments/0/spend/?period=all").content.decode()
    assert client.get("/dashboard/segments/0/won/?period=all").status_code == 200
    for address in (f"{behind}/luck/", "/dashboard/segments/999999/won/"):
        assert client.get(address).status_code == 404
    assert len(read_csv(client.get("/dashboard/segments/?period=all&format=csv"))) == 1 + 4
    body = Api(cast.finance).get("/reports/segments/", period="all")[1]
    assert (body["by"], body["lowest"], body["total"]["spend"]) == ("margin", [small.pk], "440")
    assert [one["lifetime_value"] and one["lifetime_value"][:4] for one in body["results"]] == [
        "338.",
        "11.1",
        None,
    ]
    for user in (cast.rep, cast.service):
        client.force_login(user)
        for address in ("/dashboard/segments/", f"{behind}/won/"):
            assert client.get(address).status_code == 403
        assert Api(user).get("/reports/segments/")[0] == 403


def test_a_short_history_is_said_and_the_page_costs_the_same_with_more(client, cast):
    client.force_login(cast.finance)
    win(100, company=make.company(segment=make.segment("large")))
    roll_all()
    organisation.current()
    page = client.get("/dashboard/segments/?period=all").content.decode()
    assert "history too short: 0 of 20 customers&#x27; years" in page
    assert "1 deal without a cost" in page
    assert "Share of revenue" in page
    one = queries(client, "/dashboard/segments/?period=all")
    firm()
    organisation.current()
    assert queries(client, "/dashboard/segments/?period=all") == one <= 5 + 2
    body = Api(cast.finance).get("/reports/segments/", period="all")[1]
    assert (body["by"], body["total"]["margin"]) == ("revenue", None)
