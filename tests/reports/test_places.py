"""Campaigns by region: against a naive count, with the campaigns' returns and the regions' targets, on the page and in the lists."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import organisation
from accounts.models import Organisation
from leads.models import Agreement, Handoff, Lead
from pipeline.models import Company
from reports import periods, placing
from reports.choice import NOTHING, axes, parse
from reports.models import CampaignPlace, CreditPlace, Measure, Target
from reports.places import TARGETED, places
from reports.returns import returns
from reports.rollups import rebuild, roll_all
from reports.targets import matrix, promise
from reports.verify import differences
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_tables, worded
from tests.pages import queries
from tests.reports.attribution.test_credits import DAY, win

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/places/?period=all"
QUARTER = periods.between(date(2026, 4, 1), date(2026, 6, 1))


@pytest.fixture(autouse=True)
def full():
    """The level that shows the tab."""
    Organisation.objects.update(level=3)
    organisation.forget()


def choose(**data):
    """A Choice over all time, among what there is."""
    data = {name: str(value) for name, value in {"period": "all", **data}.items()}
    return parse(data, axes(data), NOON)


passes = st.lists(
    st.tuples(
        st.integers(0, 2),  # campaign, 0 for none
        st.integers(0, 2),  # region
        st.integers(0, 150),  # days before June
        st.one_of(st.none(), st.integers(-2, 40)),  # days until the SQL
        st.booleans(),  # offered and accepted
    ),
    max_size=8,
)
wins = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 2), st.integers(0, 150), st.one_of(st.none(), st.integers(0, 90))
    ),
    max_size=6,
)


class AgainstTheOracle(TestCase):
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(passes, wins, st.booleans())
    def test_places_are_what_anybody_would_count(self, came, won, moves):
        organisation.forget()
        rep = make.gather().rep
        campaigns = [None, make.campaign("A"), make.campaign("B")]
        regions = [None, make.region("a"), make.region("b")]
        wanted: dict = defaultdict(lambda: defaultdict(Decimal))
        for campaign, region, ago, later, asked in came:
            at = NOON - timedelta(days=ago)
            lead = make.lead(at, campaign=campaigns[campaign], region=regions[region])
            cell = wanted[_pk(campaigns[campaign]), _pk(regions[region])]
            cell["leads"] += _in(at.date())
            if later is not None:
                Lead.objects.filter(pk=lead.pk).update(sql_at=at + later * DAY)
                on = (at + later * DAY).date()
                cell["sqls"] += _in(on)
                cell["sql_days"] += _in(on) * max(later, 0)
            if asked:
                Handoff.objects.create(
                    lead=lead, rep=rep, agreement=Agreement.objects.get(), offered_at=at, accepted_at=at
                )
                cell["accepted"] += _in(at.date())
        for campaign, region, ago, cost in won:
            on = NOON.date() - timedelta(days=ago)
            contact = make.contact()
            if campaign:
                make.touch(contact, NOON - 160 * DAY, campaign=campaigns[campaign])
            company = make.company(region=regions[region])
            deal = win(100, [contact], signed_on=on, company=company, cost=cost)
            make.lead(NOON - 400 * DAY, contact=contact, deal=deal, campaign=campaigns[campaign])
            cell = wanted[_pk(campaigns[campaign]), _pk(regions[region])]
            cell["won_amount"] += _in(on) * 100
            cell["revenue"] += _in(on) * 100
            cell["credited_margin"] += _in(on) * (100 - cost if cost is not None else 0)
        roll_all()
        if moves:  # everything of the first region goes to the second
            Lead.objects.filter(region=regions[1]).update(region=regions[2])
            Company.objects.filter(region=regions[1]).update(region=regions[2])
            for campaign in campaigns:
                for name, value in wanted.pop((_pk(campaign), regions[1].pk), {}).items():
                    wanted[_pk(campaign), regions[2].pk][name] += value
            roll_all()
        found = places(replace(choose(), period=QUARTER, model="first"))
        told = {
            (line.campaign, region): {
                name: value
                for name in (
                    "leads",
                    "sqls",
                    "sql_days",
                    "accepted",
                    "won_amount",
                    "revenue",
                    "credited_margin",
                )
                if (value := getattr(place, name))
            }
            for line in found.lines
            for region, place in line.places.items()
        }
        expected = {key: {one: value for one, value in cell.items() if value} for key, cell in wanted.items()}
        assert {key: cell for key, cell in told.items() if cell} == {
            key: cell for key, cell in expected.items() if cell
        }
        with connection.cursor() as cursor:
            assert not any(differences(cursor).found["rollups"])
        kept = [list(model.objects.order_by("pk").values_list()) for model in (CampaignPlace, CreditPlace)]
        rebuild()
        again = [list(model.objects.order_by("pk").values_list()) for model in (CampaignPlace, CreditPlace)]
        assert [_some(one) for one in kept] == [_some(one) for one in again]


def _pk(one):
    return one.pk if one else 0


def _in(day):
    return Decimal(day in QUARTER)


def _some(rows):
    return [row for row in rows if any(isinstance(value, (int, Decimal)) and value for value in row[6:])]


@pytest.fixture
def firm(cast):
    """A programme with a fair in the north and a mailing; passes and wins in two regions and in none; targets of the quarter."""
    programme = make.campaign("Programme")
    fair, mail = make.campaign("Fair", parent=programme), make.campaign("Mail")
    north, south = make.region(), make.region("south")
    for number in range(12):
        campaign, region = (fair, mail, None)[number % 3], (north, south, None)[number // 4]
        at = NOON - 3 * number * DAY
        company = make.company(region=region)
        contact = make.contact(company=company)
        if campaign:
            make.touch(contact, at, campaign=campaign)
        deal = win(100 + number, [contact], signed_on=at.date(), company=company, cost=40)
        lead = make.lead(at, contact=contact, campaign=campaign, region=region, deal=deal)
        Lead.objects.filter(pk=lead.pk).update(mql_at=at, sql_at=at + number * DAY if number % 2 else None)
    promise(Measure.WON, QUARTER, {(north.pk, 0): Decimal(1000)}, cast.admin, NOON)
    promise(Measure.SQLS, QUARTER, {(south.pk, 0): Decimal(6)}, cast.admin, NOON)
    roll_all()
    return {"programme": programme, "fair": fair, "mail": mail, "north": north, "south": south}


def test_a_campaign_over_all_time_is_its_return_and_the_regions_are_those_of_the_targets(firm):
    found = places(choose())
    told = {line.campaign: line.total for line in found.lines}
    for line in returns(choose()).tree():
        if line.campaign:
            one = told[line.campaign]
            assert (one.leads, one.revenue, one.credited_margin, one.opened_amount) == (
                line.money.leads, line.money.revenue, line.money.margin, line.money.pipeline,
            )  # fmt: skip
    assert [(line.name, line.depth) for line in found.lines] == [
        ("Mail", 0), ("Programme", 0), ("Fair", 1), ("", 0),
    ]  # fmt: skip
    assert found.total == sum(found.sums.values(), type(found.total)())
    quarter = places(replace(choose(), period=QUARTER))
    for measure in TARGETED:
        cells = matrix(measure, QUARTER, NOON.date(), 1)
        for region in (firm["north"].pk, firm["south"].pk, 0):
            known = cells.region(region)
            assert quarter.sums[region].attained(measure) == known.attained
            assert quarter.target(measure, region) == known.target
    assert found.targets == {}


def listed(client, href):
    answer = client.get(href)
    assert answer.status_code == 200, href
    return answer.context["table"].rows


SUMS = {
    "pipeline": "opening",
    "won": "amount",
    "margin": "margin",
    "revenue": "amount",
    "credited_margin": "margin",
}


def test_each_cell_opens_its_list(client, cast, firm):
    client.force_login(cast.admin)
    for measure, told in placing.MEASURES.items():
        table = client.get(f"{PAGE}&measure={measure}").context["table"]
        fair = next(row for row in table.rows if row["name"].endswith("Fair"))
        loose = next(row for row in table.rows if row["name"] == "Without a campaign")
        for row in (fair, loose, table.rows[-1]):
            for pk in (firm["north"].pk, firm["south"].pk, 0):
                value, href = row.get(f"r{pk}_exact"), row.get(f"r{pk}_href")
                if not href:
                    continue
                rows = listed(client, href)
                if measure in SUMS:
                    assert sum(one[SUMS[measure]] for one in rows) == value, (measure, href)
                elif told.kind == "number":
                    assert len(rows) == value, (measure, href)


def test_the_page_tells_targets_narrows_and_comes_as_a_file(client, cast, firm):
    client.force_login(cast.admin)
    page = client.get("/dashboard/places/?from=2026-04&to=2026-06&measure=won")
    rows = {row["name"]: row for row in page.context["table"].rows}
    assert rows["Target"][f"r{firm['north'].pk}"] == "€1,000"
    assert rows["Attained"][f"r{firm['north'].pk}_exact"] == Decimal(406) / 1000
    assert "earned the most" in page.content.decode()
    mine = "/dashboard/places/?from=2026-04&to=2026-06"
    Target.objects.filter(measure="sqls").update(amount=Decimal("12.67"))
    table = client.get(f"{mine}&measure=sqls").context["table"]
    assert table.rows[-2][f"r{firm['south'].pk}"] == "38"  # 3 × 12.67
    page = client.get(f"{mine}&measure=won&campaign={firm['mail'].pk}")  # a part has no target
    assert not {"Target", "Attained"} & {row["name"] for row in page.context["table"].rows}
    assert "Target: won" not in page.content.decode()
    narrow = f"/dashboard/places/?period=all&region={firm['south'].pk}&campaign={firm['mail'].pk}"
    table = client.get(narrow).context["table"]
    assert [row["name"] for row in table.rows] == ["Mail", "All"]
    assert [column.name for column in table.columns] == ["name", f"r{firm['south'].pk}", "all"]
    tables = read_tables(client.get(f"{PAGE}&measure=days&format=csv"))
    assert list(tables) == ["", "By region, against its targets"]
    assert not worded(tables)
    client.force_login(cast.rep)
    assert client.get(PAGE).status_code == 403
    client.force_login(cast.admin)
    assert client.get("/dashboard/places/?measure=luck").status_code == 400
    assert (
        client.get(
            f"/dashboard/behind/placed_credits/?period=all&region={NOTHING}&team={cast.rep.team_id}"
        ).status_code
        == 200
    )


def test_the_page_costs_the_same_however_much_there_is(client, cast, firm):
    client.force_login(cast.admin)
    queries(client, PAGE)
    one = queries(client, PAGE)
    make.lead(campaign=make.campaign(), region=make.region("east"))
    roll_all()
    assert queries(client, PAGE) == one <= 5 + 2


def test_the_api_tells_the_same(cast, firm):
    status, told = Api(cast.admin).get("/reports/places/", **{"from": "2026-04", "to": "2026-06"})
    assert status == 200
    found = places(replace(choose(), period=QUARTER))
    assert {(row["campaign"], row["region"]): row["leads"] for row in told["results"]} == {
        (line.campaign, region): place.leads for line in found.lines for region, place in line.places.items()
    }
    assert {row["region"]: row["targets"]["won"] for row in told["regions"]}[firm["north"].pk] == "1000"
    assert told["total"]["won"] == found.total.won
