"""Who is told what, by which way, without anybody's name."""

from datetime import timedelta

import pytest

from accounts import organisation
from accounts.models import Organisation, RepProfile
from engine import outbox
from engine.models import Delivery
from leads import notices
from leads.handoffs import expire_due, own_find
from leads.models import Agreement, Handoff, Notice, NoticeChoice, NoticeKind, Robot
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


FACTS = {"where": "Köln", "until": NOON.isoformat(), "step": "opened", "rule": "A complaint", "leads": 1, "deals": 0,
         "calendar": "China", "year": 2027, "days": 9, "since": "2026-10-01", "words": "No oil"}  # fmt: skip
SINGLE_AND_TWO = {
    "offered": ("A lead, Köln", "2 leads, first answer by", "/my-day/"),
    "moment": ("A complaint", "2 people to look after", "/my-day/"),
    "handed": ("A book was handed to you", "2 books handed over", "/my-day/"),
    "expiring": ("Soon too late", "2 offers run out soon", "/my-day/"),
    "expired": ("An offer of your team ran out", "2 offers of your team ran out", "/exceptions/"),
    "stood_in": (
        "A lead of an absent colleague's account",
        "2 leads of absent colleagues' accounts",
        "/leads/",
    ),
    "disputed": ("A return is disputed", "2 disputes have moved on", "/disputes/"),
    "fading": ("A lead leaves you on", "2 leads leave you", "/my-day/"),
    "calendar": ("Check the holidays", "2 calendars to look at", "/teams/"),
    "counsel": ("Your advice is asked for by", "2 pieces of advice to look at", "/counsel/"),
    "word": ("Marketing asks for your word", "2 campaigns on which your word counts", "/campaigns/"),
    "step": ("A step for you, Köln, by", "2 steps planned for you", "/notices/"),
    "voice": ("We say from now on: “No oil”", "2 changes of what we say", "/voice/"),
    "review": ("The quarter of your shift of spend", "2 decisions to look at again", "/dashboard/shifts/"),
}


@pytest.mark.parametrize("kind", NoticeKind.values)
def test_every_kind_has_its_own_sentence_and_page_for_one_and_for_two(cast, kind):
    single, two, page = SINGLE_AND_TWO[kind]
    facts = FACTS | ({"step": "asked"} if kind == "counsel" else {})
    for user, count in ((cast.rep, 1), (cast.teammate, 2)):
        told = [News(user.pk, f"it:{n}", f"/one/{n}/", facts, NOON) for n in range(count)]
        notices.announce(kind, told)
    one, both = owed("mail")
    assert one["subject"].startswith(single)
    assert one["body"].strip().endswith("/one/0/")
    if kind in ("offered", "expiring", "fading", "word", "counsel"):
        assert "10 Jun 2026, 12:00" in one["subject"]
    assert both["subject"].startswith(two)
    assert both["body"].strip().endswith(page)


def test_a_book_of_leads_and_deals_leads_to_both(client, cast):
    notices.handed(cast.rep, "book:1", leads={1, 2}, deals={3, 4}, at=NOON)
    told = owed("mail")[0]["body"].split()[-2:]
    paths = [f"/deals/?owner={cast.rep.pk}", f"/leads/?owner={cast.rep.pk}"]
    assert [address.endswith(path) for address, path in zip(told, paths, strict=True)] == [True, True]
    client.force_login(cast.rep)
    assert f'href="{paths[1]}"' in client.get("/notices/").content.decode()


def test_the_shadow_week_tells_nobody_of_leads(cast):
    Organisation.objects.update(shadow=True, live_on=(NOON + timedelta(days=7)).date())
    organisation.forget()
    for kind in NoticeKind.values:
        notices.announce(kind, [News(cast.rep.pk, "it:1", "/one/", FACTS, NOON)])
    assert list(Notice.objects.order_by("kind").values_list("kind", flat=True)) == [
        "calendar",
        "review",
        "voice",
    ]
    notices.announce("moment", [News(cast.rep.pk, "it:2", "/one/", FACTS, NOON + timedelta(days=8))])
    assert Notice.objects.filter(kind="moment").count() == 1


def test_no_clock_begins_and_none_runs_out_in_the_shadow_week(cast):
    rep("ann")
    handoff = offered(ready(by=cast.marketer))
    Notice.objects.all().delete()
    late = handoff.answer_due_at + timedelta(days=1)
    Organisation.objects.update(shadow=True)
    organisation.forget()
    assert (notices.warn_due(at=handoff.answer_due_at - timedelta(minutes=1)), expire_due(at=late)) == (0, 0)
    mine = make.lead()
    own_find(mine.pk, by=cast.rep, at=NOON)
    found = Handoff.objects.open().get(lead=mine)
    assert (found.accepted_at, found.answer_due_at, found.contact_due_at) == (NOON, None, None)
    assert Notice.objects.count() == 0
    Organisation.objects.update(shadow=False)
    organisation.forget()
    assert expire_due(at=late) == 1


# -- time ------------------------------------------------------------------------------------------------
def told(kind):
    return sorted((one.user.email, one.subject) for one in Notice.objects.filter(kind=kind))


def test_offers_that_run_out_soon_are_told_once_and_together(cast):
    """An oracle: a quarter of the clock is left, and at most half an hour."""
    minutes = [8, 20, 60, 240, 241, 1000]
    handoffs = [
        Handoff.objects.create(
            lead=make.lead(stage="ready"),
            rep=cast.rep if number % 2 else cast.teammate,
            agreement=Agreement.objects.get(),
            offered_at=NOON,
            answer_due_at=NOON + timedelta(minutes=long),
        )
        for number, long in enumerate(minutes)
    ]
    Handoff.objects.filter(pk=handoffs[2].pk).update(accepted_at=NOON)
    seen = set()
    for now in range(0, 1000, 3):
        at = NOON + timedelta(minutes=now)
        expected = {
            one.pk
            for one, long in zip(handoffs, minutes, strict=True)
            if one.pk != handoffs[2].pk and now < long and long - now <= min(30, long / 4)
        } - seen
        assert notices.warn_due(at=at) == len(expected), now
        seen |= expected
    assert told("expiring") == sorted(
        (one.rep.email, f"handoff:{one.pk}") for one in handoffs if one.pk != handoffs[2].pk
    )
    together = [mail["subject"] for mail in owed("mail") if "2 offers run out soon" in mail["subject"]]
    assert together == []  # 240 and 241 belong to different reps
    Handoff.objects.filter(pk__in=[handoffs[3].pk, handoffs[5].pk]).update(
        answer_due_at=NOON + timedelta(hours=90)
    )
    Notice.objects.all().delete()
    Delivery.objects.all().delete()
    assert notices.warn_due(at=NOON + timedelta(hours=89, minutes=45)) == 2
    (mail,) = owed("mail")
    assert mail["subject"].startswith("2 offers run out soon, the first at ")


def test_the_teams_head_is_told_what_ran_out_and_nobody_is_named(cast):
    Robot.objects.create(name="North", vendor="wecom", address="https://a.example/", team=cast.rep.team)
    for number in range(2):
        Handoff.objects.create(
            lead=make.lead(stage="ready", contact=make.contact("Ada Byron", city="Bonn")),
            rep=cast.rep,
            agreement=Agreement.objects.get(),
            offered_at=NOON,
            answer_due_at=NOON + timedelta(minutes=10 + number),
        )
    RepProfile.objects.filter(user=cast.rep).update(open_n=2)
    assert expire_due(at=NOON + timedelta(minutes=30)) == 2
    assert {email for email, _subject in told("expired")} == {cast.manager.email}
    (mail,) = owed("mail")
    assert mail["subject"] == "2 offers of your team ran out"
    (message,) = owed("robot")
    assert "Byron" not in str(Notice.objects.values_list("facts")) + message["body"]
