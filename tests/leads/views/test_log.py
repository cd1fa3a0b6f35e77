"""Logging from contact, company and deal, in both directions, and complaints until they are closed."""

from datetime import timedelta

import pytest

from leads import moments, story
from leads.models import Agreement, ComplaintAnswer, Handoff, Touch
from leads.models.moments import Moment
from pipeline.models import DealContact
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.pages import same_queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def rep(client, cast):
    client.force_login(cast.rep)
    return client


@pytest.fixture
def acme(cast):
    return make.company("Acme", sales_owner=cast.rep)


def kept(contact):
    return [(one.kind, one.outbound, one.reached, one.note) for one in Touch.objects.filter(contact=contact)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"kind": "chat", "outcome": "reached", "note": "On WeChat"}, ("chat", True, True, "On WeChat")),
        ({"kind": "call", "outcome": "missed"}, ("call", True, False, "")),
        ({"kind": "meeting", "outcome": "inbound"}, ("meeting", False, True, "")),
        ({"kind": "question", "note": "How long?"}, ("feedback", False, None, "A question: How long?")),
        ({"kind": "bad", "note": "Too loud"}, ("feedback", False, None, "Bad feedback: Too loud")),
        ({"kind": "complaint", "note": "It leaks"}, ("complaint", False, None, "It leaks")),
    ],
)
def test_each_page_logs_both_directions(rep, cast, acme, said, expected):
    ada = make.contact("Ada", company=acme)
    deal = make.deal(company=acme, owner=cast.rep)
    for path, home in (
        (f"/contacts/{ada.pk}/log/", f"/contacts/{ada.pk}/"),
        (f"/companies/{acme.pk}/log/", f"/companies/{acme.pk}/"),
        (f"/deals/{deal.pk}/log/", f"/deals/{deal.pk}/"),
    ):
        assert f'hx-get="{path}"' in rep.get(home).content.decode()
        assert "Ada" in rep.get(path, headers={"HX-Request": "true"}).content.decode()
        answer = rep.post(path, {"contact": ada.pk, **said})
        assert (answer.status_code, answer["Location"]) == (302, home)
    assert kept(ada) == [expected] * 3


def test_what_is_missing_is_asked_for_and_strangers_are_not_there(rep, cast, acme):
    ada, path = make.contact(company=acme), f"/companies/{acme.pk}/log/"
    stranger = make.contact(company=make.company())
    assert rep.post(path, {"contact": ada.pk, "kind": "complaint"}).status_code == 422
    assert rep.post(path, {"contact": ada.pk, "kind": "call"}).status_code == 422
    assert rep.post(path, {"contact": stranger.pk, "kind": "call", "outcome": "missed"}).status_code == 422
    assert rep.get(f"/contacts/{stranger.pk}/log/").status_code == 404
    assert not Touch.objects.exists()


def test_somebody_of_the_deal_who_works_elsewhere_is_there_too(rep, cast):
    deal, ada = make.deal(owner=cast.rep), make.contact("Ada")
    DealContact.objects.create(deal=deal, contact=ada)
    assert "Ada" in rep.get(f"/deals/{deal.pk}/log/").content.decode()


def test_a_chat_is_an_attempt_of_ours(cast, acme):
    lead = make.lead(contact=make.contact(company=acme), owner=cast.rep, stage="sql")
    Handoff.objects.create(
        lead=lead, rep=cast.rep, agreement=Agreement.objects.get(), offered_at=NOON, accepted_at=NOON
    )
    Api(cast.rep).post(f"/leads/{lead.pk}/touches/", {"kind": "chat", "reached": True})
    handoff = Handoff.objects.get()
    assert (handoff.attempts, handoff.contacted_at is not None) == (1, True)


def test_a_complaint_reaches_the_account_owner_and_is_closed_with_what_was_done(rep, cast, acme):
    ada = make.contact("Ada", company=acme)
    make.lead(contact=ada, owner=cast.other_rep, stage="sql")  # a hunter of the other team has the pass
    rep.force_login(cast.marketer)
    rep.post(f"/contacts/{ada.pk}/log/", {"contact": ada.pk, "kind": "complaint", "note": "It leaks"})
    moments.detect_due()
    assert [one.owner for one in Moment.objects.all()] == [cast.rep]
    complaint = Touch.objects.get()
    rep.force_login(cast.rep)
    for path in (f"/contacts/{ada.pk}/briefing/", f"/companies/{acme.pk}/log/"):
        page = rep.get(path).content.decode()
        assert ("It leaks" in page, f"/complaints/{complaint.pk}/close/" in page) == (True, True)
    close = f"/complaints/{complaint.pk}/close/"
    rep.post(close, {"done": ""})
    assert not ComplaintAnswer.objects.exists()
    answer = rep.post(close, {"done": "New seal", "next": f"/companies/{acme.pk}/"})
    assert answer["Location"] == f"/companies/{acme.pk}/"
    rep.post(close, {"done": "Again"})
    assert [(one.done, one.by) for one in ComplaintAnswer.objects.all()] == [("New seal", cast.rep)]
    assert not moments.of(cast.rep).filter(closed_at=None).exists()
    assert "Open complaints" not in rep.get(f"/contacts/{ada.pk}/briefing/").content.decode()
    told = story.of_company(acme, by=cast.rep).lines
    assert ("Complaint closed", "New seal") in [(one.event.title, one.event.text) for one in told]
    assert Api(cast.rep).post(f"/touches/{complaint.pk}/close/", {"done": "x"})[0] == 409
    rep.force_login(cast.other_rep)
    assert (
        rep.post(f"/complaints/{make.touch(make.contact(), kind='complaint').pk}/close/").status_code == 404
    )


def test_a_complaint_is_closed_by_api(cast, acme):
    complaint = make.touch(make.contact(company=acme), kind="complaint")
    other = make.touch(make.contact(company=acme), kind="call")
    assert Api(cast.rep).post(f"/touches/{complaint.pk}/close/", {"done": "New seal"})[0] == 200
    assert Api(cast.rep).post(f"/touches/{other.pk}/close/", {"done": "x"})[0] == 400
    assert Api(cast.other_rep).post(f"/touches/{complaint.pk}/close/", {"done": "x"})[0] == 404
    assert ComplaintAnswer.objects.get().done == "New seal"


def test_the_panel_costs_the_same(rep, cast, acme):
    def add():
        make.touch(make.contact(company=acme), kind="complaint")

    same_queries(rep, f"/companies/{acme.pk}/log/", add)
