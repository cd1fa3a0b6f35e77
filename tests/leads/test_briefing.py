"""What a rep knows before a visit."""

from datetime import date, timedelta

import pytest

from leads import briefing
from leads.closing.renewing import TAKEN_BACK
from leads.models import Note
from pipeline.models import DealContact, DealLine, OutcomeReason, Product, Step
from tests import cast as make
from tests.cast import NOON
from tests.pages import queries, same_queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def person(cast):
    return make.contact(company=make.company(sales_owner=cast.rep))


def brief(person, cast):
    return briefing.brief(person, by=cast.rep, at=NOON)


def test_what_was_bought_promised_and_said(cast, person):
    won = make.deal(
        owner=cast.rep, company=person.company, outcome="won", signed_on=date(2026, 5, 1), closed_at=NOON
    )
    DealLine.objects.create(deal=won, product=Product.objects.create(name="Press", code="p"), unit_price=5)
    going = make.deal(owner=cast.rep)
    DealContact.objects.create(deal=going, contact=person)
    make.deal(owner=cast.other_rep, company=make.company())
    mine = Step.objects.create(what="Send the drawing", owner=cast.rep, due_at=NOON, deal=going)
    Step.objects.create(what="Done", owner=cast.rep, due_at=NOON, contact=person, done_at=NOON)
    note = Note.objects.create(contact=person, text="Likes tea", by=cast.rep, at=NOON)
    colleague = make.contact(company=person.company)
    told = brief(person, cast)
    assert (told.bought, told.deals, told.promises) == ([won], [going], [mine])
    assert (told.notes, told.colleagues, told.lead) == ([note], [colleague], None)
    assert [line.product.name for line in told.bought[0].lines.all()] == ["Press"]


def test_who_looks_after_a_customer_sees_what_the_hunter_sold(cast, person):
    sold = make.deal(
        owner=cast.other_rep, company=person.company, outcome="won", signed_on=NOON, closed_at=NOON
    )
    assert brief(person, cast).bought == [sold]
    person.company.sales_owner = cast.other_rep
    person.company.save()
    assert brief(person, cast).bought == []


def test_what_was_lost_is_told_with_when_and_why(client, cast, person):
    reasons = OutcomeReason.objects.in_bulk(field_name="code")
    reasons[TAKEN_BACK] = OutcomeReason.objects.create(
        code=TAKEN_BACK, name="Taken back", outcome="lost", active=False
    )

    def lose(days, code, owner=cast.rep, **more):
        said = {"outcome": "lost", "closed_at": NOON - days * DAY, "outcome_reason": reasons.get(code)}
        return make.deal(owner=owner, company=person.company, **said, **more)

    older = lose(90, "competitor", amount=25_904, outcome_note="Theirs came with a robot")
    newer, unsaid = lose(3, "price_lost"), lose(400, "")
    lose(2, TAKEN_BACK)
    hunters = lose(30, "competitor", owner=cast.other_rep)
    make.deal(owner=cast.rep, company=person.company)
    assert brief(person, cast).lost == [newer, hunters, older, unsaid]
    client.force_login(cast.rep)
    page = client.get(f"/contacts/{person.pk}/briefing/").content.decode()
    shown = page[page.index("What we lost") : page.index("Last touches")]
    assert [
        shown.index(words) for words in ("Price too high", "Went to a competitor", "Theirs came with a robot")
    ]
    assert "€25,904" in shown or "25.9" in shown


def test_silent_since_we_heard_or_reached_them(cast, person):
    assert brief(person, cast).silent_since is None
    make.touch(person, at=NOON - 9 * DAY, kind="visit")
    make.touch(person, at=NOON - 5 * DAY, kind="call", outbound=True, reached=True)
    make.touch(person, at=NOON - 2 * DAY, kind="call", outbound=True, reached=False)
    make.touch(person, at=NOON - DAY, kind="mail", automatic=True)
    told = brief(person, cast)
    assert told.silent_since == NOON - 5 * DAY
    assert [touch.at for touch in told.touches] == [NOON - days * DAY for days in (2, 5, 9)]


def test_a_complaint_is_open_until_somebody_of_us_has_met_them(cast, person):
    colleague = make.contact(company=person.company)
    theirs = make.touch(person, at=NOON - 9 * DAY, kind="complaint")
    other = make.touch(colleague, at=NOON - 8 * DAY, kind="complaint")
    make.touch(make.contact(), at=NOON, kind="complaint")
    assert brief(person, cast).complaints == [other, theirs]
    make.touch(person, at=NOON - 7 * DAY, kind="call", outbound=True, reached=False)
    make.touch(colleague, at=NOON - 7 * DAY, kind="service_visit", outbound=True)
    assert brief(person, cast).complaints == [theirs]
    make.touch(person, at=NOON - 6 * DAY, kind="call", outbound=True, reached=True, track="sales")
    make.touch(person, at=NOON - 5 * DAY, kind="meeting", outbound=True, track="marketing")
    assert brief(person, cast).complaints == [theirs], "that was about something else"
    make.touch(person, at=NOON - 4 * DAY, kind="meeting", outbound=True, track="sales")
    assert brief(person, cast).complaints == []
    assert brief(person, cast).experience.kind == "complaint"


def test_open_questions_are_shown_to_ask(cast, person):
    make.lead(contact=person, answers={"need": "a press"})
    assert [(question.code, answer) for question, answer in brief(person, cast).asked] == [
        ("need", "a press"),
        ("when", ""),
    ]


def test_the_page_costs_the_same_and_may_be_kept_by_its_reader(client, cast, person):
    client.force_login(cast.rep)
    path = f"/contacts/{person.pk}/briefing/"

    def add():
        make.touch(person, kind="complaint", campaign=make.campaign())
        make.deal(
            owner=cast.rep, company=person.company, outcome="won", signed_on=date(2026, 5, 1), closed_at=NOON
        )
        make.deal(owner=cast.rep, company=person.company, outcome="lost", closed_at=NOON)
        Step.objects.create(what="Call", owner=cast.rep, due_at=NOON, contact=person)

    same_queries(client, path, add)
    assert queries(client, path) <= 20
    kept_for = client.get(path)["X-Keep-For"]
    client.force_login(cast.manager)
    assert client.get(path)["X-Keep-For"] not in ("", kept_for)
    client.force_login(cast.other_rep)
    assert client.get(path).status_code == 404
