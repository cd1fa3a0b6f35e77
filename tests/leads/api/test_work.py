"""Notes, steps, notices and robots by the API: the same functions and permissions as the pages."""

import pytest

from engine.models import Delivery
from leads import notices
from leads.models import Lead, Note, Notice, NoticeChoice, Robot
from leads.notices.sending import News
from pipeline.models import Step
from tests import cast as make
from tests.api import Api, holding
from tests.cast import NOON

pytestmark = pytest.mark.django_db


def results(answer):
    return answer[1]["results"]


def test_notes_are_written_on_leads_and_seen_with_their_contact(cast):
    own, far = make.lead(owner=cast.rep, stage="sql"), make.lead(owner=cast.other_rep, stage="sql")
    api = holding(cast.rep, "read", "write")
    status, made = api.post(f"/leads/{own.pk}/notes/", {"text": "Likes blue"})
    assert (status, made["contact"], made["by"]) == (201, own.contact_id, cast.rep.pk)
    assert api.post(f"/leads/{far.pk}/notes/", {"text": "x"})[0] == 404
    assert Api(cast.finance).post(f"/leads/{own.pk}/notes/", {"text": "x"})[0] == 404
    assert api.post(f"/leads/{own.pk}/notes/", {"text": ""})[0] == 400
    Note.objects.create(contact=far.contact, text="theirs", by=cast.other_rep, at=NOON)
    assert [one["text"] for one in results(api.get("/notes/"))] == ["Likes blue"]
    assert len(results(Api(cast.marketer).get("/notes/"))) == 2
    assert results(api.get("/notes/", contact=far.contact_id)) == []
    assert Api(cast.finance).get("/notes/")[1]["results"] == []


def test_facts_of_a_lead_are_corrected_on_the_version_that_was_read(cast):
    lead = make.lead(owner=cast.rep, stage="sql", attributes={"hall": "4"})
    api = Api(cast.rep)
    api.get(f"/leads/{lead.pk}/")
    seen = api.response.headers["ETag"]
    status, row = api.patch(
        f"/leads/{lead.pk}/", {"source_text": "Fair", "attributes": {"park": "2"}}, if_match=seen
    )
    assert (status, row["source_text"], row["attributes"]) == (200, "Fair", {"hall": "4", "park": "2"})
    status, body = api.patch(f"/leads/{lead.pk}/", {"source_text": "Web"}, if_match=seen)
    assert (status, body["differs"]) == (412, {"source_text": {"yours": "Web", "theirs": "Fair"}})
    assert Api(cast.marketer).patch(f"/leads/{lead.pk}/", {"source_text": "x"})[0] == 403
    assert Api(cast.other_rep).patch(f"/leads/{lead.pk}/", {"source_text": "x"})[0] == 404
    assert Lead.objects.get(pk=lead.pk).stage == "sql"


def test_steps_are_planned_moved_and_done(cast):
    deal = make.deal(owner=cast.rep)
    far = make.deal(owner=cast.other_rep)
    api = Api(cast.rep)
    status, step = api.post("/steps/", {"what": "Call", "due_at": NOON, "deal": deal.pk})
    assert (status, step["owner"]) == (201, cast.rep.pk)
    assert api.post("/steps/", {"what": "Call", "due_at": NOON, "deal": far.pk})[0] == 400
    assert api.post("/steps/", {"what": "Call", "due_at": NOON})[0] == 400
    both = {"what": "Call", "due_at": NOON, "deal": deal.pk, "company": make.company().pk}
    assert api.post("/steps/", both)[0] == 400
    status, row = api.patch(f"/steps/{step['id']}/", {"what": "Write"})
    assert (status, row["what"]) == (200, "Write")
    assert Api(cast.teammate).patch(f"/steps/{step['id']}/", {"what": "x"})[0] == 403
    assert Api(cast.other_rep).patch(f"/steps/{step['id']}/", {"what": "x"})[0] == 404
    assert api.post(f"/steps/{step['id']}/done/")[1]["done_at"] is not None
    assert results(api.get("/steps/", done_at__isnull="true")) == []
    assert Step.objects.get().what == "Write"
    assert api.post(f"/steps/{step['id']}/open/")[1]["done_at"] is None


def test_notices_are_ones_own_and_each_chooses_the_ways(cast):
    facts = {"where": "Köln", "until": NOON.isoformat()}
    for user in (cast.rep, cast.teammate):
        notices.announce("offered", [News(user.pk, f"handoff:{user.pk}", "/leads/1/", facts, NOON)])
    api = Api(cast.rep)
    (mine,) = results(api.get("/notices/"))
    assert mine["text"].startswith("A lead, Köln, answer by")
    other = Notice.objects.get(user=cast.teammate)
    assert api.post(f"/notices/{other.pk}/read/")[0] == 404
    assert api.post(f"/notices/{mine['id']}/read/")[1]["read_at"] is not None
    assert api.post("/notices/read/")[0] == 204
    assert Notice.objects.get(pk=other.pk).read_at is None
    assert all(one["mail"] and one["robot"] for one in api.get("/notices/choices/")[1])
    send = api.client.put
    answer = send(
        "/api/v1/notices/choices/", [{"kind": "offered", "mail": False, "robot": True}], "application/json"
    )
    assert answer.status_code == 200
    assert [(one.user, one.kind, one.mail) for one in NoticeChoice.objects.all()] == [
        (cast.rep, "offered", False)
    ]
    assert holding(cast.rep, "read").post("/notices/read/")[0] == 403  # a token that only reads


def test_robots_are_the_administrators(cast):
    api = Api(cast.admin)
    robot = {"name": "North", "vendor": "wecom", "address": "https://8.8.8.8/hook", "secret": "s3cret"}
    status, made = api.post("/robots/", robot)
    assert (status, "secret" in made, Robot.objects.get().secret) == (201, False, "s3cret")
    assert api.post("/robots/", robot | {"address": "http://8.8.8.8/"})[0] == 400
    assert api.post("/robots/", robot | {"vendor": "telegram"})[1]["errors"].keys() == {"chat"}
    assert api.patch(f"/robots/{made['id']}/", {"name": "South", "secret": ""})[1]["name"] == "South"
    assert Robot.objects.get().secret == "s3cret"
    assert api.post(f"/robots/{made['id']}/test/")[0] == 202
    assert Delivery.objects.filter(kind="robot").count() == 1
    for name, user in cast.everybody().items():
        if name != "admin":
            assert Api(user).get("/robots/")[0] == 403, name
            assert Api(user).get(f"/robots/{made['id']}/")[0] == 404, name
            assert Api(user).delete(f"/robots/{made['id']}/")[0] == 404, name
    assert api.delete(f"/robots/{made['id']}/")[0] == 204
