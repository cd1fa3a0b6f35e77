"""Pages and API of the joint index: who reads, drafts and signs, what stands behind each figure, files and the trend."""

from datetime import date
from decimal import Decimal

import pytest

from accounts import organisation
from accounts.models import Organisation
from reports import periods
from reports.models import IndexVersion
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_tables, worded
from tests.pages import queries, same_queries
from tests.reports.attribution.test_credits import win
from tests.reports.brand.test_pages import READERS, who
from tests.reports.brand.worlds import searched, wave
from tests.reports.index.worlds import ALL, agree, drafted

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/index/"
DRAFT = f"{PAGE}versions/new/"
HEADS = {"marketing_head", "sales_head", "admin"}
SENT = {
    "first": "2026-01", "cap": "120", "lasts": "6", "note": "agreed in March", "weight-leads": "60", "expected-leads": "25",
    "weight-awareness": "40", "expected-awareness": "55",
}  # fmt: skip


@pytest.fixture(autouse=True)
def full():
    """The level that shows the tabs."""
    Organisation.objects.update(level=3)
    organisation.forget()


@pytest.fixture
def now():
    """The first day of the running quarter, of the real day on which the page is asked."""
    return periods.named("quarter", organisation.today(make.datetime.now(make.UTC)), 1).first


@pytest.fixture
def firm(cast, now):
    """A version since long ago, records since a year ago, and a quarter in which two of three were measured."""
    agree(cast, {name: ALL[name] for name in ("leads", "sales", "awareness")}, first=date(2020, 1, 1))
    fair, contact = make.campaign("Fair"), make.contact()
    at = make.datetime(now.year, now.month, 1, 9, tzinfo=make.UTC)
    make.lead(at.replace(year=now.year - 1))
    make.lead(at, stage="sql", captured_at=at, mql_at=at, ready_at=at, sql_at=at)
    make.touch(contact, at.replace(year=now.year - 1), campaign=fair)
    win("50", [contact], signed_on=now)
    win("1", signed_on=now.replace(year=now.year - 1))
    roll_all()
    return fair


def test_everybody_of_both_teams_and_finance_reads_and_only_heads_draft_and_sign(client, cast):
    version = drafted(cast)
    for address in (PAGE, f"{PAGE}versions/{version.pk}/"):
        assert who(client, cast, lambda where=address: client.get(where)) == READERS, address
    assert who(client, cast, lambda: client.get(DRAFT)) == HEADS
    assert who(client, cast, lambda: client.post(f"{PAGE}versions/{version.pk}/sign/")) == HEADS
    assert version.signatures.count() == 2
    assert who(client, cast, lambda: client.post(f"{PAGE}versions/{version.pk}/discard/")) == HEADS
    assert IndexVersion.objects.get() == version  # it is signed


def test_a_version_is_drafted_and_holds_once_both_heads_have_signed(client, cast):
    client.force_login(cast.marketing_head)
    for wrong, words in (
        ({"weight-leads": ""}, "or neither"),
        ({"expected-awareness": ""}, "or neither"),
        ({"expected-awareness": "101"}, "less than or equal to 100"),
        ({"weight-leads": "0"}, "greater than"),
        ({"cap": "99"}, "greater than or equal to 100"),
        ({"lasts": "25"}, "less than or equal to 24"),
        ({"first": "1999-01"}, "three years ago"),
        ({name: "" for name in SENT if "-" in name}, "at least one component"),
    ):
        page = client.post(DRAFT, SENT | wrong)
        assert (page.status_code, words in page.content.decode()) == (422, True), words
    made = IndexVersion.objects.get(pk=client.post(DRAFT, SENT).url.split("/")[-2])
    assert {(one.kind, one.weight, one.expected) for one in made.components.all()} == {
        ("leads", 60, 25),
        ("awareness", 40, 55),
    }
    page = f"{PAGE}versions/{made.pk}/"
    client.post(f"{page}sign/")
    client.post(f"{page}sign/")
    assert list(made.signatures.values_list("track", flat=True)) == ["marketing"]
    assert "this version waits for signatures" in client.get(PAGE).content.decode()
    client.force_login(cast.sales_head)
    told = client.get(page).content.decode()
    for words in ("Sign", "25 a month", "55%", "60.0%", "the whole house", "agreed in March"):
        assert words in told, words
    client.post(f"{page}sign/")
    assert "Signed by both heads" in client.get(page).content.decode()
    begun = client.get(f"{DRAFT}?from={made.pk}").context["form"]
    assert (begun["weight-leads"].value(), begun["expected-awareness"].value()) == ("60", "55")
    assert "Months that are over" in client.post(DRAFT, SENT).content.decode()
    client.post(DRAFT, SENT | {"first": f"{organisation.today(make.datetime.now(make.UTC)):%Y-%m}"})
    other = IndexVersion.objects.exclude(pk=made.pk).get()
    client.post(f"{PAGE}versions/{other.pk}/discard/")
    assert IndexVersion.objects.get() == made


def test_each_figure_says_what_it_is_of_and_opens_what_is_behind_it(client, cast, firm, now):
    one = wave(cast, on=now, top=None, other=None, prompted=216)
    client.force_login(cast.marketing_head)
    page = client.get(PAGE)
    lines = {row["name"]: row for row in page.context["lines"].rows}
    assert {name: row["reached_told"] for name, row in lines.items()} == {
        "Qualified leads": "1",
        "Effect on sales": "€50",
        "Brand awareness": "54%",
    }
    assert "too few were asked to tell it" in lines["Brand awareness"]["note"]
    assert lines["Brand awareness"]["href"] == f"/dashboard/brand/waves/{one.pk}/"
    for name, shown in (("Qualified leads", 1), ("Effect on sales", 1)):
        listed = client.get(lines[name]["href"])
        assert (listed.status_code, len(listed.context["table"].rows)) == (200, shown), name
    earned = sum(row["points_exact"] * row["weight_exact"] for row in lines.values()) / 80
    assert page.context["told"].index == earned


def test_what_was_not_measured_is_said_plainly(client, cast, firm):
    client.force_login(cast.marketer)
    page = client.get(PAGE).content.decode()
    for words in (
        "Not measured, and left out of it: Brand awareness.",
        "It rests on 88% of the weights.",
        "no survey asked it in this market",
        "The period is running",
    ):
        assert words in page, words
    assert "No version that both heads have signed" in client.get(f"{PAGE}?segment={make.segment().pk}").content.decode()  # fmt: skip


def test_reps_see_points_and_no_amounts(client, cast, firm):
    client.force_login(cast.rep)
    page = client.get(PAGE)
    (line,) = [row for row in page.context["lines"].rows if row["name"] == "Effect on sales"]
    assert (line["reached_told"], line["expected_told"], line["href"]) == ("–", "–", "")
    assert (line["points"] != "–", "€50" in page.content.decode()) == (True, False)
    status, body = Api(cast.rep).get("/reports/index/")
    (line,) = [row for row in body["results"][-1]["lines"] if row["kind"] == "sales"]
    assert (status, line["reached"], line["expected"], line["measured"], line["points"] is None) == (200, None, None, True, False)  # fmt: skip
    version = IndexVersion.objects.get()
    expected = {one["kind"]: one["expected"] for one in Api(cast.rep).get(f"/index-versions/{version.pk}/")[1]["components"]}  # fmt: skip
    assert expected == {"leads": "2.0000", "sales": None, "awareness": "50.0000"}
    assert "€100" not in client.get(f"{PAGE}versions/{version.pk}/").content.decode()


def test_periods_stand_in_the_address_and_come_as_files(client, cast, firm, now):
    client.force_login(cast.finance)
    by_month = client.get(f"{PAGE}?by=month&at={now:%Y-%m}")
    assert by_month.context["told"].period.first == now
    assert len(by_month.context["trend"].rows) == 12
    last = client.get(f"{PAGE}?at={periods.shifted(now, -3):%Y-%m}")
    assert last.context["told"].is_over
    assert client.get(f"{PAGE}?at=1999-01").status_code == 400
    assert client.get(f"{PAGE}?by=week").status_code == 400
    assert client.get(f"{PAGE}?nonsense=1").status_code == 400
    tables = read_tables(client.get(f"{PAGE}?format=csv"))
    lines = [dict(zip(tables[""][0], row, strict=True)) for row in tables[""][1:]]
    assert [(row["Component"], row["Weight"], row["Reached"]) for row in lines] == [
        ("Qualified leads", "40.00", "1"),
        ("Effect on sales", "30.00", "50.0000"),
        ("Brand awareness", "10.00", ""),
    ]
    assert len(tables["Points by period"]) == 9
    assert worded({"": tables[""]}, but=("Note",)) == []
    assert client.get(f"{PAGE}?format=xlsx").status_code == 200


def test_the_page_costs_the_same_with_more(client, cast, firm):
    client.force_login(cast.finance)
    names = iter("abcdef")

    def add():
        name = next(names)
        wave(cast, name)
        searched(cast, date(2026, "abcdef".index(name) + 1, 1))
        drafted(cast, region=make.region(name))

    same_queries(client, PAGE, add)
    assert queries(client, PAGE) <= 8


def test_the_index_in_the_api(cast, firm, now):
    one = wave(cast, on=now, prompted=100)
    status, body = Api(cast.finance).get("/reports/index/")
    assert (status, body["by"], len(body["results"])) == (200, "quarter", 8)
    last = body["results"][-1]
    lines = {row["kind"]: row for row in last["lines"]}
    assert (last["first"], last["model"], last["measured"]) == (f"{now}", "linear", "1")
    assert {kind: row["reached"] for kind, row in lines.items()} == {
        "leads": "1",
        "sales": "50",
        "awareness": "50",
    }
    assert lines["awareness"]["wave"]["id"] == one.pk
    assert body["results"][0]["index"] is None
    assert Api(cast.service).get("/reports/index/")[0] == 403
    assert Api(cast.finance).get("/reports/index/", at="2026-01")[0] == 200
    assert Api(cast.finance).get("/reports/index/", by="week")[0] == 400


def test_versions_are_drafted_signed_and_thrown_away_by_the_api(cast):
    sent = {
        "first": "2026-01", "lasts": 3, "components": [
            {"kind": "leads", "weight": "60", "expected": "25"}, {"kind": "search", "weight": 40, "expected": "30"},
        ],
    }  # fmt: skip
    api = Api(cast.marketing_head)
    status, body = api.post("/index-versions/", sent)
    assert (status, body["cap"], body["lasts"], body["signatures"]) == (201, 120, 3, [])
    assert [(one["kind"], Decimal(one["expected"])) for one in body["components"]] == [("leads", 25), ("search", 30)]  # fmt: skip
    for wrong, field in (
        ({"components": []}, "components"),
        ({"components": [sent["components"][0]] * 2}, "components"),
        ({"components": [{"kind": "search", "weight": 1, "expected": 101}]}, "components"),
        ({"first": "1999-01"}, "first"),
        ({"cap": 99}, "cap"),
        ({"strange": 1}, "strange"),
    ):
        status, told = api.post("/index-versions/", sent | wrong)
        assert (status, [name.split(".")[0] for name in told["errors"]]) == (400, [field]), wrong
    one = f"/index-versions/{body['id']}/"
    assert Api(cast.marketer).post(f"{one}sign/")[0] == 403
    assert Api(cast.marketer).delete(one)[0] == 403
    assert [row["track"] for row in api.post(f"{one}sign/")[1]["signatures"]] == ["marketing"]
    assert api.post(f"{one}sign/")[0] == 409
    assert api.delete(one)[0] == 409
    assert len(Api(cast.sales_head).post(f"{one}sign/")[1]["signatures"]) == 2
    status, body = api.post("/index-versions/", sent | {"first": f"{NOON:%Y-%m}", "region": make.region().pk})
    assert api.delete(f"/index-versions/{body['id']}/")[0] == 204
    assert len(Api(cast.finance).get("/index-versions/")[1]["results"]) == 1
    assert Api(cast.service).get("/index-versions/")[0] == 403
