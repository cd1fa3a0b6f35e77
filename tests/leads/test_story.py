"""What happened with a company: every source in one line of time, as far as the reader sees it, page by page."""

from datetime import timedelta

import pytest

from leads import story
from leads.models import Note
from pipeline.models import DealContact, DealRegistration
from tests import cast as make
from tests.cast import NOON
from tests.pages import same_queries

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def acme(cast):
    return make.company("Acme", sales_owner=cast.rep)


def titles(told):
    return [line.event.title for line in told.lines]


def fill(cast, acme):
    """One of everything, an hour apart, and the titles in the order of the story."""
    ada, ben = (make.contact(name, company=acme) for name in ("Ada", "Ben"))
    make.lead(contact=ada, at=NOON, owner=cast.rep)
    make.touch(ada, at=NOON + HOUR, kind="visit", channel="website")
    make.touch(
        ben, at=NOON + 2 * HOUR, kind="call", outbound=True, reached=True, actor=cast.rep, track="sales"
    )
    Note.objects.create(contact=ben, text="Likes tea", by=cast.rep, at=NOON + 3 * HOUR)
    opened = {"company": acme, "at": NOON + 4 * HOUR, "amount": 900, "currency": "EUR"}
    won = make.deal(
        **opened,
        name="Press",
        owner=cast.other_rep,
        outcome="won",
        signed_on=NOON.date(),
        closed_at=NOON + 5 * HOUR,
    )
    on = NOON.date() + DAY
    make.deal(cancels=won, amount=-300, currency="EUR", outcome="won", signed_on=on, closed_at=NOON)
    dealer = make.company("Dealer")
    DealRegistration.objects.create(
        dealer=dealer, customer=acme, registered_on=on + DAY, protected_until=on + 90 * DAY, by=cast.rep
    )
    make.touch(make.contact(company=make.company("Bolt")), at=NOON)
    return won, [
        "Registered by a dealer", "Cancelled", "Won", "Deal opened", "Note", "Call, reached", "Visit", "Captured",
    ]  # fmt: skip


def test_every_dealing_stands_in_one_line_of_time(cast, acme):
    won, expected = fill(cast, acme)
    told = story.of_company(acme, by=cast.rep)
    assert (titles(told), told.older) == (expected, "")
    assert [line.whom for line in told.lines] == ["", "", "", "", "Ben", "Ben", "Ada", "Ada"]
    assert [line.window for line in told.lines if line.window] == ["Dealer", "Paid search", "Website"]
    assert [line.track for line in told.lines[-3:]] == ["sales", "marketing", "marketing"]
    assert {line.deal for line in told.lines} == {None, won.pk}


def test_amounts_of_deals_that_one_may_not_open_are_left_out(cast, acme):
    _won, expected = fill(cast, acme)
    acme.sales_owner = None
    acme.save()
    seen = story.of_company(acme, by=cast.rep)
    assert titles(seen) == [
        one for one in expected if one not in ("Note", "Call, reached")
    ]  # Ben is not theirs
    assert [line.event.text for line in seen.lines[1:4]] == ["Press", "Press", "Press · New business"]
    assert {line.deal for line in seen.lines} == {None}
    whole = story.of_company(acme, by=cast.marketer)
    assert titles(whole) == expected
    assert "€900" in whole.lines[3].event.text
    assert "€300" in whole.lines[1].event.text


def test_a_persons_story_is_of_the_person_alone(cast, acme):
    won, _expected = fill(cast, acme)
    ben = acme.contacts.get(full_name="Ben")
    assert titles(story.of_contact(ben, by=cast.rep)) == ["Note", "Call, reached"]
    DealContact.objects.create(deal=won, contact=ben)
    assert titles(story.of_contact(ben, by=cast.rep)) == [
        "Cancelled", "Won", "Deal opened", "Note", "Call, reached",
    ]  # fmt: skip


def test_pages_leave_nothing_out_and_nothing_twice_even_at_one_moment(cast, acme):
    _won, expected = fill(cast, acme)
    somebody = make.contact("Cid", company=acme)
    for _ in range(3):
        make.touch(somebody, at=NOON + 3 * HOUR)
        Note.objects.create(contact=somebody, text="x", at=NOON + 3 * HOUR)
    whole = story.of_company(acme, by=cast.rep, most=100)
    assert len(whole.lines) == len(expected) + 6
    paged, cursor = [], ""
    while True:
        part = story.of_company(acme, by=cast.rep, most=2, cursor=cursor)
        paged += part.lines
        if not (cursor := part.older):
            break
    assert [line.key for line in paged] == [line.key for line in whole.lines]


def test_pages_and_api_tell_it_at_the_same_cost(client, cast, acme):
    _won, expected = fill(cast, acme)
    client.force_login(cast.rep)
    ada = acme.contacts.get(full_name="Ada")

    def add():
        one = make.contact(company=acme)
        make.touch(one)
        make.lead(contact=one)
        won = make.deal(company=acme, outcome="won", signed_on=NOON.date(), closed_at=NOON, amount=5)
        make.deal(cancels=won, amount=-1, outcome="won", signed_on=NOON.date(), closed_at=NOON)

    page = client.get(f"/companies/{acme.pk}/story/").content.decode()
    places = [page.index(title) for title in expected]
    assert places == sorted(places)
    told = client.get(f"/api/v1/companies/{acme.pk}/story/").json()
    assert [row["title"] for row in told["results"]] == expected
    assert [row["kind"] for row in told["results"]][:2] == ["registration", "deal"]
    told = client.get(f"/api/v1/contacts/{ada.pk}/story/").json()
    assert [row["title"] for row in told["results"]] == ["Visit", "Captured"]
    assert f'hx-get="/companies/{acme.pk}/story/"' in client.get(f"/companies/{acme.pk}/").content.decode()
    assert f'hx-get="/contacts/{ada.pk}/story/"' in client.get(f"/contacts/{ada.pk}/").content.decode()
    same_queries(client, f"/companies/{acme.pk}/story/", add)
    assert client.get(f"/companies/{acme.pk}/story/?cursor=x").status_code == 400
    client.force_login(cast.other_rep)
    assert client.get(f"/contacts/{ada.pk}/story/").status_code == 404
    assert client.get(f"/api/v1/contacts/{ada.pk}/story/").status_code == 404
