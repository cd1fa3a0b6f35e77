"""The register of opportunities to grow: expected beside real, lessons of several people, history, filters, files and API."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts import organisation
from accounts.models import Organisation
from leads import closing
from reports.growth import figures, reminding
from reports.growth.figures import Came
from reports.models import Growth, Lesson
from reports.rollups import roll_all
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.downloads import read_csv
from tests.pages import queries
from tests.reports.test_filters import choose
from tests.reports.test_returns import spend, won_by

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/growth/"
FORM = {"name": "Spare parts by subscription", "known": "40 of 172 customers asked for it", "margin": "120 000", "cost": "8000", "state": "idea"}  # fmt: skip


@pytest.fixture(autouse=True)
def full():
    """The level that shows the tabs."""
    Organisation.objects.update(level=3)
    organisation.forget()


def grow(cast, name="Parts", **fields):
    return Growth.objects.create(
        **{
            "name": name,
            "known": "asked for",
            "margin": 500,
            "cost": 90,
            "entered_by": cast.marketing_head,
            **fields,
        }
    )


def test_what_came_is_what_its_campaign_and_all_under_it_spent_and_earned(cast):
    programme = make.campaign("Programme")
    part, other = make.campaign("Part", parent=programme), make.campaign("Other")
    spend(programme, 30)
    spend(part, 12)
    spend(part, 99, "planned")
    spend(other, 7)
    won_by(part, 100, cost=40)
    won_by(programme, 50, cost=10, kind="renewal")  # its renewals are not what a campaign is credited with
    gone = won_by(programme, 80, cost=20)
    closing.cancel(gone, amount=Decimal(40), on=NOON.date(), reason="x", by=None, at=NOON)
    unknown = won_by(other, 30)
    roll_all()
    assert unknown.pk
    assert figures.came(choose()) == {
        programme.pk: Came(Decimal(42), Decimal(60 + 30)),
        part.pk: Came(Decimal(12), Decimal(60)),
        other.pk: Came(Decimal(7), None),
    }


def test_what_came_and_was_spent_open_what_is_behind_them(client, cast):
    programme = make.campaign("Programme")
    part, other = make.campaign("Part", parent=programme), make.campaign("Other")
    spend(programme, 30)
    spend(part, 12)
    won_by(part, 100, cost=40)
    won_by(programme, 80, cost=20)
    won_by(other, 70, cost=1)
    roll_all()
    grow(cast, "Untried")
    one = grow(cast, campaign=programme)
    client.force_login(cast.finance)
    tried, untried = client.get(PAGE).context["table"].rows
    assert "came_href" not in untried
    for name, column in (("came", "margin"), ("spent", "base_amount")):
        rows = client.get(tried[f"{name}_href"]).context["table"].rows
        assert len(rows) == 2
        assert sum(row[column] for row in rows) == tried[name]
    page = client.get(f"{PAGE}{one.pk}/")
    assert [href for *_words, href in page.context["against"]] == [tried["came_href"], tried["spent_href"]]
    lost = client.get(PAGE, {"cursor": "abc"})
    assert (lost.status_code, "This address cannot be read" in lost.content.decode()) == (400, True)


def test_both_sides_write_it_down_and_nobodys_lesson_is_lost(client, cast):
    client.force_login(cast.marketing_head)
    assert client.post(f"{PAGE}new/", FORM | {"margin": "-1"}).status_code == 422
    wish = FORM | {"marketer": cast.marketer.pk, "seller": cast.rep.pk, "look_on": "2026-01-05"}
    assert client.post(f"{PAGE}new/", wish | {"seller": cast.marketer.pk}).status_code == 422
    response = client.post(f"{PAGE}new/", wish)
    one = Growth.objects.get()
    assert response.url == f"{PAGE}{one.pk}/"
    assert (one.margin, one.cost, one.entered_by, one.seller) == (
        120_000,
        8_000,
        cast.marketing_head,
        cast.rep,
    )
    assert "due: look at it again" in client.get(response.url).content.decode()
    for user in (cast.marketer, cast.manager, cast.finance):
        client.force_login(user)
        assert client.post(f"{response.url}learn/", {"text": f"{user} says so"}).status_code == 302
    assert client.post(f"{response.url}learn/", {"text": " "}).status_code == 422
    assert [(lesson.by, lesson.text) for lesson in Lesson.objects.all()] == [
        (user, f"{user} says so") for user in (cast.marketer, cast.manager, cast.finance)
    ]
    page = client.get(response.url).content.decode()
    assert all(f"{user} says so" in page for user in (cast.marketer, cast.manager, cast.finance))
    assert client.get(f"{response.url}edit/").status_code == 403  # finance reads and learns


def test_what_is_due_is_said_to_its_owners_on_both_sides(client, cast):
    """On Today and on My day; a rep who owns one may read it and say what was learned, and sees none of the money that came."""
    today = organisation.today(timezone.now())
    mine = grow(cast, "Due", marketer=cast.marketer, seller=cast.rep, look_on=today)
    grow(cast, "Later", marketer=cast.marketer, seller=cast.rep, look_on=today + timedelta(days=1))
    grow(cast, "Done", marketer=cast.marketer, state="grown", look_on=today)
    grow(cast, "Nobody's", look_on=today)  # which the head of marketing wrote down
    said = {"marketer": {"Due"}, "rep": {"Due"}, "teammate": set(), "marketing_head": {"Nobody's"}}
    for name, wanted in said.items():
        assert {one.what for one in reminding.needs(getattr(cast, name), timezone.now())} == wanted
    address = f"{PAGE}{mine.pk}/"
    for user, page in ((cast.marketer, "/today/"), (cast.rep, "/my-day/")):
        client.force_login(user)
        assert address in client.get(page).content.decode()
    page = client.get(address)
    assert (page.status_code, page.context["money"]) == (200, False)
    assert client.post(f"{address}learn/", {"text": "I rang them"}).status_code == 302
    assert client.get(PAGE).status_code == 403
    client.force_login(cast.teammate)
    assert client.get(address).status_code == 403
    assert client.post(f"{address}learn/", {"text": "x"}).status_code == 403
    client.force_login(cast.manager)
    table = client.get("/exceptions/?kind=growth").context["table"]
    assert [(row["name"], row["whose"]) for row in table.rows] == [
        ("Due", "Marketer · Rep"),
        ("Nobody's", "Nobody"),
    ]
    client.force_login(cast.rep)
    assert client.get("/exceptions/?kind=growth").context["table"].rows == []


def test_what_was_changed_is_told_with_whoever_did_it(client, cast):
    one, campaign = grow(cast, look_on=date(2030, 1, 1)), make.campaign("Trial")
    client.force_login(cast.manager)
    page = client.get(f"{PAGE}{one.pk}/edit/")
    data = {name: "" if value is None else value for name, value in page.context["form"].initial.items()}
    data |= {
        "state": "tried",
        "campaign": campaign.pk,
        "margin": "700",
        "cost": "90",
        "look_on": "2030-01-01",
    }
    assert client.post(f"{PAGE}{one.pk}/edit/", data).status_code == 302
    told = figures.changes(Growth.objects.get())
    assert {(one.field, one.before, one.after, one.by) for one in told} == {
        ("state", "Idea", "Being tried", cast.manager),
        ("campaign", "–", "Trial", cast.manager),
        ("margin", "500", "700", cast.manager),
    }
    assert "Being tried" in client.get(f"{PAGE}{one.pk}/").content.decode()


def test_the_register_narrows_says_what_is_due_and_comes_as_a_file(client, cast):
    smb, trial = make.segment(), make.campaign("Trial")
    spend(trial, 30)
    won_by(trial, 100, cost=40)
    roll_all()
    yesterday = organisation.today(NOON) - timedelta(days=1)
    grow(cast, "Due", segment=smb, look_on=yesterday, campaign=trial, state="tried", seller=cast.rep)
    grow(cast, "Dropped", look_on=yesterday, state="dropped")
    client.force_login(cast.finance)
    rows = client.get(PAGE).context["table"].rows
    assert [(row["name"], row["came"], row["spent"], bool(row["look_note"])) for row in rows] == [
        ("Dropped", None, None, False),
        ("Due", 60, 30, True),
    ]
    for query, names in (
        ({"state": "tried"}, {"Due"}),
        ({"segment": smb.pk}, {"Due"}),
        ({"seller": cast.rep.pk}, {"Due"}),
        ({"q": "drop"}, {"Dropped"}),
    ):
        assert {row["name"] for row in client.get(PAGE, query).context["table"].rows} == names
    told = read_csv(client.get(f"{PAGE}?state=tried&format=csv"))
    assert (len(told), told[1][0], told[1][1]) == (2, "Due", "SMB")
    assert PAGE in client.get("/dashboard/shifts/").content.decode()
    assert PAGE in client.get("/dashboard/segments/").content.decode()


def test_the_register_costs_the_same_with_more_and_is_not_for_everybody(client, cast):
    one = grow(cast)
    for user in (cast.rep, cast.service):
        client.force_login(user)
        for address in (PAGE, f"{PAGE}{one.pk}/", f"{PAGE}new/"):
            assert client.get(address).status_code == 403
        assert client.post(f"{PAGE}{one.pk}/learn/", {"text": "x"}).status_code == 403
        assert Api(user).get("/reports/growth/")[0] == 403
    client.force_login(cast.finance)
    assert client.get(f"{PAGE}new/").status_code == 403
    organisation.current()
    counted = queries(client, PAGE)
    for number in range(2):
        grow(cast, f"More {number}", segment=make.segment(f"s{number}"), campaign=make.campaign(f"c{number}"))
    organisation.current()
    assert queries(client, PAGE) == counted
    assert client.get(f"{PAGE}999999/").status_code == 404


def test_the_register_in_the_api(cast):
    trial = make.campaign("Trial")
    spend(trial, 30)
    won_by(trial, 100, cost=40)
    one, other = grow(cast, campaign=trial), grow(cast, "Other")
    figures.learn(one, "Ask the plant, not the office", cast.manager, NOON)
    roll_all()
    status, body = Api(cast.finance).get("/reports/growth/")
    assert status == 200
    assert [(row["id"], row["spent"], row["came"]) for row in body] == [
        (other.pk, None, None),
        (one.pk, "30.0000", "60.0000"),
    ]
    status, body = Api(cast.finance).get(f"/reports/growth/{one.pk}/")
    assert (body["lessons"][0]["text"], body["lessons"][0]["by"]) == (
        "Ask the plant, not the office",
        cast.manager.pk,
    )
    assert Api(cast.finance).get("/reports/growth/999999/")[0] == 404
