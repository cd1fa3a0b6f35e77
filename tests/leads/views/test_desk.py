"""The lead desk: queues, completing, one verb for many."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from leads import agreement, assignment, desk, funnel, handoffs
from leads.models import Agreement, Handoff, Lead, ScoreModel
from leads.scoring import teaching
from leads.views.desk import queues
from pipeline.models import CustomField
from pipeline.own_fields import NEEDED
from pipeline.stages import GATES, Stage
from tests import cast as make
from tests.leads.ready import ANSWERS, fresh, ready
from tests.pages import queries, same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def marketer(client, cast):
    client.force_login(cast.marketer)
    return client


def mql(cast, **fields):
    """An MQL at the desk."""
    one = make.lead(**fields)
    funnel.advance([one.pk], Stage.MQL, actor=cast.marketer, reason="looks good", at=make.NOON)
    return one


def queue(client, name, **params):
    return [row["id"] for row in client.get("/desk/", {"queue": name, **params}).context["table"].rows]


def counts(client):
    return {key: count for key, _label, count, _here in client.get("/desk/").context["tabs"]}


def test_each_queue_shows_its_own(marketer, cast, monkeypatch):
    new, at_desk, back, waiting = (
        make.lead(),
        mql(cast),
        mql(cast),
        ready(by=cast.marketer),
    )
    Lead.objects.filter(pk=back.pk).update(desk_due_at=make.NOON)
    assert queue(marketer, "new") == [new.pk]
    assert set(queue(marketer, "mql")) == {at_desk.pk, back.pk}
    assert counts(marketer) == {"mql": "2", "returned": "1", "new": "1", "ready": "1"}
    monkeypatch.setattr(queues, "MOST_COUNTED", 1)
    assert counts(marketer) == {"mql": "1+", "returned": "1", "new": "1", "ready": "1"}
    assert queue(marketer, "returned") == [back.pk]
    assert queue(marketer, "ready") == [waiting.pk]
    assert set(queue(marketer, "nonsense")) == {at_desk.pk, back.pk}


def test_the_best_grade_comes_first_and_says_what_is_missing(marketer, cast):
    worse, better = mql(cast, grade="C", answers=ANSWERS), mql(cast, grade="A")
    rows = marketer.get("/desk/").context["table"].rows
    assert [row["id"] for row in rows] == [better.pk, worse.pk]
    assert "What do they need?" in rows[0]["missing"]
    assert rows[1]["missing"] == "Nothing is missing: make it ready"


def test_age_and_grade_narrow_the_queue(marketer, cast):
    old, fresh_one = mql(cast, grade="A"), mql(cast, grade="B")
    Lead.objects.filter(pk=fresh_one.pk).update(mql_at=timezone.now())
    Lead.objects.filter(pk=old.pk).update(mql_at=timezone.now() - timedelta(days=30))
    assert queue(marketer, "mql", age="1") == [fresh_one.pk]
    assert queue(marketer, "mql", age="old") == [old.pk]
    assert queue(marketer, "mql", grade="A") == [old.pk]


def test_the_desk_costs_the_same_with_one_and_with_three(marketer, cast):
    same_queries(
        marketer,
        "/desk/",
        lambda: mql(cast, contact=make.contact(company=make.company()), campaign=make.campaign()),
    )


@pytest.mark.parametrize("who, status", [("marketer", 200), ("admin", 200), ("rep", 403), ("manager", 403)])
def test_the_desk_is_marketings(client, cast, who, status):
    client.force_login(getattr(cast, who))
    assert client.get("/desk/").status_code == status


# -- one lead --------------------------------------------------------------------------------------------
FACTS = {"full_name": "Wang Fang", "company": "Orchard", "city": "Shanghai", "grade": "", "grade_reason": ""}


def test_completing_saves_facts_answers_and_grade_and_hands_over(marketer, cast):
    one = mql(cast)
    path = f"/leads/{one.pk}/complete/"
    assert marketer.get(path).status_code == 200
    said = {**FACTS, "answer-need": "a press", "answer-when": "in spring", "ready": "1"}
    assert marketer.post(path, said).url == "/desk/"
    one = fresh(one)
    assert (one.stage, one.answers, one.contact.city, one.contact.company.name) == (
        Stage.READY,
        ANSWERS,
        "Shanghai",
        "Orchard",
    )
    assert one.grade
    assert one.route_at is not None


def test_another_grade_than_proposed_needs_a_reason(marketer, cast):
    one = mql(cast)
    path = f"/leads/{one.pk}/complete/"
    assert marketer.post(path, {**FACTS, "grade": "A"}).status_code == 422
    assert marketer.post(path, {**FACTS, "grade": "A", "grade_reason": "met them"}).status_code == 302
    one = fresh(one)
    assert (one.grade, one.grade_reason, one.stage) == ("A", "met them", Stage.MQL)
    pooled = ready(by=cast.marketer)  # of grade A, it does not wait in the pool
    Lead.objects.filter(pk=pooled.pk).update(pooled_at=make.NOON, route_at=None)
    marketer.post(f"/leads/{pooled.pk}/complete/", {**FACTS, "grade": "A", "grade_reason": "met them"})
    assert (fresh(pooled).pooled_at, bool(fresh(pooled).route_at)) == (None, True)


def test_the_page_says_whether_the_grade_is_the_desks_own_or_the_proposed_one(marketer, cast):
    taken, own = (mql(cast, answers=ANSWERS) for _ in range(2))
    agreement.set_grade(own, "A", reason="I know them", at=make.NOON)
    assert agreement.make_ready([taken.pk, own.pk], actor=cast.marketer, at=make.NOON).refused == []
    pages = [marketer.get(f"/leads/{one.pk}/").content.decode() for one in (taken, own)]
    assert ["The desk set grade" in page for page in pages] == [False, True]
    assert [f"Grade {fresh(taken).grade} was taken as it was proposed then." in page for page in pages] == [
        True,
        False,
    ]


def test_ready_without_answers_keeps_what_was_typed_and_says_what_is_missing(marketer, cast):
    one = mql(cast)
    answer = marketer.post(f"/leads/{one.pk}/complete/", {**FACTS, "answer-need": "a press", "ready": "1"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["answer-when"]
    assert "a press" in answer.content.decode()
    assert fresh(one).stage == Stage.MQL


def test_ready_without_an_agreed_field_is_saved_and_says_what_is_missing(marketer, cast):
    Agreement.objects.update(required_fields=["contact.job_title"])
    CustomField.objects.create(on="lead", code="colour", name="Colour", required=True)
    one = mql(cast)
    said = {**FACTS, "answer-need": "a press", "answer-when": "soon", "ready": "1"}
    answer = marketer.post(f"/leads/{one.pk}/complete/", said)
    assert answer.status_code == 422
    assert "Job title" in str(answer.context["form"].non_field_errors())
    notes = re.findall(r"<label[^>]*>([^<]+) <span class=.optional.>([^<]+)</span>", answer.content.decode())
    assert {label for label, note in notes if note == NEEDED} == {"Colour", "Job title"}
    one = fresh(one)
    assert (one.stage, one.answers["need"]) == (Stage.MQL, "a press")


def test_the_verbs_of_one_lead(marketer, cast):
    new = make.lead()
    assert marketer.post(f"/leads/{new.pk}/qualify/", {"reason": ""}).status_code == 422
    assert marketer.post(f"/leads/{new.pk}/qualify/", {"reason": "the chief asks"}).status_code == 302
    assert fresh(new).stage == Stage.MQL
    assert marketer.post(f"/leads/{new.pk}/ready/").url == f"/leads/{new.pk}/complete/"
    day = timezone.localdate()
    assert marketer.post(f"/leads/{new.pk}/nurture/", {"reason": "later", "until": day}).status_code == 422
    until = day + timedelta(days=30)
    assert marketer.post(f"/leads/{new.pk}/nurture/", {"reason": "later", "until": until}).status_code == 302
    assert (fresh(new).stage, fresh(new).wake_at.date()) == (Stage.NURTURE, until)
    assert marketer.post(f"/leads/{new.pk}/disqualify/", {"code": "robot"}).status_code == 302
    assert (fresh(new).stage, fresh(new).disqualified_because) == (Stage.DISQUALIFIED, "robot")


def test_sales_does_not_work_at_the_desk(client, cast):
    one = mql(cast, owner=cast.rep)
    for who, status in ((cast.rep, 403), (cast.finance, 404), (cast.other_rep, 404)):
        client.force_login(who)
        for verb in ("qualify", "ready", "nurture", "disqualify", "complete"):
            answer = client.post(f"/leads/{one.pk}/{verb}/", {"reason": "x", "code": "robot"})
            assert (answer.status_code, fresh(one).stage) == (status, Stage.MQL), (who, verb)


# -- many leads ------------------------------------------------------------------------------------------
def test_one_verb_for_many(marketer, cast):
    complete, incomplete = mql(cast, answers=ANSWERS), mql(cast)
    said = {"verb": "ready", "queue": "mql", "pick": [complete.pk, incomplete.pk]}
    shown = marketer.post("/desk/many/", said)
    forecast = shown.context["forecast"]
    assert [one.pk for one in forecast.moving] == [complete.pk]
    assert [one.pk for one, _why in forecast.staying] == [incomplete.pk]
    assert fresh(complete).stage == Stage.MQL
    page = marketer.post("/desk/many/", said | {"sure": "1"}, follow=True).content.decode()
    assert "1 lead moved." in page
    assert "1 lead stayed" in page
    assert (fresh(complete).stage, fresh(incomplete).stage) == (Stage.READY, Stage.MQL)


def test_many_are_set_aside_with_the_form_that_the_verb_needs(marketer, cast):
    leads = [make.lead() for _ in range(3)]
    pick = [one.pk for one in leads]
    marketer.post("/desk/many/", {"verb": "disqualify", "disqualify-code": "student", "pick": pick[:1]})
    assert fresh(leads[0]).disqualified_because == "student"
    marketer.post("/desk/many/", {"verb": "nurture", "pick": pick[1:2]})
    assert fresh(leads[1]).stage == Stage.NEW
    marketer.post(
        "/desk/many/",
        {"verb": "qualify", "qualify-reason": "the fair was good", "pick": pick[1:], "sure": "1"},
    )
    assert {fresh(one).stage for one in leads[1:]} == {Stage.MQL}


def test_many_needs_a_choice_and_permission(client, cast):
    one = mql(cast, owner=cast.rep)
    client.force_login(cast.rep)
    assert client.post("/desk/many/", {"verb": "ready", "pick": [one.pk]}).status_code == 403
    client.force_login(cast.marketer)
    page = client.post("/desk/many/", {"verb": "ready", "pick": ["x", "9" * 30]}, follow=True)
    assert "Choose leads first." in page.content.decode()


# -- taking back -----------------------------------------------------------------------------------------
def many(client, verb, leads, **more):
    said = {"verb": verb, "pick": [one.pk for one in leads], "sure": "1", **more}
    return client.post("/desk/many/", said, follow=True)


def test_a_move_can_be_taken_back_once(marketer, cast):
    leads = [mql(cast, answers=ANSWERS) for _ in range(2)]
    assert "/desk/undo/" in many(marketer, "ready", leads).content.decode()
    assert {fresh(one).stage for one in leads} == {Stage.READY}
    assert "2 leads are back." in marketer.post("/desk/undo/", follow=True).content.decode()
    assert {fresh(one).stage for one in leads} == {Stage.MQL}
    assert "nothing to take back" in marketer.post("/desk/undo/", follow=True).content.decode()


@pytest.mark.parametrize("to, stage", desk.WAY_BACK)
def test_every_way_back_is_a_chain_of_the_funnels_moves_and_brings_the_lead_back(cast, to, stage):
    chain = (to, *desk.WAY_BACK[to, stage])
    assert chain[-1] == stage
    assert set(pairwise(chain)) <= set(GATES)
    one = make.lead() if stage == Stage.NEW else mql(cast, answers=ANSWERS)
    wakes = make.NOON + timedelta(days=30)
    if stage == Stage.READY:
        agreement.make_ready([one.pk], actor=cast.marketer, at=make.NOON)
    elif stage == Stage.NURTURE:
        handoffs.set_aside(
            [one.pk], Stage.NURTURE, by=cast.marketer, reason="later", at=make.NOON, wake_at=wakes
        )
    waits = ("wake_at", "pooled_at", "desk_due_at")
    if stage in (Stage.READY, Stage.NURTURE):
        Lead.objects.filter(pk=one.pk).update(pooled_at=make.NOON, route_at=None)
    elif stage == Stage.MQL:
        Lead.objects.filter(pk=one.pk).update(desk_due_at=make.NOON)
    before = Lead.objects.values(*waits).get(pk=one.pk)
    if to == Stage.READY:
        agreement.make_ready([one.pk], actor=cast.marketer, at=make.NOON)
    else:
        handoffs.set_aside([one.pk], to, by=cast.marketer, reason="wrong", at=make.NOON)
    assert fresh(one).stage == to
    done = desk.take_back(to, {stage: [one.pk]}, by=cast.marketer, at=make.NOON)
    assert (done.moved, done.refused) == ([one.pk], [])
    assert fresh(one).stage == stage
    assert Lead.objects.values(*waits).get(pk=one.pk) == before
    assert fresh(one).route_at is None
    assert (before["wake_at"] == wakes) == (stage == Stage.NURTURE)


def test_the_preview_promises_a_way_back_only_where_there_is_one(marketer, cast):
    def shown(verb, leads, **more):
        return marketer.post(
            "/desk/many/", {"verb": verb, "pick": [one.pk for one in leads], **more}
        ).content.decode()

    new, other, at_desk = make.lead(), make.lead(), mql(cast)
    nurture = {"nurture-until": "2099-01-01", "nurture-reason": "later"}
    assert "It can be taken back afterwards." in shown("robot", [new, at_desk])
    assert "It cannot be taken back afterwards." in shown("nurture", [new, other], **nurture)
    assert "Only 1 of them can be taken back afterwards." in shown("nurture", [new, at_desk], **nurture)
    assert "taken back afterwards" not in shown("ready", [new, other])


def test_the_preview_says_as_what_leads_are_set_aside_and_what_that_teaches(marketer, cast):
    leads = [make.lead(contact=make.contact(email=f"{name}@rival.example")) for name in ("ada", "bob")]
    leads.append(make.lead(contact=make.contact(email="eve@gmail.com")))

    def shown(verb, **more):
        return marketer.post("/desk/many/", {"verb": verb, "pick": [one.pk for one in leads], **more})

    answer = shown("robot")
    assert answer.context["as_what"] == "Robot"
    page = answer.content.decode()
    assert "The next scorecard will take points from: rival.example." in page
    assert "No rule is learned from gmail.com: everybody may have an address there." in page
    assert not ScoreModel.objects.filter(by_lesson=True).exists(), "nothing is drafted yet"
    answer = shown("disqualify", **{"disqualify-code": "student", "disqualify-note": "of the fair"})
    assert answer.context["as_what"] == "A student: of the fair"
    answer = shown("nurture", **{"nurture-until": "2099-01-31", "nurture-reason": "later"})
    assert (answer.context["as_what"], answer.context["lesson"]) == ("31 Jan 2099 · later", None)
    shown("robot", sure="1")
    assert "the scorecard knows it already." in " ".join(
        teaching.foreseen([leads[0].pk], "robot").foreseen_words
    )


def test_an_undo_that_is_refused_says_why(marketer, cast):
    accepted, moved = mql(cast, answers=ANSWERS), mql(cast, answers=ANSWERS)
    many(marketer, "ready", [accepted, moved])
    handoffs.set_aside([moved.pk], Stage.NURTURE, by=cast.marketer, reason="later", at=timezone.now())
    assignment.assign_due(at=timezone.now())
    handoff = Handoff.objects.open().get(lead=accepted)
    handoffs.accept(handoff.pk, by=handoff.rep, at=timezone.now())
    page = marketer.post("/desk/undo/", follow=True).content.decode()
    assert "2 leads stayed:" in page
    assert "Sales has accepted it already." in page
    assert "Somebody has moved it on to “Nurture” since." in page


def test_setting_aside_in_one_click_can_be_taken_back_from_both_stages(marketer, cast):
    new, at_desk = make.lead(), mql(cast)
    many(marketer, "robot", [new, at_desk])
    assert {fresh(one).disqualified_because for one in (new, at_desk)} == {"robot"}
    marketer.post("/desk/undo/")
    assert [fresh(one).stage for one in (new, at_desk)] == [Stage.NEW, Stage.MQL]
    assert {fresh(one).disqualified_because for one in (new, at_desk)} == {""}


def test_an_offer_is_taken_back_but_not_what_a_rep_accepted(marketer, cast):
    offered_one, taken = mql(cast, answers=ANSWERS), mql(cast, answers=ANSWERS)
    many(marketer, "ready", [offered_one, taken])
    assignment.assign_due(at=timezone.now())
    handoff = Handoff.objects.open().get(lead=taken)
    handoffs.accept(handoff.pk, by=handoff.rep, at=timezone.now())
    marketer.post("/desk/undo/")
    assert [fresh(one).stage for one in (offered_one, taken)] == [Stage.MQL, Stage.SQL]
    assert not Handoff.objects.open().filter(lead=offered_one).exists()


def test_the_desk_goes_on_to_the_next_lead_of_the_queue(marketer, cast):
    first, second, third = (mql(cast, grade=grade, answers=ANSWERS) for grade in "ABC")
    page = marketer.get(f"/leads/{second.pk}/complete/?queue=mql")
    assert page.context["before"] == f"/leads/{first.pk}/complete/?queue=mql"
    assert page.context["after"] == f"/leads/{third.pk}/complete/?queue=mql"
    said = {
        **FACTS,
        "grade": "A",
        "grade_reason": "met",
        "answer-need": "a",
        "answer-when": "b",
        "ready": "1",
    }
    answer = marketer.post(f"/leads/{second.pk}/complete/", said | {"queue": "mql"})
    assert answer.url == f"/leads/{third.pk}/complete/?queue=mql"
    aside = marketer.post(f"/leads/{first.pk}/disqualify/", {"code": "student", "queue": "mql"})
    assert aside.url == f"/leads/{third.pk}/complete/?queue=mql"
    assert marketer.post(aside.url, FACTS | {"queue": "mql"}).url == aside.url, (
        "saved, and still in the queue"
    )


def test_the_desk_adds_an_address_and_sends_to_merging_whose_it_is(marketer, cast):
    ada, double = mql(cast), make.contact("Ada Byron")
    ada.contact.identities.all().delete()
    ada.contact.full_name = "Ada Byron"
    ada.contact.save()
    path = f"/leads/{ada.pk}/complete/"
    assert f"/contacts/{ada.contact_id}/merge/?with={double.pk}" in marketer.get(path).content.decode()
    taken = {**FACTS, "email": double.identities.get().value, "phone": "12"}
    answer = marketer.post(path, taken)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"email", "phone"})
    marketer.post(path, {**FACTS, "email": "ada@engines.example", "phone": "+86 138 0013 8000"})
    assert set(ada.contact.identities.values_list("kind", "value")) == {
        ("email", "ada@engines.example"),
        ("mobile", "+8613800138000"),
    }


def test_the_screen_of_one_lead_is_within_its_statements(marketer, cast):
    one = mql(cast, contact=make.contact(company=make.company()), campaign=make.campaign())
    path = f"/leads/{one.pk}/complete/"
    queries(marketer, path)
    assert queries(marketer, path) <= 17
