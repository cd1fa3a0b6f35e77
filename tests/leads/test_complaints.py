"""Open complaints are somebody's work: whose, seen by whom, told where, closed and taken back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Role, User
from leads import briefing, complaints, moments
from leads.models import ComplaintAnswer, Lead, Touch
from leads.models.moments import Moment
from leads.needs import of_marketing, of_others
from leads.ownership import FOLLOW
from reports.attention import listed
from reports.choice import axes, parse
from tests import cast as make
from tests.api import Api
from tests.pages import queries, same_queries

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def now():
    complaints.WAITING.forget()
    return timezone.now()


def complain(at, contact=None, **fields):
    return make.touch(contact or make.contact(), at=at, kind="complaint", note="It leaks", **fields)


def served(cast, **fields):
    """A contact at a company that the other team's rep serves."""
    firm = make.company(**fields)
    firm.account_people.create(user=cast.other_rep, part="presales")
    firm.account_people.create(
        user=cast.finance, part="service"
    )  # who does not work with leads looks after nobody
    firm.account_people.create(user=cast.other_rep, part="service")
    return make.contact(company=firm)


def sold(by):
    firm = make.company()
    make.deal(owner=by, company=firm, outcome="won", signed_on=make.NOON.date(), closed_at=make.NOON)
    return make.contact(company=firm)


def chain(cast):
    """A person for each way to be somebody's → whose complaint theirs is."""
    one = make.contact(company=make.company(sales_owner=cast.rep))
    held, won, gone, asleep = (make.contact() for _ in range(4))
    make.lead(contact=one, owner=cast.teammate, stage="sql")
    make.lead(contact=held, owner=cast.teammate, stage="sql")
    make.lead(contact=won, owner=cast.rep, stage="won", ended_at=make.NOON)
    make.lead(contact=asleep, owner=cast.rep, stage="disqualified", ended_at=make.NOON)
    left = make.person("left", Role.SALES, is_active=False)
    make.lead(contact=gone, owner=left, stage="sql")
    return {
        served(cast, sales_owner=cast.rep): cast.other_rep,
        one: cast.rep,
        held: cast.teammate,
        won: cast.rep,
        sold(cast.manager): cast.manager,
        gone: cast.sales_head,
        asleep: cast.sales_head,
        make.contact(): cast.sales_head,
    }


def test_a_complaint_is_always_somebodys_and_its_moment_goes_to_just_them(cast, now):
    expected = chain(cast)
    for person in expected:
        complain(now, person)
    found = complaints.seen_by(cast.admin).values_list("contact", "whose", "whose_name")
    assert set(found) == {(person.pk, user.pk, user.full_name) for person, user in expected.items()}
    moments.detect_due(at=now)
    told = {(one.contact_id, one.owner_id) for one in Moment.objects.all()}
    assert told == {(person.pk, user.pk) for person, user in expected.items()}
    User.objects.filter(pk=cast.sales_head.pk).update(is_active=False)
    assert cast.admin.pk in set(complaints.seen_by(cast.admin).values_list("whose", flat=True))


def test_everybody_sees_those_of_people_whom_they_see_and_their_own(client, cast, now):
    expected = {complain(now, person): user for person, user in chain(cast).items()}
    complain(now, outbound=True)
    closed = complain(now)
    ComplaintAnswer.objects.create(touch=closed, done="New seal", by=cast.rep, at=now)
    for name, user in cast.everybody().items():
        seen = Touch.objects.visible_to(user)
        theirs = {
            one.pk for one, whose in expected.items() if whose == user or seen.filter(pk=one.pk).exists()
        }
        client.force_login(user)
        page = client.get("/complaints/")
        if name in ("finance", "service"):
            assert page.status_code == 403
            continue
        assert {row.pk for row in page.context["page"].rows} == theirs, name
        rows = Api(user).get("/complaints/")[1]["results"]
        assert {(row["id"], row["whose"]) for row in rows} == {
            (one.pk, whose.pk) for one, whose in expected.items() if one.pk in theirs
        }
        mine = {one.pk for one, whose in expected.items() if whose == user}
        assert {row.pk for row in client.get("/complaints/?whose=mine").context["page"].rows} == mine
        assert {row["id"] for row in Api(user).get(f"/complaints/?whose={user.pk}")[1]["results"]} == mine
        if name == "other_rep":
            assert "/briefing/" in page.content.decode()
    client.force_login(cast.admin)
    assert client.get("/complaints/?who=x").status_code == 400


def test_what_is_open_for_more_than_a_day_is_an_exception_and_the_same_as_in_the_list(client, cast, now):
    person = make.contact(company=make.company(sales_owner=cast.rep))
    old, new = complain(now - 2 * DAY, person), complain(now - MINUTE, person)
    nobodys = complain(now - 3 * DAY)
    client.force_login(cast.sales_head)

    def rows(address):
        return [row.pk for row in client.get(address).context["page"].rows]

    assert rows("/complaints/") == [nobodys.pk, old.pk, new.pk]
    assert rows("/complaints/?old=true") == [nobodys.pk, old.pk]
    assert rows("/complaints/?old=false") == [new.pk]
    assert rows(f"/complaints/?contact={person.pk}") == [old.pk, new.pk]
    assert briefing.brief(person, by=cast.sales_head, at=now).complaints == [new, old]
    choice = parse({}, axes(), now)
    for user, team, people in (
        (cast.sales_head, None, [nobodys.contact, person]),
        (cast.manager, cast.manager.team, [person]),
        (cast.other_manager, None, []),
    ):
        told = listed(user, choice, now, kind="complaints", team=team)
        assert [row["href"] for row in told] == [f"/complaints/?contact={one.pk}" for one in people]
    assert [row["whose"] for row in listed(cast.sales_head, choice, now, kind="complaints")] == [
        "Sales Head",
        "Rep",
    ]
    assert len(Api(cast.sales_head).get("/complaints/?old=true")[1]["results"]) == 2


def test_whose_it_is_finds_it_on_the_first_page(client, cast, now):
    complain(now - 2 * DAY, make.contact(company=make.company(sales_owner=cast.rep)))
    desk = make.company()
    desk.account_people.create(user=cast.marketer, part="service")
    complain(now, make.contact(company=desk))
    for user, needs, tone in ((cast.rep, of_others, "urgent"), (cast.marketer, of_marketing, "soon")):
        complaints.WAITING.forget()
        told = [(one.tone, one.href) for one in needs(user, now) if one.icon == "triangle-alert"]
        assert told == [(tone, "/complaints/?whose=mine")]
    assert list(of_others(cast.teammate, now)) == []
    client.force_login(cast.rep)
    assert "/complaints/?whose=mine" in client.get("/my-day/").content.decode()
    complain(now, served(cast))
    complaints.WAITING.forget()
    asked = queries(client, "/my-day/")
    assert queries(client, "/my-day/") == asked - 1, "read once every few seconds"


def test_a_closing_can_be_taken_back_for_ten_minutes_by_who_closed_it(client, cast, now):
    complaint = complain(now, make.contact(company=make.company(sales_owner=cast.rep)))
    moments.detect_due(at=now)
    client.force_login(cast.rep)
    page = client.post(
        f"/complaints/{complaint.pk}/close/", {"done": "New seal", "next": "/complaints/"}, follow=True
    )
    back = f"/complaints/{complaint.pk}/reopen/?next=%2Fcomplaints%2F"
    assert f'formaction="{back}"' in page.content.decode()
    assert [one.pk for one in complaints.opened(Touch.objects.all())] == []
    assert not complaints.reopen(complaint, by=cast.manager, at=now + MINUTE)
    assert Api(cast.manager).post(f"/touches/{complaint.pk}/reopen/")[0] == 409
    assert client.post(back)["Location"] == "/complaints/"
    assert [one.pk for one in complaints.opened(Touch.objects.all())] == [complaint.pk]
    assert Moment.objects.get().closed_at is None
    assert Api(cast.rep).post(f"/touches/{complaint.pk}/close/", {"done": "New seal"})[0] == 200
    assert Api(cast.rep).post(f"/touches/{complaint.pk}/reopen/")[0] == 200
    assert complaints.close(complaint, "New seal", by=cast.rep, at=now)
    assert not complaints.reopen(complaint, by=cast.rep, at=now + 11 * MINUTE)
    assert complaints.reopen(complaint, by=cast.rep, at=now + 9 * MINUTE)
    client.force_login(cast.other_rep)
    assert client.post(f"/complaints/{complaint.pk}/reopen/").status_code == 404


def test_who_serves_an_account_sees_its_people_and_keeps_the_complaint_of_a_lead_that_changes_hands(
    cast, now
):
    person = served(cast)
    lead = make.lead(contact=person, owner=cast.rep, stage="sql")
    complain(now, person)
    moments.detect_due(at=now)
    assert [one.lead_id for one in moments.cards(cast.other_rep)] == [lead.pk]
    assert Touch.objects.visible_to(cast.other_rep).count() == 1
    assert not Lead.objects.visible_to(cast.other_rep).exists()
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, {"lead": lead.pk, "rep": cast.teammate.pk})
    assert [one.lead_id for one in moments.cards(cast.other_rep)] == [lead.pk]


def test_the_list_costs_the_same(client, cast, now):
    client.force_login(cast.rep)
    firm = make.company(sales_owner=cast.rep)
    same_queries(client, "/complaints/", lambda: complain(now, make.contact(company=firm)))
    client.force_login(cast.manager)
    same_queries(client, "/exceptions/", lambda: complain(now - 2 * DAY, make.contact(company=firm)))
