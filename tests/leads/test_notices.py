"""Who is told what, by which way, without anybody's name."""

from datetime import timedelta

import pytest

from engine import outbox
from engine.models import Delivery
from leads import notices
from leads.models import Notice, NoticeChoice, NoticeKind, Robot
from leads.notices.sending import News
from tests import cast as make
from tests.cast import NOON
from tests.engine.test_webhooks import listener  # noqa: F401, the fixture
from tests.leads.ready import offered, ready, rep

pytestmark = pytest.mark.django_db


def owed(kind):
    return [one.payload for one in Delivery.objects.filter(kind=kind).order_by("pk")]


def news(user, number=1, **facts):
    until = (NOON + timedelta(hours=number)).isoformat()
    return News(
        user.pk, f"handoff:{number}", f"/leads/{number}/", {"where": "Köln", "until": until, **facts}, NOON
    )


def test_an_offer_is_told_in_the_page_by_mail_and_by_the_teams_robot(cast):
    north = Robot.objects.create(
        name="North", vendor="wecom", address="https://a.example/", team=cast.rep.team
    )
    Robot.objects.create(name="South", vendor="wecom", address="https://b.example/", team=cast.other_rep.team)
    Robot.objects.create(name="Off", vendor="wecom", address="https://c.example/", active=False)
    Robot.objects.create(name="Else", vendor="wecom", address="https://d.example/", kinds=["handed"])
    notices.announce(NoticeKind.OFFERED, [news(cast.rep)])
    notices.announce(NoticeKind.OFFERED, [news(cast.rep)])
    notice = Notice.objects.get()
    assert (notice.user, notice.path, notice.read_at) == (cast.rep, "/leads/1/", None)
    (mail,), (message,) = owed("mail"), owed("robot")
    assert mail["to"] == cast.rep.email
    assert mail["subject"].startswith("A lead, Köln, answer by ")
    assert (message["robot"], message["body"].split("\n")[0]) == (north.pk, mail["subject"])
    assert message["body"].endswith("/leads/1/")


def test_many_are_told_in_one_sentence_to_each(cast):
    Robot.objects.create(name="All", vendor="feishu", address="https://a.example/")
    notices.announce(NoticeKind.OFFERED, [news(cast.rep, 1), news(cast.teammate, 2), news(cast.rep, 3)])
    assert sorted(mail["to"] for mail in owed("mail")) == sorted([cast.rep.email, cast.teammate.email])
    (message,) = owed("robot")
    assert message["body"].startswith("3 leads, first answer by ")
    assert message["body"].endswith("/my-day/")
    assert Notice.objects.count() == 3


def test_each_chooses_the_ways_but_the_page_stays(cast):
    Robot.objects.create(name="All", vendor="feishu", address="https://a.example/")
    NoticeChoice.objects.create(user=cast.rep, kind="offered", mail=False, robot=False)
    notices.announce(NoticeKind.OFFERED, [news(cast.rep)])
    assert (owed("mail"), owed("robot")) == ([], [])
    assert Notice.objects.count() == 1


def test_who_may_not_sign_in_is_told_nothing(cast):
    cast.rep.is_active = False
    cast.rep.save()
    notices.announce(NoticeKind.OFFERED, [news(cast.rep)])
    assert (owed("mail"), Notice.objects.count()) == ([], 0)


def test_routing_tells_of_its_offers_and_names_nobody(cast):
    who = rep("ann")
    one = ready(by=cast.marketer, contact=make.contact("Ada Byron", city="Bonn"))
    handoff = offered(one)
    notice = Notice.objects.get()
    assert (notice.user_id, notice.subject) == (handoff.rep_id, f"handoff:{handoff.pk}")
    assert notice.facts["where"] == "Bonn"
    assert "Byron" not in str(owed("mail"))
    assert who.is_active


def test_a_robots_message_arrives_through_the_outbox(cast, listener):  # noqa: F811
    robot = Robot.objects.create(name="All", vendor="wecom", address=f"{listener.address}/send?key=1")
    notices.announce(NoticeKind.OFFERED, [news(cast.rep)])
    Delivery.objects.filter(kind="mail").delete()
    assert outbox.deliver_due() == 1
    ((path, body),) = listener.heard
    assert path == "/send?key=1"
    assert body["text"]["content"].startswith("A lead, Köln")
    settled = Delivery.objects.get()
    assert settled.delivered_at is not None
    assert settled.payload == {"robot": robot.pk}


def test_what_the_service_refuses_is_tried_again_and_says_why(cast, listener):  # noqa: F811
    Robot.objects.create(name="All", vendor="wecom", address=listener.address)
    listener.answer = (200, b'{"errcode": 45009, "errmsg": "too fast"}')
    notices.announce(NoticeKind.OFFERED, [news(cast.rep)])
    Delivery.objects.filter(kind="mail").delete()
    outbox.deliver_due()
    waiting = Delivery.objects.get()
    assert (waiting.delivered_at, waiting.attempts) == (None, 1)
    assert "too fast" in waiting.last_error
    Robot.objects.all().delete()
    Delivery.objects.update(next_at=NOON)
    outbox.deliver_due()
    assert Delivery.objects.get().delivered_at is not None
