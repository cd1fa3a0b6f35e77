"""What matters is found as a set, once, and told to whoever looks after the contact."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from leads import capture, handoffs, moments
from leads.models import Lead, Notice, Touch
from leads.models.moments import Moment, MomentRule, News, Outcome
from pipeline.models import Step
from tests import cast as make
from tests.api import Api
from tests.leads.ready import ready

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now()


def held(cast, grade="A", **fields):
    """A lead in the rep's hands."""
    one = ready(by=cast.marketer, grade=grade, contact=make.contact(city="Bonn"), **fields)
    Lead.objects.filter(pk=one.pk).update(owner=cast.rep, stage="sql", route_at=None)
    return Lead.objects.get(pk=one.pk)


def customer(cast):
    """A contact at a company that has bought from the rep's teammate."""
    firm = make.company()
    make.deal(
        owner=cast.teammate, company=firm, outcome="won", signed_on=date(2026, 1, 1), closed_at=make.NOON,
        base_amount=900,
    )  # fmt: skip
    return make.contact(company=firm)


def found(now):
    moments.detect_due(at=now)
    return {(one.rule.kind, one.contact_id, one.owner_id) for one in Moment.objects.select_related("rule")}


def test_a_complaint_is_told_to_whoever_holds_the_lead_and_nobodys_to_the_head(cast, now):
    lead, nobodys = held(cast, grade="D"), make.contact()
    for person in (lead.contact, nobodys):
        capture.log_touch(person, "complaint", by=None, at=now, note="It leaks")
    assert found(now) == {
        ("complaint", lead.contact_id, cast.rep.pk),
        ("complaint", nobodys.pk, cast.sales_head.pk),
    }
    assert [one.contact for one in moments.cards(cast.sales_head)] == [nobodys]
    notice = Notice.objects.get(user=cast.rep)
    assert notice.facts["where"] == "Bonn"
    assert "leaks" not in str(notice.facts)
    assert not News.objects.exists()
    assert moments.detect_due(at=now) == 0


def test_a_form_matters_of_the_hot_and_of_customers_only(cast, now):
    hot, cold, buyer = held(cast, "B").contact, held(cast, "C").contact, customer(cast)
    for person in (hot, cold, buyer):
        capture.log_touch(person, "form", by=None, at=now)
    assert found(now) == {("form", hot.pk, cast.rep.pk), ("form", buyer.pk, cast.teammate.pk)}


def test_whoever_is_hot_and_follows_a_link_is_told_of(cast, now):
    hot, cold = held(cast, "A").contact, held(cast, "D").contact
    for person in (hot, cold):
        capture.log_touch(person, "click", by=None, at=now, note="Price list")
    assert found(now) == {("click", hot.pk, cast.rep.pk)}


def test_a_visit_matters_when_it_is_repeated(cast, now):
    person = held(cast).contact
    capture.log_touch(person, "visit", by=None, at=now - 2 * HOUR)
    assert found(now) == set()
    capture.log_touch(person, "visit", by=None, at=now - HOUR)
    assert found(now) == {("visit", person.pk, cast.rep.pk)}
    capture.log_touch(person, "visit", by=None, at=now)
    moments.detect_due(at=now)
    moment = Moment.objects.get()
    assert (moment.times, moment.at) == (2, now)
    assert Notice.objects.count() == 1


def test_words_narrow_a_rule(cast, now):
    MomentRule.objects.update(active=False)
    MomentRule.objects.create(name="Prices", kind="visit", whom="held", words="price, цена")
    person = held(cast).contact
    capture.log_touch(person, "visit", by=None, at=now, note="/about/")
    assert found(now) == set()
    capture.log_touch(person, "visit", by=None, at=now, note="Наша ЦЕНА")
    assert len(found(now)) == 1


def test_nothing_of_ours_nothing_old_and_nothing_automatic_is_looked_at(cast, now):
    person = held(cast).contact
    capture.log_touch(person, "complaint", by=None, at=now, outbound=True)
    capture.log_touch(person, "complaint", by=None, at=now, automatic=True)
    capture.log_touch(person, "complaint", by=None, at=now - timedelta(days=3))
    capture.log_touch(person, "event", by=None, at=now)
    assert not News.objects.exists()
    capture.log_touch(person, "complaint", by=cast.rep, at=now)
    assert found(now) == set()


@pytest.mark.parametrize(
    "outcome, reached, steps", [("reached", True, 0), ("again", False, 1), ("nothing", None, 0)]
)
def test_one_tap_closes_and_logs(client, cast, now, outcome, reached, steps):
    person = held(cast).contact
    capture.log_touch(person, "complaint", by=None, at=now)
    moments.detect_due(at=now)
    moment = Moment.objects.get()
    client.force_login(cast.rep)
    page = client.get("/my-day/")
    assert [one.pk for one in page.context["day"].moments] == [moment.pk]
    assert client.post(f"/moments/{moment.pk}/", {"outcome": outcome}).status_code == 302
    moment.refresh_from_db()
    assert moment.outcome == outcome
    logged = Touch.objects.filter(contact=person, outbound=True).values_list("reached", flat=True)
    assert list(logged) == ([] if reached is None else [reached])
    assert Step.objects.count() == steps
    assert not moments.close(moment, Outcome.REACHED, by=cast.rep, at=now)
    assert client.get("/my-day/").context["day"].moments == []


def test_a_card_tells_history_and_last_experience(cast, now):
    person = customer(cast)
    make.touch(person, at=now - 40 * HOUR, kind="service_visit", note="New valve")
    capture.log_touch(person, "complaint", by=None, at=now)
    moments.detect_due(at=now)
    (card,) = moments.cards(cast.teammate)
    assert (card.bought, card.last_won, card.experience.note) == (900, date(2026, 1, 1), "New valve")
    assert moments.cards(cast.rep) == []


def test_only_the_owner_closes_and_only_heads_change_what_matters(client, cast, now):
    person = held(cast).contact
    capture.log_touch(person, "complaint", by=None, at=now)
    moments.detect_due(at=now)
    rule = MomentRule.objects.first()
    given = {"name": "Prices", "kind": "visit", "whom": "hot", "times": 1, "days": 7, "position": 9}
    for name, user in cast.everybody().items():
        client.force_login(user)
        closed = client.post(f"/moments/{Moment.objects.get().pk}/", {"outcome": "nonsense"}).status_code
        sells = name == "sales_head" or name.endswith(("rep", "mate", "manager"))
        assert closed == (400 if name == "rep" else 404 if sells else 403), name
        allowed = name in ("marketing_head", "sales_head", "admin")
        assert client.get("/moments/rules/").status_code == (200 if allowed else 403), name
        assert client.post(f"/moments/rules/{rule.pk}/", given).status_code == (302 if allowed else 403), name
        assert client.post("/moments/rules/new/", {**given, "kind": ""}).status_code == (
            422 if allowed else 403
        )


def test_a_moment_goes_with_its_lead(cast, now):
    lead = held(cast)
    capture.log_touch(lead.contact, "complaint", by=None, at=now)
    moments.detect_due(at=now)
    theirs = {user: [one.lead for one in moments.cards(user)] for user in (cast.rep, cast.teammate)}
    assert theirs == {cast.rep: [lead], cast.teammate: []}
    offer = handoffs.offer(lead.pk, to=cast.teammate, by=cast.manager, at=now)
    assert (moments.cards(cast.rep), moments.cards(cast.teammate)) == ([], [])  # the offer itself tells of it
    handoffs.accept(offer, by=cast.teammate, at=now)
    assert (moments.cards(cast.rep), [one.lead for one in moments.cards(cast.teammate)]) == ([], [lead])


def test_a_program_reads_and_closes_the_callers_own(cast, now):
    person = held(cast).contact
    capture.log_touch(person, "complaint", by=None, at=now, note="It leaks")
    moments.detect_due(at=now)
    mine, other = Api(cast.rep), Api(cast.teammate)
    (row,) = mine.get("/moments/")[1]["results"]
    assert (row["kind"], row["contact"], row["note"], row["outcome"]) == (
        "complaint",
        person.pk,
        "It leaks",
        "",
    )
    assert other.get("/moments/")[1]["results"] == []
    address = f"/moments/{row['id']}/close/"
    assert other.post(address, {"outcome": "reached"})[0] == 404
    assert mine.post(address, {"outcome": "bored"})[0] == 400
    status, closed = mine.post(address, {"outcome": "reached"})
    assert (status, closed["outcome"]) == (200, "reached")
    assert Touch.objects.filter(contact=person, kind="call", reached=True).count() == 1
    assert mine.post(address, {"outcome": "nothing"})[0] == 409
