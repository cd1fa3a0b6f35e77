"""The bell, its list and choices; robots for administrators."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engine import outbox
from engine.models import Delivery
from leads import handoffs
from leads.models import Notice, NoticeChoice, NoticeKind, Robot
from tests.cast import NOON
from tests.leads.ready import ready
from tests.pages import same_queries

pytestmark = pytest.mark.django_db
ROBOT = {"name": "North", "vendor": "dingtalk", "address": "https://oapi.example/robot", "kinds": ["offered"],
         "active": "on"}  # fmt: skip


def told(user, number=1, **fields):
    facts = {"where": "Bonn", "until": NOON.isoformat()}
    made = {"user": user, "kind": "offered", "subject": f"handoff:{number}", "path": "/my-day/"}
    return Notice.objects.create(**{**made, "facts": facts, "at": NOON, **fields})


@pytest.fixture
def rep(client, cast):
    client.force_login(cast.rep)
    return client


def test_the_bell_counts_what_is_unread_and_tells_what_is_new(rep, cast):
    assert rep.get("/notices/poll/").json() == {"unread": 0, "last": 0, "new": []}
    first = told(cast.rep)
    told(cast.teammate)
    second = told(cast.rep, 2)
    answer = rep.get("/notices/poll/", {"after": first.pk})
    assert (answer.json()["unread"], answer.json()["last"]) == (2, second.pk)
    assert [one["text"][:12] for one in answer.json()["new"]] == ["A lead, Bonn"]
    assert "no-store" in answer["Cache-Control"]
    assert rep.get("/notices/poll/", {"after": "x"}).status_code == 200


def test_a_signed_out_poll_is_sent_to_the_sign_in_page(client):
    answer = client.get("/notices/poll/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer["HX-Redirect"].startswith("/login/")


def test_a_notice_is_read_by_opening_it(rep, cast):
    mine, theirs = told(cast.rep), told(cast.teammate)
    assert rep.post(f"/notices/{mine.pk}/").url == "/my-day/"
    assert Notice.objects.get(pk=mine.pk).read_at is not None
    assert rep.post(f"/notices/{theirs.pk}/").status_code == 404
    told(cast.rep, 2)
    rep.post("/notices/read/")
    assert list(Notice.objects.filter(read_at=None)) == [theirs]


def test_an_offer_that_is_over_waits_no_longer(rep, cast):
    taken, withdrawn = (ready(by=cast.marketer, grade="A") for _twice in range(2))
    first = handoffs.offer(taken.pk, to=cast.rep, by=None, at=NOON)
    second = handoffs.offer(withdrawn.pk, to=cast.rep, by=None, at=NOON)
    unread = Notice.objects.filter(user=cast.rep, read_at=None)
    assert unread.count() == 2
    handoffs.accept(first, by=cast.rep, at=NOON)
    handoffs.withdraw(withdrawn.pk, at=NOON)
    assert not unread.exists()
    own, gone = (Notice.objects.get(subject=f"handoff:{one}") for one in (first, second))
    assert rep.post(f"/notices/{own.pk}/").url == f"/leads/{taken.pk}/"
    answer = rep.post(f"/notices/{gone.pk}/", follow=True)
    assert answer.status_code == 200
    assert "This offer is over" in answer.content.decode()
    refused = rep.get("/today/").content.decode()
    assert "for another role than yours" in refused


def test_the_list_costs_the_same_with_one_and_with_three(rep, cast):
    numbers = iter(range(1, 9))
    same_queries(rep, "/notices/", lambda: told(cast.rep, next(numbers)))


def test_the_ways_are_chosen(rep, cast):
    assert rep.post("/notices/choices/", {"offered-mail": "on"}).status_code == 302
    rep.post("/notices/choices/", {"moment-robot": "on"})
    kept = {(one.kind, one.mail, one.robot) for one in NoticeChoice.objects.filter(user=cast.rep)}
    silent = {(kind, False, False) for kind in NoticeKind.values if kind != "moment"}
    assert kept == silent | {("moment", False, True)}


def test_robots_are_the_administrators(client, cast):
    for name, user in cast.everybody().items():
        client.force_login(user)
        assert client.get("/robots/").status_code == (200 if name == "admin" else 403), name
        assert client.post("/robots/new/", ROBOT).status_code == (302 if name == "admin" else 403), name
    assert Robot.objects.get().kinds == ["offered"]


def test_a_robot_is_changed_tried_and_removed(client, cast):
    client.force_login(cast.admin)
    assert (
        client.get("/robots/new/").content.decode().count("checked") == len(NoticeKind) + 1
    )  # every kind, and in use
    client.post("/robots/new/", {**ROBOT, "secret": "SEC1"})
    robot = Robot.objects.get()
    assert b"SEC1" not in client.get(f"/robots/{robot.pk}/").content
    client.post(f"/robots/{robot.pk}/", {**ROBOT, "name": "Nord"})
    robot.refresh_from_db()
    assert (robot.name, robot.secret) == ("Nord", "SEC1")
    client.post(f"/robots/{robot.pk}/try/")
    assert Delivery.objects.get().payload["robot"] == robot.pk
    client.post(f"/robots/{robot.pk}/delete/")
    assert not Robot.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "http://a.example/"},
        {"address": "https://192.168.1.1/x"},
        {"kinds": []},
        {"vendor": "telegram"},
        {"name": ""},
    ],
)
def test_what_is_wrong_with_a_robot_is_said(client, cast, wrong):
    client.force_login(cast.admin)
    assert client.post("/robots/new/", {**ROBOT, **wrong}).status_code == 422
    assert not Robot.objects.exists()


def test_the_outbox_names_the_robot_and_says_why_in_the_readers_language(client, cast, settings):
    client.force_login(cast.admin)
    said = client.post("/robots/new/", {**ROBOT, "address": "https://192.168.1.1/x"}).content.decode()
    assert "allow it in WEBHOOK_HOSTS" in said
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    names = ("Nord", "Süd", "West")
    made = [Robot.objects.create(name=name, vendor="wecom", address="https://127.0.0.1:9/") for name in names]
    for robot in made:
        client.post(f"/robots/{robot.pk}/try/")
    outbox.deliver_due()
    settings.WEBHOOK_HOSTS = []
    Delivery.objects.filter(payload__robot=made[1].pk).update(next_at=NOON)
    outbox.deliver_due()
    third = Delivery.objects.filter(payload__robot=made[2].pk)
    third.update(last_error="NotTaken: HTTP 302, code None: no reason given")
    rows = client.get("/engine/outbox/", headers={"accept-language": "ru"}).context["table"].rows
    assert [row["kind"] for row in rows] == ["Робот · West", "Робот · Süd", "Робот · Nord"]
    west, south, north = (row["last_error"] for row in rows)
    assert (west.count("302"), south.count("WEBHOOK_HOSTS"), north[:5]) == (1, 1, "По эт")
    third.update(delivered_at=NOON, payload={"robot": made[2].pk})
    with CaptureQueriesContext(connection) as asked:
        text = client.get("/engine/outbox/", {"state": "delivered"}).content.decode()
    assert len(asked) == 4
    assert "West" in text
    assert "try:" not in text
