"""Reception at the desk: one marketer at a time, freed by hand or after half an hour, and talks logged on the way."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from leads import funnel, reception
from leads.models import Lead, Touch
from pipeline.stages import Stage
from tests import cast as make
from tests.api import Api
from tests.pages import queries

pytestmark = pytest.mark.django_db
NOON = make.NOON
LATER = NOON + reception.IDLE


@pytest.fixture
def marketer(client, cast):
    client.force_login(cast.marketer)
    return client


def mql(cast, **fields):
    one = make.lead(**fields)
    funnel.advance([one.pk], Stage.MQL, actor=cast.marketer, reason="looks good", at=NOON)
    return one


def whose(lead):
    return Lead.objects.get(pk=lead.pk).desk_by


def test_one_at_a_time_until_half_an_hour_without_work(cast):
    one, other = mql(cast), cast.marketing_head
    assert reception.take(one.pk, by=cast.marketer, at=NOON)
    assert not reception.take(one.pk, by=other, at=LATER - timedelta(seconds=1))
    assert reception.take(one.pk, by=cast.marketer, at=NOON + timedelta(minutes=20))  # goes on working
    assert not reception.take(one.pk, by=other, at=LATER)
    assert whose(one) == cast.marketer
    assert reception.take(one.pk, by=other, at=LATER + timedelta(minutes=20))
    assert whose(one) == other
    assert Lead.objects.get(pk=one.pk).owner is None


def test_only_who_has_it_gives_it_back(cast):
    one = mql(cast)
    reception.take(one.pk, by=cast.marketer, at=NOON)
    assert not reception.free(one.pk, by=cast.marketing_head)
    assert whose(one) == cast.marketer
    assert reception.free(one.pk, by=cast.marketer)
    assert reception.take(one.pk, by=cast.marketing_head, at=NOON)


def test_what_has_left_the_desk_is_nobodys(cast):
    one = mql(cast)
    reception.take(one.pk, by=cast.marketer, at=NOON)
    Lead.objects.filter(pk=one.pk).update(stage=Stage.READY)
    one.refresh_from_db()
    assert reception.holder(one, NOON) is None
    assert not reception.take(one.pk, by=cast.marketing_head, at=NOON)
    assert reception.too_late(one.pk, NOON) == "It has left the desk."


def test_the_conditions_and_the_holder_agree(cast):
    """The queryset's words against the object's, over every state of a lead."""
    for stage in Stage:
        for by in (None, cast.marketer, cast.marketing_head):
            for ago in (0, 29, 30, 31):
                since = NOON - timedelta(minutes=ago) if by else None
                make.lead(stage=stage, desk_by=by, desk_since=since)
    leads = list(Lead.objects.select_related("desk_by"))
    held = {lead.pk for lead in leads if reception.holder(lead, NOON)}
    assert set(Lead.objects.filter(reception.held(NOON)).values_list("pk", flat=True)) == held
    free = {lead.pk for lead in leads if reception.holder(lead, NOON) in (None, cast.marketer)}
    found = Lead.objects.filter(reception.free_for(cast.marketer, NOON), stage__in=reception.AT_DESK)
    at_desk = {lead.pk for lead in leads if lead.stage in reception.AT_DESK}
    assert set(found.values_list("pk", flat=True)) == free & at_desk


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_has_it():
    cast = make.gather()
    one, told = mql(cast), []
    users = [cast.marketer, cast.marketing_head, cast.admin, cast.sales_head]

    def grab(user):
        told.append((user, reception.take(one.pk, by=user, at=NOON)))
        connection.close()

    threads = [threading.Thread(target=grab, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [user for user, taken in told if taken] == [whose(one)]


# -- the pages -------------------------------------------------------------------------------------------
def taken_by(client, **params):
    rows = client.get("/desk/", {"queue": "mql", **params}).context["table"].rows
    return {row["id"]: row.get("taken") for row in rows}


def test_the_queue_tells_and_narrows(marketer, cast):
    mine, theirs, nobodys = mql(cast), mql(cast), mql(cast)
    reception.take(mine.pk, by=cast.marketer, at=timezone.now())
    reception.take(theirs.pk, by=cast.marketing_head, at=timezone.now())
    me, head = cast.marketer.full_name, cast.marketing_head.full_name
    assert taken_by(marketer) == {mine.pk: me, theirs.pk: head, nobodys.pk: None}
    assert taken_by(marketer, taken="mine") == {mine.pk: me}
    assert taken_by(marketer, taken="colleagues") == {theirs.pk: head}
    assert taken_by(marketer, taken="free") == {nobodys.pk: None}


def test_taking_and_giving_back_on_the_page(marketer, cast):
    one = mql(cast)
    page = marketer.get(f"/leads/{one.pk}/complete/?queue=mql").content.decode()
    assert "I take it" in page
    assert 'hx-trigger="load delay:5s"' in page
    assert whose(one) is None  # looking takes nothing
    assert marketer.post(f"/leads/{one.pk}/take/?queue=mql").url == f"/leads/{one.pk}/complete/?queue=mql"
    assert whose(one) == cast.marketer
    part = marketer.post(f"/leads/{one.pk}/free/", headers={"HX-Request": "true"}).content.decode()
    assert "I take it" in part
    assert "<html" not in part
    assert whose(one) is None


def test_who_comes_too_late_is_told(marketer, cast):
    one = mql(cast)
    reception.take(one.pk, by=cast.marketing_head, at=timezone.now())
    said = f"{cast.marketing_head} works on it at the desk"
    assert said in marketer.post(f"/leads/{one.pk}/take/", follow=True).content.decode()
    part = marketer.post(f"/leads/{one.pk}/take/", headers={"HX-Request": "true"}).content.decode()
    assert said in part
    assert whose(one) == cast.marketing_head
    saved = marketer.post(
        f"/leads/{one.pk}/complete/?queue=mql", {"full_name": "Ada", "grade": ""}, follow=True
    )
    assert said in saved.content.decode()


def test_many_at_once_tell_whom_a_colleague_works_on(marketer, cast):
    mine, theirs = mql(cast), mql(cast)
    reception.take(mine.pk, by=cast.marketer, at=timezone.now())
    reception.take(theirs.pk, by=cast.marketing_head, at=timezone.now())
    chosen = {"pick": [mine.pk, theirs.pk], "verb": "robot"}
    page = marketer.post("/desk/many/", chosen)
    told = {lead.pk: lead.colleague for lead in page.context["forecast"].moving}
    assert told == {mine.pk: None, theirs.pk: cast.marketing_head}
    assert str(cast.marketing_head) in page.content.decode()


def test_saving_is_work_and_the_way_on_leads_past_colleagues(marketer, cast):
    first, second, third = (mql(cast, grade=grade) for grade in "ABC")
    reception.take(second.pk, by=cast.marketing_head, at=timezone.now())
    assert (
        marketer.get(f"/leads/{first.pk}/complete/?queue=mql")
        .context["after"]
        .startswith(f"/leads/{third.pk}/")
    )
    marketer.post(
        f"/leads/{first.pk}/complete/?queue=mql", {"full_name": "Ada", "grade": "A", "grade_reason": "so"}
    )
    assert whose(first) == cast.marketer


def test_a_talk_is_logged_without_leaving(marketer, cast):
    one = mql(cast)
    path = f"/leads/{one.pk}/talk/"
    said = {"kind": "call", "outcome": "reached", "note": "Needs two presses"}
    answer = marketer.post(path, said, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Needs two presses" in answer.content.decode()
    assert whose(one) == cast.marketer
    wrong = marketer.post(path, {"kind": "question"}, headers={"HX-Request": "true"})
    assert (wrong.status_code, "<html" in wrong.content.decode()) == (422, False)
    assert marketer.post(path, {"kind": "question"}).status_code == 422
    assert marketer.post(path, said).url == f"/leads/{one.pk}/complete/?queue=mql"
    assert (
        list(Touch.objects.filter(contact=one.contact_id, note=said["note"]).values_list("kind", "outbound"))
        == [("call", True)] * 2
    )


def test_the_page_costs_the_same_with_many_addresses_and_touches(marketer, cast):
    one = mql(cast)
    marketer.get(f"/leads/{one.pk}/complete/?queue=mql")
    before = queries(marketer, f"/leads/{one.pk}/complete/?queue=mql")
    for _ in range(3):
        marketer.post(f"/leads/{one.pk}/talk/", {"kind": "call", "outcome": "missed"})
    assert queries(marketer, f"/leads/{one.pk}/complete/?queue=mql") == before


@pytest.mark.parametrize("verb", ["take", "free", "talk"])
def test_the_desk_is_marketings(client, cast, verb):
    one = mql(cast)
    statuses = {}
    for name, user in cast.everybody().items():
        client.force_login(user)
        statuses[name] = client.post(
            f"/leads/{one.pk}/{verb}/", {"kind": "call", "outcome": "reached"}
        ).status_code
    may = {name for name, status in statuses.items() if status == 302}
    assert may == {"marketer", "marketing_head", "sales_head", "admin"}
    assert {status for name, status in statuses.items() if name not in may} <= {403, 404}


def test_the_api_takes_and_frees(cast):
    one = mql(cast)
    desk, head = Api(cast.marketer), Api(cast.marketing_head)
    status, row = desk.post(f"/leads/{one.pk}/take/")
    assert (status, row["desk_by"], row["desk_since"] is not None) == (200, cast.marketer.pk, True)
    assert head.post(f"/leads/{one.pk}/take/")[0] == 409
    assert head.post(f"/leads/{one.pk}/free/")[1]["desk_by"] == cast.marketer.pk
    assert desk.post(f"/leads/{one.pk}/free/")[1]["desk_by"] is None
    assert head.post(f"/leads/{one.pk}/take/")[0] == 200
