"""Goals of markets: what is aimed at beside what came, recomputed naively; pages, permissions and API."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation
from pipeline.models import Deal
from reports import outlook, periods
from reports.choice import axes
from reports.market.goals import LAST, THIS, markets
from reports.models import MarketGoal, Measure, Target
from reports.rollups import roll_all
from reports.targets import promise
from tests import cast as make
from tests.api import Api
from tests.downloads import read_tables
from tests.pages import queries
from tests.reports.attribution.test_credits import win
from tests.reports.brand.worlds import wave

pytestmark = pytest.mark.django_db
PAGE, PLAN = "/dashboard/market/", "/dashboard/outlook/"


@pytest.fixture(autouse=True)
def full():
    """The level that shows the tabs."""
    Organisation.objects.update(level=3)
    organisation.forget()


@pytest.fixture
def today():
    """The real day on which the pages are asked."""
    return organisation.today(timezone.now())


@pytest.fixture
def firm(cast, today):
    """North with a part, two segments, wins of two years, and goals of three markets."""
    north, south, smb, large = make.region(), make.region("south"), make.segment(), make.segment("large")
    city = make.region("city")
    type(city).objects.filter(pk=city.pk).update(parent=north)
    this = today.replace(month=1, day=1)
    last = this.replace(year=this.year - 1)
    places = ((north, smb), (city, smb), (city, large), (south, smb))
    for number, (region, segment) in enumerate(places):
        firm = make.company(region=region, segment=segment)
        win(str(100 * (number + 1)), company=firm, signed_on=last)
        win(str(7 * (number + 1)), company=firm, signed_on=this)
        win("1000", company=make.company(region=region, segment=segment), signed_on=this)
    for market, more in (((north, smb), {"is_key": True}), ((north, None), {}), ((None, None), {})):
        for number in (-1, 0, 1):
            MarketGoal.objects.create(
                first=this.replace(year=this.year + number), region=market[0], segment=market[1], size=10_000 + number,
                source="trade statistics", share=Decimal(20), awareness=Decimal(50), customers=5, entered_by=cast.admin, **more,
            )  # fmt: skip
    wave(cast, on=this, asked=100, top=10, other=10, prompted=20)
    promise(
        Measure.WON,
        periods.between(this, this),
        {(city.pk, smb.pk): Decimal(90)},
        cast.sales_head,
        timezone.now(),
    )
    roll_all()
    return {"north": north, "city": city, "south": south, "smb": smb, "large": large}


def test_what_came_of_each_market_recomputed(firm, today):
    house = organisation.current()
    years = outlook.fiscal_years(today, house.fiscal_year_start, house.live_on)
    found = {row.market: row for row in markets(years, axes(), today).rows}
    north, smb = firm["north"].pk, firm["smb"].pk
    within = {(north, smb): (0, 1), (north, None): (0, 1, 2), (None, None): (0, 1, 2, 3)}
    assert set(found) == set(within)
    for market, places in within.items():
        row, gone = found[market], found[market].passed[THIS]
        last = sum(100 * (place + 1) for place in places)
        this = sum(7 * (place + 1) + 1000 for place in places)
        assert [one.won for one in row.came] == [last, this]
        assert [one.customers for one in row.came] == [len(places)] * 2
        assert row.share(LAST) == Decimal(last) / 9_999 * 100
        assert row.share(THIS) == pytest.approx(Decimal(this) / (10_000 * gone) * 100)
        assert row.promised[THIS] == 90
        assert row.awareness(THIS) == (40 if market == (None, None) else None)


def test_a_year_that_begins_elsewhere_and_no_goals(cast, today):
    years = outlook.fiscal_years(today, 1)
    assert markets(years, axes(), today).rows == []
    MarketGoal.objects.create(first=years[-1].until, customers=1, entered_by=cast.admin)
    assert markets(years, axes(), today).rows == []


def test_the_plan_shows_both_horizons_and_what_is_behind(client, cast, firm):
    client.force_login(cast.finance)
    shown = client.get(PLAN)
    rows = shown.context["market"].rows
    assert {row["figure"] for row in rows} == {
        "Market size", "Own share", "Brand awareness", "New customers", "Won revenue, short-term target",
    }  # fmt: skip
    assert "North · SMB" in shown.context["key_markets"]
    for row in rows:
        for name in ("came0_href", "came1_href", "goal1_href", "goal2_href"):
            if row.get(name):
                assert client.get(row[name]).status_code == 200, row[name]
    house = [row for row in rows if row["market"] == "the whole house"]
    awareness = next(row for row in house if row["figure"] == "Brand awareness")
    assert (awareness["goal1"], awareness["came1"], awareness["distance"]) == ("50%", "40%", "−10%")
    assert "Goals of markets beside short-term targets" in read_tables(client.get(f"{PLAN}?format=csv"))
    organisation.current()
    assert queries(client, PLAN) <= 12


def test_goals_are_set_corrected_and_taken_away(client, cast, today):
    make.region()
    this = f"{today.year}-01-01"
    client.force_login(cast.sales_head)
    sent = {"first": this, "size": "2 000 000", "share": "5%"}
    assert client.post(f"{PAGE}new/", {"first": this}).status_code == 422
    assert client.post(f"{PAGE}new/", sent).status_code == 422  # a size without a source
    assert client.post(f"{PAGE}new/", {"first": this, "share": "5"}).status_code == 422
    sent["source"] = "trade statistics"
    answer = client.post(f"{PAGE}new/", sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert client.post(f"{PAGE}new/", sent).status_code == 422  # the market has one already
    one = MarketGoal.objects.get()
    assert (one.first, one.size, one.share, one.entered_by) == (
        date(today.year, 1, 1),
        2_000_000,
        5,
        cast.sales_head,
    )
    assert client.post(f"{PAGE}{one.pk}/", sent | {"share": "6"}).status_code == 302
    page = client.get(f"{PAGE}{one.pk}/").content.decode()
    assert "own share, in %" in page.lower()
    assert "What was changed" in page
    assert "trade statistics" in client.get(PAGE).content.decode()
    for user, status in ((cast.marketer, 200), (cast.finance, 200), (cast.rep, 403)):
        client.force_login(user)
        assert client.get(PAGE).status_code == status
        assert client.get(f"{PAGE}{one.pk}/").status_code == 403
        assert client.post(f"{PAGE}{one.pk}/remove/").status_code == 403
    client.force_login(cast.admin)
    counted = queries(client, PAGE)
    for year in (1, 2):
        MarketGoal.objects.create(first=date(today.year + year, 1, 1), customers=1, entered_by=cast.admin)
    assert queries(client, PAGE) == counted
    assert client.post(f"{PAGE}{one.pk}/remove/").status_code == 302
    assert MarketGoal.objects.count() == 2


def test_goals_in_the_api(cast, firm, today):
    api, this = Api(cast.marketing_head), f"{today.year + 2}-01"
    status, made = api.post(
        "/market-goals/", {"first": this, "region": firm["south"].pk, "customers": 3, "is_key": True}
    )
    assert (status, made["customers"], made["first"]) == (201, 3, f"{this}-01")
    assert api.post("/market-goals/", {"first": this, "region": firm["south"].pk, "customers": 3})[0] == 400
    assert api.post("/market-goals/", {"first": f"{today.year}-02", "customers": 3})[0] == 400
    assert api.patch(f"/market-goals/{made['id']}/", {"awareness": "12.5"})[1]["awareness"] == "12.5000"
    status, body = Api(cast.finance).get("/reports/markets/")
    assert status == 200
    one = next(row for row in body if row["region"] == firm["south"].pk)
    assert [year["customers"] for year in one["years"]] == [None, None, None, 3, None]
    assert [year["new_customers"] for year in one["years"]] == [1, 1, None, None, None]
    assert api.delete(f"/market-goals/{made['id']}/")[0] == 204
    assert Api(cast.marketer).post("/market-goals/", {"first": this, "customers": 3})[0] == 403
    assert Api(cast.rep).get("/market-goals/")[0] == 403


def naive(firm, years, market, number, today):
    """(won, companies won first, target) of twelve months, from the deals and targets themselves."""
    span = years[number]
    places = {firm["north"].pk, firm["city"].pk} if market[0] else None
    deals = [
        one
        for one in Deal.objects.filter(signed_on__isnull=False).select_related("company")
        if one.signed_on in span
        and (places is None or one.company.region_id in places)
        and market[1] in (None, one.company.segment_id)
    ]
    firsts = {}
    for one in Deal.objects.filter(signed_on__isnull=False).order_by("signed_on"):
        firsts.setdefault(one.company_id, one.pk)
    targets = [
        one.amount
        for one in Target.objects.filter(measure=Measure.WON, month__gte=span.first, month__lt=span.until)
        if (places is None or one.region_id in places) and market[1] in (None, one.segment_id)
    ]
    won = sum((one.amount for one in deals), Decimal())
    return won, sum(firsts[one.company_id] == one.pk for one in deals), sum(targets) if targets else None


@pytest.mark.parametrize("start", range(1, 13))
def test_goals_keep_their_months_when_the_fiscal_year_begins_in_another(firm, cast, today, start):
    """Goals of three calendar years stay in three columns in turn, beside figures of those very months."""
    for number, amount in ((-1, 30), (0, 60), (1, 120), (2, 240)):
        span = periods.between(date(today.year + number, 1, 1), date(today.year + number, 12, 1))
        promise(
            Measure.WON, span, {(firm["city"].pk, firm["smb"].pk): amount}, cast.sales_head, timezone.now()
        )
    years = outlook.fiscal_years(today, start)[-5:]
    for row in markets(years, axes(), today).rows:
        assert [one.first for one in row.years] == [
            date(today.year + number, 1, 1) for number in range(-1, 4)
        ]
        assert [goal and goal["size"] for goal in row.goals[:3]] == [9_999, 10_000, 10_001]
        assert row.goals[3:] == [None, None]
        told = [naive(firm, row.years, row.market, number, today) for number in range(5)]
        assert [(one.won, one.customers) for one in row.came] == [(won, first) for won, first, _ in told[:2]]
        assert row.promised == [target for _won, _first, target in told]


def test_the_goal_of_the_fiscal_year_stands_before_one_of_other_months(firm, cast, today):
    first = periods.named("year", today, 4).first
    MarketGoal.objects.create(first=first, region=firm["north"], customers=77, entered_by=cast.admin)
    found = {row.market: row for row in markets(outlook.fiscal_years(today, 4)[-5:], axes(), today).rows}
    row = found[firm["north"].pk, None]
    assert (row.goals[THIS]["customers"], row.years[THIS].first) == (77, first)
    assert row.years[3].first == periods.shifted(first, 24)  # without a goal: as those that follow on
    other = found[None, None]
    assert (other.goals[THIS]["customers"], other.years[THIS].first) == (5, date(today.year, 1, 1))


def test_figures_that_count_since_a_day_within_the_year(firm, today):
    """A goal of a year that counts only in part is told, its share of as many days."""
    live_on = today.replace(day=1)
    years = outlook.fiscal_years(today, 1, live_on)[-5:]
    row = next(row for row in markets(years, axes(), today).rows if row.market == (None, None))
    assert row.goals[THIS]["size"] == 10_000
    days = (date(today.year + 1, 1, 1) - date(today.year, 1, 1)).days
    assert row.passed[THIS] == pytest.approx(Decimal(today.day) / days)


def test_the_plan_says_which_months_goals_are_of(client, cast, firm, today):
    Organisation.objects.update(fiscal_year_start=today.month)
    organisation.forget()
    client.force_login(cast.finance)
    shown = client.get(PLAN)
    if today.month == 1:
        assert shown.context["other_months"] == ""
        return
    assert f"Jan {today.year} – Dec {today.year}" in shown.context["other_months"]
    heads = [str(column.label) for column in shown.context["market"].columns]
    assert f"Goal {today.year}" in heads
    assert "Months" in heads
    row = next(row for row in shown.context["market"].rows if row["market"] == "the whole house")
    assert "months1" not in row  # the column says it
    page = client.get(row["came1_href"] or f"{PAGE}")
    assert page.status_code == 200
    MarketGoal.objects.create(
        first=periods.named("year", today, today.month).first,
        segment=firm["smb"],
        customers=1,
        entered_by=cast.admin,
    )
    rows = client.get(PLAN).context["market"].rows
    told = {row["market"]: row.get("months1") for row in rows}
    assert told["the whole house"] == f"Jan {today.year} – Dec {today.year}"
    assert told["SMB"] is None
    body = Api(cast.finance).get("/reports/markets/")[1]
    assert next(one for one in body if one["segment"] is None)["years"][1]["first"] == f"{today.year}-01-01"
