"""The list of leads, the page of one, taking one in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads import grading, timeline
from leads.forms.reach import UNREADABLE
from leads.models import Handoff, Lead, Touch
from pipeline.models import Step
from pipeline.stages import Stage
from tests import cast as make
from tests.leads.ready import accepted, fresh, ready
from tests.pages import queries, same_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def marketer(client, cast):
    client.force_login(cast.marketer)
    return client


@pytest.fixture
def rep(client, cast):
    client.force_login(cast.rep)
    return client


def listed(client, **params):
    return {row["id"] for row in client.get("/leads/", params).context["table"].rows}


# -- the list ------------------------------------------------------------------------------------------
def test_the_list_costs_the_same_with_one_and_with_three(marketer, cast):
    same_queries(
        marketer,
        "/leads/",
        lambda: make.lead(
            contact=make.contact(company=make.company()), campaign=make.campaign(), owner=cast.rep
        ),
    )


def test_filters_narrow_the_list(marketer, cast):
    fair = make.campaign("Fair")
    one = make.lead(
        contact=make.contact("Ольга Иванова", company=make.company("Завод")),
        campaign=fair,
        channel="exhibition",
        owner=cast.rep,
        segment=make.segment("smb"),
        region=make.region("north"),
        grade="A",
    )
    other = make.lead(grade="D")
    Lead.objects.filter(pk=other.pk).update(stage=Stage.MQL)
    assert listed(marketer) == {one.pk, other.pk}
    for params in (
        {"q": "ольга"},
        {"q": "завод"},
        {"stage": "new"},
        {"grade": "A"},
        {"channel": "exhibition"},
        {"campaign": fair.pk},
        {"owner": cast.rep.pk},
        {"segment": make.segment("smb").pk},
        {"region": make.region("north").pk},
    ):
        assert listed(marketer, **params) == {one.pk}, params
    assert listed(marketer, stage="won") == set()


def test_the_grade_filter_takes_the_proposed_grade_where_nobody_set_one(marketer):
    leads = [make.lead(grade=grade) for grade in ("", "A", "")]
    at = timezone.now()
    shown = {row.pk: row.grade_now for row in grading.graded(Lead.objects.all(), at)}
    for grade in "ABCD":
        assert listed(marketer, grade=grade) == {pk for pk, given in shown.items() if given == grade}
    assert shown[leads[1].pk] == "A"


def test_an_unknown_filter_is_refused(marketer):
    assert marketer.get("/leads/", {"secret": "1"}).status_code == 400


def test_everybody_sees_their_own_part(client, cast):
    mine, teams, others = (make.lead(owner=user) for user in (cast.rep, cast.teammate, cast.other_rep))
    everything = {mine.pk, teams.pk, others.pk}
    sees = {
        "marketer": everything,
        "admin": everything,
        "sales_head": everything,
        "rep": {mine.pk, teams.pk},
        "manager": {mine.pk, teams.pk},
        "other_manager": {others.pk},
    }
    for who, seen in sees.items():
        client.force_login(getattr(cast, who))
        assert listed(client) == seen, who
    client.force_login(cast.finance)
    assert client.get("/leads/").status_code == 403


def test_pages_follow_each_other(marketer):
    for _ in range(53):
        make.lead()
    first = marketer.get("/leads/").context["table"]
    assert len(first.rows) == 50
    second = marketer.get(first.older).context["table"]
    assert len(second.rows) == 3


def test_htmx_gets_only_the_rows(marketer):
    make.lead()
    part = marketer.get("/leads/", headers={"HX-Request": "true"}).content.decode()
    assert "<table" in part
    assert "<html" not in part


# -- one lead --------------------------------------------------------------------------------------------
def test_the_page_of_a_lead_costs_the_same_with_much_history(marketer, cast):
    one = make.lead(contact=make.contact(company=make.company()))
    make.touch(one.contact, campaign=make.campaign())
    path = f"/leads/{one.pk}/"
    queries(marketer, path)
    before = queries(marketer, path)
    for _ in range(3):
        make.touch(one.contact, campaign=make.campaign(), actor=cast.rep)
    assert queries(marketer, path) == before


def test_the_timeline_holds_both_teams_newest_first(cast):
    one = ready(by=cast.marketer)
    make.touch(one.contact, at=make.NOON - timedelta(days=2), campaign=make.campaign("Fair"))
    handoff = accepted(one, make.NOON + timedelta(hours=1))
    events = timeline.events(fresh(one))
    assert [event.at for event in events] == sorted((event.at for event in events), reverse=True)
    assert {event.mark for event in events} == {"marketing", "sales"}
    titles = {event.title for event in events}
    assert {f"{handoff.rep} has it", "Ready → SQL", "Form", "Captured"} <= titles
    later = make.NOON + timedelta(days=1)
    Lead.objects.filter(pk=one.pk).update(pooled_at=later)
    told = {at: timeline.events(fresh(one), at=at)[0] for at in (make.NOON, later)}
    assert [(at, event.at) for at, event in told.items() if event.title == "In the pool"] == [(later, later)]


def test_the_bar_shows_the_way_and_the_side_exit(cast):
    one = ready(by=cast.marketer)
    assert [step.state for step in timeline.steps(one)] == ["done", "done", "now", "", "", ""]
    Lead.objects.filter(pk=one.pk).update(stage=Stage.NURTURE)
    bar = timeline.steps(fresh(one))
    assert [step.state for step in bar] == ["done", "done", "done", "", "", "", "out"]


@pytest.mark.parametrize(
    "who, status", [("marketer", 200), ("rep", 200), ("teammate", 200), ("other_rep", 404), ("finance", 404)]
)
def test_who_sees_a_lead(client, cast, who, status):
    one = make.lead(owner=cast.rep)
    client.force_login(getattr(cast, who))
    assert client.get(f"/leads/{one.pk}/").status_code == status


def test_the_rep_sees_what_to_do_and_the_reader_does_not(client, cast):
    handoff = accepted(ready(by=cast.marketer))
    client.force_login(handoff.rep)
    page = client.get(f"/leads/{handoff.lead_id}/")
    assert page.context["answers"] is True
    assert page.context["may_open_deal"] is True
    assert page.context["log_form"] is not None
    client.force_login(cast.marketer)
    page = client.get(f"/leads/{handoff.lead_id}/")
    assert not page.context["answers"]
    assert page.context["log_form"] is None
    assert page.context["disqualify_form"] is None


def test_a_merged_lead_leads_to_its_survivor(marketer):
    one, other = make.lead(), make.lead()
    Lead.objects.filter(pk=one.pk).update(merged_into=other)
    assert marketer.get(f"/leads/{one.pk}/").url == f"/leads/{other.pk}/"


def test_logging_a_call(rep, cast):
    one = make.lead(owner=cast.rep)
    assert rep.post(f"/leads/{one.pk}/touches/", {"kind": "dance"}).status_code == 422
    said = {"kind": "call", "outcome": "reached", "note": "Two plants"}
    assert rep.post(f"/leads/{one.pk}/touches/", said).status_code == 302
    touch = Touch.objects.get()
    assert (touch.kind, touch.outbound, touch.reached, touch.actor, touch.note) == (
        "call",
        True,
        True,
        cast.rep,
        "Two plants",
    )


def test_a_form_never_leads_away_from_us(rep, cast):
    one = make.lead(owner=cast.rep)
    said = {"kind": "call", "outcome": "reached", "next": "https://evil.example/"}
    assert rep.post(f"/leads/{one.pk}/touches/", said).url == f"/leads/{one.pk}/"


def test_steps_are_planned_and_ticked_off_by_their_owner(client, cast):
    one = make.lead(owner=cast.rep)
    client.force_login(cast.rep)
    assert client.post(f"/leads/{one.pk}/steps/", {"what": ""}).status_code == 422
    client.post(f"/leads/{one.pk}/steps/", {"what": "Call", "due_at": "2026-12-01T10:00"})
    step = Step.objects.get()
    for who, status in (("other_rep", 404), ("finance", 404), ("teammate", 403)):
        client.force_login(getattr(cast, who))
        assert client.post(f"/steps/{step.pk}/done/").status_code == status
    client.force_login(cast.rep)
    assert client.post(f"/steps/{step.pk}/done/").url == "/my-day/"
    step.refresh_from_db()
    assert step.done_at is not None
    told = client.get("/my-day/").content.decode()
    assert f'formaction="/steps/{step.pk}/open/"' in told
    assert client.post(f"/steps/{step.pk}/open/").url == "/my-day/"
    step.refresh_from_db()
    assert step.done_at is None


# -- taking one in -----------------------------------------------------------------------------------------
def test_a_marketer_takes_a_lead_in(marketer):
    assert marketer.post("/leads/new/", {"channel": "other", "kind": "call"}).status_code == 422
    said = {"full_name": "Wang Fang", "email": "wang@example.com", "channel": "exhibition", "kind": "event"}
    unread = marketer.post("/leads/new/", said | {"phone": "extension 12", "wechat": "王芳"})
    assert unread.context["form"].errors == {key: [str(UNREADABLE[key])] for key in ("phone", "wechat")}
    assert (unread.status_code, 'value="extension 12"' in unread.text) == (422, True)
    answer = marketer.post("/leads/new/", said)
    one = Lead.objects.get()
    assert answer.url == f"/leads/{one.pk}/"
    assert (one.channel, one.owner, one.stage, str(one.contact)) == (
        "exhibition",
        None,
        Stage.NEW,
        "Wang Fang",
    )


def test_what_a_rep_found_stays_with_the_rep(rep, cast):
    said = {"full_name": "Wang Fang", "email": "wang@example.com", "channel": "sales_own", "kind": "call"}
    rep.post("/leads/new/", said)
    one = Lead.objects.get()
    assert (one.owner, one.stage, Handoff.objects.get().kind) == (cast.rep, Stage.SQL, "own_find")


def test_somebody_elses_lead_is_not_shown_to_whoever_finds_it_again(rep, cast):
    known = make.contact(email="wang@example.com")
    make.lead(contact=known, owner=cast.other_rep)
    said = {"full_name": "Wang Fang", "email": "wang@example.com", "channel": "sales_own", "kind": "call"}
    answer = rep.post("/leads/new/", said)
    assert answer.url == "/leads/"
    assert Lead.objects.get().owner == cast.other_rep


def test_a_link_to_what_was_merged_away_leads_a_rep_to_what_is_left(rep, cast):
    mine = make.lead(owner=cast.rep)
    gone = make.lead(contact=make.contact(merged_into=mine.contact), merged_into=mine)
    assert rep.get(f"/leads/{gone.pk}/")["Location"] == f"/leads/{mine.pk}/"
    assert rep.get(f"/contacts/{gone.contact.pk}/")["Location"] == f"/contacts/{mine.contact.pk}/"
    others = make.lead(owner=cast.other_rep)
    hidden = make.lead(contact=make.contact(merged_into=others.contact), merged_into=others)
    assert rep.get(f"/leads/{hidden.pk}/").status_code == 404
