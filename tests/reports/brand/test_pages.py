"""Pages of brand measurements: who reads and writes them, what is refused, what is corrected and taken away."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts import organisation
from accounts.models import Organisation
from reports.brand import showing
from reports.models import BrandWave, SearchShare
from tests import cast as make
from tests.downloads import read_csv
from tests.pages import posted, same_queries
from tests.reports.brand.worlds import marked, searched, wave

pytestmark = pytest.mark.django_db
WAVES, SEARCHES = "/dashboard/brand/", "/dashboard/brand/searches/"
NEW = f"{WAVES}waves/new/"
FORM = {
    "name": "Spring", "on": "2026-04-20", "asked": "400", "top": "10%", "other": "60", "prompted": "100", "reputation": "mean",
    "score": "4,1", "low": "1", "high": "5", "deviation": "0.9",
}  # fmt: skip
READERS = {
    "marketer", "marketing_head", "rep", "teammate", "other_rep", "manager", "other_manager", "sales_head", "admin", "finance",
}  # fmt: skip
WRITERS = {"marketer", "marketing_head", "sales_head", "admin"}


@pytest.fixture(autouse=True)
def full():
    """The level that shows the tabs."""
    Organisation.objects.update(level=3)
    organisation.forget()


def who(client, cast, send):
    """Names of those who are not answered 403."""
    found = set()
    for name, user in cast.everybody().items():
        client.force_login(user)
        if send().status_code != 403:
            found.add(name)
    return found


def test_both_teams_and_finance_read_and_marketing_writes(client, cast):
    one, month = wave(cast), searched(cast)
    for address in (WAVES, SEARCHES, f"{WAVES}waves/{one.pk}/", f"{SEARCHES}{month.pk}/"):
        assert who(client, cast, lambda where=address: client.get(where)) == READERS, address
    for address in (
        NEW, f"{SEARCHES}new/", f"{WAVES}file/", f"{WAVES}waves/{one.pk}/edit/", f"{SEARCHES}{month.pk}/edit/",
    ):  # fmt: skip
        assert who(client, cast, lambda where=address: client.get(where)) == WRITERS, address
    for address in (f"{WAVES}waves/999999/remove/", f"{SEARCHES}999999/remove/"):
        assert who(client, cast, lambda where=address: client.post(where)) == WRITERS, address
    client.force_login(cast.rep)
    assert "Take away" not in client.get(f"{WAVES}waves/{one.pk}/").content.decode()
    assert client.get(f"{WAVES}?format=csv").status_code == 403  # what leaves the house


def test_a_wave_is_written_down_in_people_or_in_shares(client, cast):
    client.force_login(cast.marketer)
    response = client.post(NEW, FORM)
    one = BrandWave.objects.get()
    assert response.url == f"{WAVES}waves/{one.pk}/"
    assert (one.top, one.other, one.prompted, one.score, one.entered_by) == (
        40, 60, 100, Decimal("4.1"), cast.marketer,
    )  # fmt: skip
    page = client.get(response.url).content.decode()
    for words in ("Named it first", "50.0%", "4.1 on 1 to 5", "77.5% of the scale", "45.1% to 54.9%"):
        assert words in page, words


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"prompted": "301"}, "prompted", "everybody is in one group at most"),
        ({"top": ""}, "top", "or neither"),
        ({"other": ""}, "other", "or neither"),
        ({"prompted": ""}, "prompted", "0 where nobody did"),
        ({"score": ""}, "score", "belongs to the reputation"),
        ({"low": "5"}, "high", "ends above where it begins"),
        ({"score": "5.5"}, "score", "between 1 and 5"),
        ({"reputation": "net", "score": "40"}, "low", "not told of such"),
        ({"reputation": "net", "score": "140", "low": "", "high": ""}, "score", "between -100 and 100"),
        ({"reputation": ""}, "deviation", "not told of such"),
        ({"on": "1969-01-01"}, "on", "1970 and 2099"),
        ({"on": "2099-01-01"}, "on", "a day to come"),
        ({"asked": "0"}, "asked", "greater than or equal to 1"),
        ({"top": "0.1"}, "top", "such as 29%"),
        ({"top": "-1%"}, "top", "greater than or equal to 0"),
        (
            {name: "" for name in FORM if name not in ("name", "on", "asked")},
            "prompted",
            "awareness, reputation or both",
        ),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(client, cast, changed, field, words):
    client.force_login(cast.marketer)
    page = client.post(NEW, FORM | changed)
    told = " ".join(page.context["form"].errors.get(field, [])).replace("−", "-")
    assert (page.status_code, words in told) == (422, True), page.context["form"].errors
    assert not BrandWave.objects.exists()


def test_a_wave_stands_once(client, cast):
    client.force_login(cast.marketer)
    assert [client.post(NEW, FORM).status_code for _again in range(2)] == [302, 422]
    assert client.post(NEW, FORM | {"segment": make.segment().pk}).status_code == 302
    assert BrandWave.objects.count() == 2


@pytest.mark.parametrize(
    "told",
    [
        {"asked": 0}, {"top": -1}, {"top": 301}, {"top": None}, {"prompted": None}, {"reputation": "net"},
        {"reputation": "net", "score": 101}, {"reputation": "mean", "score": 3}, {"reputation": "", "score": 3},
        {"reputation": "mean", "score": 6, "low": 1, "high": 5}, {"reputation": "net", "score": 3, "low": 1, "high": 5},
        {"top": None, "other": None, "prompted": None},
    ],
)  # fmt: skip
def test_the_database_refuses_it_too(cast, told):
    with pytest.raises(IntegrityError), transaction.atomic():
        wave(cast, **told)


@pytest.mark.parametrize(
    "told", [{"own": 1001}, {"own": -1}, {"own": 0, "total": 0}, {"month": date(2026, 4, 2)}]
)
def test_the_database_refuses_searches_that_cannot_be(cast, told):
    with pytest.raises(IntegrityError), transaction.atomic():
        searched(cast, **told)


def test_a_correction_is_told_with_whoever_made_it_and_what_is_taken_away_stays_known(client, cast):
    one, north = wave(cast), make.region()
    client.force_login(cast.marketing_head)
    edit = f"{WAVES}waves/{one.pk}/edit/"
    sent = posted(client.get(edit), edit) | {"prompted": "120", "region": north.pk}
    assert client.post(edit, sent).status_code == 302
    one.refresh_from_db()
    assert {(change.field, change.before, change.after, change.by) for change in showing.changes(one)} == {
        ("prompted", "100", "120", cast.marketing_head),
        ("region", "–", "North", cast.marketing_head),
    }
    assert "100 → 120" in client.get(f"{WAVES}waves/{one.pk}/").content.decode()
    client.force_login(cast.marketer)
    assert client.post(f"{WAVES}waves/{one.pk}/remove/").url == WAVES
    assert not BrandWave.objects.exists()
    ((name, where, _at, by),) = showing.removed(BrandWave)
    assert (name, where, by) == ("Spring", "North", cast.marketer)
    assert "Taken away" in client.get(WAVES).content.decode()


def test_searches_are_written_down_corrected_and_taken_away(client, cast):
    client.force_login(cast.marketer)
    sent = {"month": "2026-04", "own": "300", "total": "1000", "tool": "Trends"}
    assert client.post(f"{SEARCHES}new/", sent | {"own": "1001"}).status_code == 422
    assert client.post(f"{SEARCHES}new/", sent | {"month": "2099-01"}).status_code == 422
    assert client.post(f"{SEARCHES}new/", sent).status_code == 302
    assert client.post(f"{SEARCHES}new/", sent).status_code == 422  # a month stands once
    month = SearchShare.objects.get()
    page = client.get(f"{SEARCHES}{month.pk}/").content.decode()
    assert ("30.0%" in page, "Apr 2026" in page) == (True, True)
    edit = f"{SEARCHES}{month.pk}/edit/"
    assert client.post(edit, posted(client.get(edit), edit) | {"own": "400"}).status_code == 302
    assert SearchShare.objects.get().own == 400
    assert client.post(f"{SEARCHES}{month.pk}/remove/").url == SEARCHES
    assert [one[0] for one in showing.removed(SearchShare)] == ["Apr 2026"]


def test_lists_narrow_draw_one_market_and_come_as_files(client, cast):
    smb = make.segment()
    wave(cast, "Older", on=date(2025, 10, 20), top=20)
    wave(cast, "Newer")
    wave(cast, "Of SMB", segment=smb, top=None, other=None)
    marked(cast, Decimal("4.2"), deviation=1)
    client.force_login(cast.finance)
    page = client.get(WAVES)
    assert [row["name"] for row in page.context["table"].rows] == ["Image", "Of SMB", "Newer", "Older"]
    assert [
        (row["total"], row["unaided"], row["top"], row["mark"]) for row in page.context["table"].rows
    ] == [
        (None, None, None, Decimal("0.8")),
        (Decimal("0.25"), None, None, None),
        (Decimal("0.5"), Decimal("0.25"), Decimal("0.1"), None),
        (Decimal("0.45"), Decimal("0.2"), Decimal("0.05"), None),
    ]
    assert "Awareness by wave" in page.content.decode()
    for query, names in (
        ({"segment": smb.pk}, {"Of SMB"}),
        ({"reputation": "mean"}, {"Image"}),
        ({"q": "old"}, {"Older"}),
    ):
        assert {row["name"] for row in client.get(WAVES, query).context["table"].rows} == names
    told = read_csv(client.get(f"{WAVES}?format=csv&segment={smb.pk}"))
    line = dict(zip(*told, strict=True))
    assert [line[name] for name in ("Wave", "Segment", "Asked", "Total awareness: People", "Total awareness: Share")] == [
        "Of SMB", "SMB", "400", "100", "0.2500",
    ]  # fmt: skip
    searched(cast)
    told = read_csv(client.get(f"{SEARCHES}?format=csv"))
    assert dict(zip(*told, strict=True))["Share of search"] == "0.3"
    assert client.get(f"{WAVES}?format=xlsx").status_code == 200
    assert client.get(f"{WAVES}?nonsense=1").status_code == 400


def test_lists_cost_the_same_with_more(client, cast):
    client.force_login(cast.marketer)
    names = iter("abcdef")

    def add():
        name = next(names)
        wave(cast, name, region=make.region(name))
        wave(cast, name)

    same_queries(client, WAVES, add)
    months = iter(range(1, 6))

    def add_month():
        searched(cast, date(2026, next(months), 1))

    same_queries(client, SEARCHES, add_month)
