"""The 3-1-3 plan: years against a naive sum, the year's budget as its own page has it, and what runs in the next three months."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from accounts import organisation
from accounts.models import Organisation
from pipeline.models import Consultation
from reports import outlining, periods
from reports.budget import budget
from reports.choice import axes
from reports.models import Measure, Target
from reports.outlook import NEXT, fiscal_years, outlook
from reports.rollups import roll_all
from reports.targets import promise
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_csv, read_tables
from tests.pages import queries
from tests.reports.attribution.test_credits import win
from tests.reports.test_filters import choose
from tests.reports.test_returns import spend

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/outlook/"


@pytest.fixture(autouse=True)
def full():
    """The level that shows the tabs."""
    Organisation.objects.update(level=3)
    organisation.forget()


def year(number):
    return periods.between(date(number, 1, 1), date(number, 12, 1))


@pytest.fixture
def firm(cast):
    """SMB won 100 and 200 in two years and 50 in this one; LARGE never won anything; both have targets to come."""
    smb, large, north = make.segment(), make.segment("large"), make.region()
    company = make.company(segment=smb, region=north)
    for number, amount in ((2023, 999), (2024, 100), (2025, 200), (2026, 50)):
        win(amount, company=company, signed_on=date(number, 2, 3))
    for number, amount in ((2026, 240), (2027, 300), (2029, 800)):
        promise(Measure.WON, year(number), {(north.pk, smb.pk): Decimal(amount)}, cast.sales_head, NOON)
    promise(Measure.WON, year(2028), {(0, large.pk): Decimal(70)}, cast.sales_head, NOON)
    fair = make.campaign("Fair", segment=smb, region=north, budget=500, status="planned", owner=cast.marketer,
                         starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 5))  # fmt: skip
    ads = make.campaign("Ads", segment=large, budget=90, status="active", starts_on=date(2026, 1, 1))
    make.campaign("Later", status="planned", starts_on=date(2026, 10, 1))
    make.campaign("Over", status="done", starts_on=date(2026, 7, 1))
    make.campaign("Undated", status="planned")
    spend(fair, 30, "planned", date(2026, 7, 1))
    spend(fair, 45, "planned", date(2026, 9, 1))
    spend(fair, 8, "committed", date(2026, 8, 1))
    spend(ads, 20)
    spend(ads, 7, month=date(2027, 2, 1))
    spend(None, 5, "planned", date(2026, 7, 1))
    roll_all()
    return smb, large, north, fair, ads


def rows_of(found):
    return {
        row.id: [(None if one.target is None else int(one.target), int(one.attained)) for one in row.years]
        for row in found.rows
    }


def test_years_hold_what_came_and_what_is_promised(firm):
    smb, large, north, *_ = firm
    found = outlook(choose(), "won", "segment")
    assert [one.first for one in found.years] == [date(number, 1, 1) for number in range(2024, 2030)]
    assert rows_of(found) == {
        smb.pk: [(None, 100), (None, 200), (240, 50), (300, 0), (None, 0), (800, 0)],
        large.pk: [(None, 0)] * 4 + [(70, 0), (None, 0)],
    }
    of = {row.id: row for row in found.rows}
    assert [of[smb.pk].growth(number) for number in range(6)] == [
        None, 1, Decimal("0.2"), Decimal("0.25"), None, None,
    ]  # fmt: skip
    assert (of[smb.pk].is_wish, of[large.pk].is_wish) == (False, True)
    assert (found.came, round(found.meant, 9)) == (1, round(Decimal(4) ** Decimal("0.25") - 1, 9))
    by_region = outlook(choose(), "won", "region")
    assert {pk: one[3:] for pk, one in rows_of(by_region).items()} == {
        north.pk: [(300, 0), (None, 0), (800, 0)],
        0: [(None, 0), (70, 0), (None, 0)],
    }
    Target.objects.filter(month=date(2027, 5, 1)).delete()
    found = outlook(choose(), "won", "segment")
    assert [row.months for row in (*found.rows, found.total)] == [
        [0, 0, 12, 11, 0, 12], [0, 0, 0, 0, 12, 0], [0, 0, 12, 11, 12, 12],
    ]  # fmt: skip
    assert (found.rows[0].is_part(3), found.rows[0].growth(3), found.total.growth(5)) == (
        True,
        None,
        Decimal(800) / 70 - 1,
    )
    assert rows_of(outlook(choose(region=north.pk), "won", "segment")).keys() == {smb.pk}


def test_a_year_that_is_mostly_over_is_what_growth_is_told_from(firm):
    """In June the year has half its days before it; in November its target of 240 is what the 800 of three years later grow from."""
    june = outlook(choose(), "won", "segment")
    assert (june.ahead, june.is_on_course) == (None, False)
    company = make.company(segment=firm[0])
    late = replace(choose(), today=date(2026, 11, 30))
    ahead = round(Decimal(800 / 240) ** (Decimal(1) / 3) - 1, 6)
    for won, on_course in ((0, False), (170, True)):
        if won:
            win(won, company=company, signed_on=date(2026, 9, 3))
            roll_all()
        found = outlook(late, "won", "segment")
        assert (round(found.ahead, 6), found.is_on_course) == (ahead, on_course)
        assert round(found.passed, 3) == round(Decimal(334) / 365, 3)
    words = outlining.Words(found, Measure.WON, axes({}), late)
    tone, text = words.verdict()
    assert (tone, "From this year's target, of which 92% has come, it is +49% a year." in text) == (
        "warn",
        True,
    )
    Target.objects.filter(month__gte=date(2027, 1, 1)).delete()
    assert outlook(late, "won", "segment").ahead is None


def test_the_budget_of_the_year_is_that_of_its_page(firm):
    smb, large, north, *_ = firm
    for which, number in (("this", 2026), (NEXT, 2027)):
        found = outlook(choose(), "won", "segment", which)
        span = {"period": "custom", "from": f"{number}-01", "to": f"{number}-12"}
        shown = {pk: (one.planned, one.committed, one.paid, one.left) for pk, one in found.money.items()}
        wanted = {}
        for pk in (smb.pk, large.pk, "none"):
            page = budget(choose(**span, segment=pk))
            one = page.total
            if page.lines:
                wanted[0 if pk == "none" else pk] = (one.planned, one.committed, one.paid, one.left)
        assert shown == wanted
        assert found.money_total.left == budget(choose(**span)).total.left
    assert found.money.keys() == {large.pk}
    assert outlook(choose(), "won", "region").money.keys() == {north.pk, 0}


def test_the_next_three_months_tell_what_runs_and_whether_sales_was_asked(cast, firm):
    *_, fair, ads = firm
    Consultation.objects.create(campaign=fair, audience="a", offer="o", asked_by=cast.marketer, asked_at=NOON)
    found = outlook(choose(), "won", "segment")
    assert found.months == [date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)]
    told = [(one.name, one.owner, one.planned, one.committed, one.word) for one in found.activities]
    assert told == [
        ("Ads", "", (0, 0, 0), 0, ""),
        ("Fair", "Marketer", (30, 0, 45), 8, "asked"),
        ("", "", (5, 0, 0), 0, ""),
    ]
    Consultation.objects.update(closed_at=NOON)
    found = outlook(choose(segment=fair.segment_id), "won", "segment")
    assert [(one.name, one.word) for one in found.activities] == [("Fair", "heard")]
    assert ads.pk not in {one.campaign for one in found.activities}


def test_all_of_the_next_months_is_what_its_lists_hold(client, cast, firm):
    """Money stays planned for a campaign that is over or dropped, or evens out; one may name its last day alone."""
    over, dropped, even = (
        make.campaign(name, status=status)
        for name, status in (("Done", "done"), ("Dropped", "cancelled"), ("Even", "active"))
    )
    make.campaign("Until", status="active", ends_on=date(2026, 8, 9))
    make.campaign("Past", status="active", ends_on=date(2026, 6, 9))
    spend(over, 11, "planned", date(2026, 7, 1))
    spend(dropped, 13, "committed", date(2026, 9, 1))
    spend(even, 17, "planned", date(2026, 7, 1))
    spend(even, -17, "committed", date(2026, 7, 1))
    roll_all()
    client.force_login(cast.finance)
    for choice in (choose(), choose(segment=firm[0].pk)):
        found = outlook(choice, "won", "segment")
        table = outlining.Words(found, Measure.WON, axes(), choice).activities()
        *rows, whole = [row for row in table.rows if row["name"] == "All"] or table.rows
        assert not rows
        for name in ("m0", "m1", "m2", "committed"):
            listed = client.get(whole[f"{name}_href"]).context["table"].rows
            assert sum(one["base_amount"] for one in listed) == whole[name], name
    names = {one.name for one in outlook(choose(), "won", "segment").activities}
    assert names == {"Ads", "Fair", "", "Done", "Dropped", "Even", "Until"}


def test_fiscal_years_begin_when_the_house_says_and_not_before_it_began():
    years = fiscal_years(date(2026, 6, 15), 4, date(2024, 6, 1))
    assert [one.first for one in years] == [
        date(2024, 6, 1), *(date(number, 4, 1) for number in range(2025, 2030)),
    ]  # fmt: skip


def test_the_page_opens_every_figure_and_targets_of_three_years_to_come_can_be_set(client, cast):
    smb, today = make.segment(), organisation.today(NOON)
    client.force_login(cast.sales_head)
    for _label, href in client.get(PAGE).context["doors"]:
        assert client.post(href, {f"cell-0-{smb.pk}": "1200"}).status_code == 302
    first = client.get(PAGE).context["doors"][0][0]
    assert Target.objects.filter(amount=100).count() == 4 * 12
    assert int(first) >= today.year
    company = make.company(segment=smb)
    for back in (1, 2):
        win(600 // back, company=company, signed_on=date(int(first) - back, 3, 1))
    roll_all()
    page = client.get(f"{PAGE}?by=region&year=next")
    (row,) = page.context["outline"].rows
    assert (row["name"], row["y0"], row["y1"], row["y1_note"], row["y5"]) == (
        "No region", "€300", "€600", "+100%", "€1,200",
    )  # fmt: skip
    for name, wanted in (("y1", 600), ("y4", 1200)):
        held = client.get(row[f"{name}_href"]).context["table"].rows
        assert sum(one["amount"] for one in held) == wanted
    assert page.context["year"].rows[0]["target"] == "€1,200"
    assert (
        "The targets mean growth of +19% a year; the last whole year brought +100%." in page.content.decode()
    )
    tables = read_tables(client.get(f"{PAGE}?format=csv"))
    assert list(tables) == [
        "",
        "Targets of the year beside its budget",
        "Activities of the next three months",
        "Goals of markets beside short-term targets",
    ]
    assert tables[""][1][0] == "SMB"
    assert len(read_csv(client.get(f"{row['y1_href']}&format=csv"))) == 1 + 1
    assert PAGE in client.get("/dashboard/targets/").content.decode()


def test_who_may_not_read_money_may_not_read_the_plan_and_it_costs_the_same_with_more(client, cast):
    for user in (cast.rep, cast.service):
        client.force_login(user)
        assert client.get(PAGE).status_code == 403
        assert Api(user).get("/reports/outlook/")[0] == 403
    client.force_login(cast.finance)
    assert client.get(f"{PAGE}?by=luck").status_code == 400
    organisation.current()
    make.campaign("One", status="active", starts_on=date(2026, 1, 1))
    one = queries(client, PAGE)
    for name in ("Two", "Three"):
        place = {"segment": make.segment(name), "region": make.region(name)}
        spend(make.campaign(name, status="active", starts_on=date(2026, 1, 1), **place), 10)
    roll_all()
    organisation.current()
    assert queries(client, PAGE) == one <= 5 + 2


def test_the_plan_in_the_api(cast, firm):
    smb, _large, _north, fair, _ads = firm
    status, body = Api(cast.finance).get("/reports/outlook/", measure="won", by="segment")
    assert status == 200
    assert {one["id"] for one in body["results"]} >= {smb.pk}
    told = {one["id"]: one for one in body["results"]}[smb.pk]
    assert {one["first"][:4]: one["attained"] for one in told["years"] if one["attained"] != "0"}[
        "2025"
    ] == "200"
    assert {one["first"][:4]: one["target"] for one in told["years"]}["2027"] == "300"
    assert Api(cast.finance).get("/reports/outlook/", year="never")[0] == 400
    assert fair.pk  # its months are over by the day of the machine
