"""Margin kept and the programmes for existing customers: against a naive sum, on the pages, in files and in the API."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import organisation
from accounts.models import Organisation
from leads import closing
from reports import periods
from reports.keeping import keeping
from reports.models import Measure
from reports.quotas import quotas
from reports.rollups import roll_all
from reports.targets import matrix, promise
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_csv, read_tables
from tests.pages import queries
from tests.reports.attribution.test_credits import DAY, win
from tests.reports.test_filters import choose
from tests.reports.test_returns import spend

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
QUARTER = periods.between(date(2026, 4, 1), date(2026, 6, 1))
PAGE = "/dashboard/segments/?from=2026-04&to=2026-06"


@pytest.fixture(autouse=True)
def full():
    """The level that shows the tabs."""
    Organisation.objects.update(level=3)
    organisation.forget()


sales = st.lists(
    st.tuples(
        st.sampled_from(["new", "expansion", "renewal"]),
        st.integers(0, 2),  # segment, 0 for none
        st.integers(0, 2),  # region
        st.integers(0, 4),  # months before June
        st.one_of(st.none(), st.integers(0, 90)),  # cost of 100
        st.booleans(),  # is half of it cancelled in June?
    ),
    max_size=8,
)


class AgainstTheOracle(TestCase):
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(sales)
    def test_margin_kept_is_that_of_expansions_and_renewals_as_anybody_would_sum_it(self, deals):
        segments = [None, make.segment("a"), make.segment("b")]
        regions = [None, make.region("a"), make.region("b")]
        wanted: dict = {}
        for kind, segment, region, ago, cost, gone in deals:
            day = periods.shifted(date(2026, 6, 1), -ago)
            company = make.company(segment=segments[segment], region=regions[region])
            deal = win(100, company=company, kind=kind, signed_on=day, cost=cost)
            if gone:
                closing.cancel(deal, amount=Decimal(50), on=date(2026, 6, 2), reason="x", by=None, at=NOON)
            if kind == "new" or cost is None:
                continue
            place = regions[region] and regions[region].pk, segments[segment] and segments[segment].pk
            place = place[0] or 0, place[1] or 0
            margin = (100 - cost if day in QUARTER else 0) - (Decimal(100 - cost) / 2 if gone else 0)
            wanted[place] = wanted.get(place, 0) + margin
        roll_all()
        found = matrix(Measure.KEPT, QUARTER, TODAY, 1)
        assert {key: one.attained for key, one in found.cells.items()} == {
            key: margin for key, margin in wanted.items() if margin
        }
        assert found.total.attained == sum(wanted.values())


def kept(cast):
    """Two segments: one whose customers renewed for 70 of 500 promised, with a programme; one promised 60 and nothing else."""
    smb, large, north = make.segment(), make.segment("large"), make.region()
    company = make.company(segment=smb, region=north)
    win(100, company=company, cost=30, kind="renewal", signed_on=TODAY, owner=cast.rep)
    win(100, company=company, cost=10, kind="new", signed_on=TODAY - DAY, owner=cast.rep)
    promise(
        Measure.KEPT,
        QUARTER,
        {(north.pk, smb.pk): Decimal(500), (0, large.pk): Decimal(60)},
        cast.marketing_head,
        NOON,
    )
    named = {"segment": smb, "region": north, "for_existing": True, "owner": cast.marketer}
    visits = make.campaign("Visits", starts_on=TODAY, status="active", **named)
    make.campaign("Dropped", status="cancelled", **named)
    make.campaign("Over", ends_on=date(2026, 3, 31), **named)
    make.campaign("For anybody", segment=smb)
    spend(visits, 40)
    spend(visits, 9, "planned")
    spend(visits, 1000, month=date(2026, 3, 1))
    roll_all()
    return smb, large, north, visits


def test_margin_kept_stands_beside_its_target_with_the_programmes_of_the_segment(client, cast):
    smb, large, north, visits = kept(cast)
    found = keeping(choose(period="quarter"))
    assert {pk: (found.segment(pk).target, found.segment(pk).attained) for pk in found.segments} == {
        smb.pk: (500, 70),
        large.pk: (60, 0),
    }
    assert [(one.name, one.owner, one.planned, one.spend) for one in found.programmes] == [
        ("Visits", "Marketer", 9, 40)
    ]
    assert found.of(large.pk) == []
    client.force_login(cast.marketing_head)
    shown = client.get(PAGE).context["kept"]
    assert [(row["name"], row["attained"], row["target"], row["programmes"]) for row in shown.rows] == [
        ("SMB", 70, 500, 1),
        ("LARGE", 0, 60, 0),
        ("All", 70, 560, 1),
    ]
    for row in shown.rows:
        held = read_csv(client.get(f"{row['kept_href']}&format=csv"))[1:]
        assert sum(Decimal(one[-1] or 0) for one in held) == row["attained"], row["name"]
        held = client.get(row["target_href"]).context["table"].rows
        assert sum(one["amount"] for one in held) == row["target"], row["name"]
    (row,) = client.get(PAGE).context["programmes"].rows
    assert sum(one["base_amount"] for one in client.get(row["spend_href"]).context["table"].rows) == 40
    for row in (shown.rows[0], shown.rows[2]):
        listed = client.get(row["programmes_href"]).context["programmes"].rows
        assert [one["name"] for one in listed] == ["Visits"]  # neither what was dropped nor what is over
    assert shown.rows[1]["programmes_href"] == ""
    tables = read_tables(client.get(f"{PAGE}&format=csv"))
    assert ["LARGE", "", "0", "60.0000", "0", "0"] in tables["Margin kept by segment"]
    assert tables["Programmes for existing customers"][1][:3] == ["Visits", "SMB", "Active"]
    narrowed = client.get(f"{PAGE}&region={north.pk}").context["kept"]
    assert [(row["name"], row["target"]) for row in narrowed.rows] == [("SMB", 500)]
    assert (visits.for_existing, quota_of(cast)) == (True, 70)


def quota_of(cast):
    """What a rep attained of margin kept."""
    found = quotas(cast.sales_head, Measure.KEPT, QUARTER, TODAY, 1, True)
    (row,) = [row for one in found for row in one.people if row.name == "Rep"]
    return row.promise.attained


def test_all_time_has_no_targets_so_that_the_fiscal_year_stands_for_it(client, cast):
    kept(cast)
    client.force_login(cast.finance)
    response = client.get("/dashboard/segments/?period=all")
    assert str(response.context["kept_span"]) == "This year"
    assert "period=year" in response.context["kept"].rows[0]["kept_href"]


def test_both_heads_set_it_and_the_page_costs_the_same_with_more(client, cast):
    smb = make.segment()
    url = "/dashboard/targets/?from=2026-04&to=2026-06&measure=kept"
    for user, code in (
        (cast.sales_head, 302),
        (cast.marketing_head, 302),
        (cast.marketer, 403),
        (cast.finance, 403),
    ):
        client.force_login(user)
        assert client.post(url, {f"cell-0-{smb.pk}": "900"}).status_code == code
    client.force_login(cast.finance)
    organisation.current()
    one = queries(client, PAGE)
    make.campaign("More", for_existing=True)
    make.campaign("And more", for_existing=True, segment=make.segment("b"))
    organisation.current()
    assert queries(client, PAGE) == one <= 5 + 2


def test_margin_kept_in_the_api(cast):
    smb, large, _north, visits = kept(cast)
    body = Api(cast.finance).get("/reports/segments/", **{"from": "2026-04", "to": "2026-06"})[1]
    told = {
        one["segment"]: (one["margin_kept"], one["margin_kept_target"])
        for one in [*body["results"], body["total"]]
    }
    assert told == {smb.pk: ("70", "500"), large.pk: ("0", "60"), 0: ("70", "560")}
    (programme,) = body["programmes"]
    assert (programme["campaign"], programme["segment"], programme["spend"], programme["ends_on"]) == (
        visits.pk,
        smb.pk,
        "40",
        None,
    )
    found = Api(cast.marketer).get("/campaigns/", for_existing="true")[1]["results"]
    assert {one["name"] for one in found} == {"Visits", "Dropped", "Over"}
