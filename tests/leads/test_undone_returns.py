"""A return that was a slip is taken back: everything as it was, unless somebody else has the lead by then."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import Region, RepKind, RepProfile
from engine.models import Delivery
from leads import assignment, closing, handoffs, ownership, returned, timeline
from leads.models import (
    Agreement,
    Handoff,
    Lead,
    Notice,
    ReturnReason,
    ScoreRule,
    StageChange,
)
from pipeline.channels import Channel
from pipeline.stages import Stage
from reports import verify
from tests import cast as make
from tests.cast import NOON, contact, lead
from tests.leads.ready import accepted, fresh, offered, ready, rep
from tests.leads.test_closing import TERMS, reason

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(hours=1)
THEN = SOON + timedelta(minutes=2)
MOVED = ("seq", "updated_at")
CODES = ("not_ready", "bad_data", "wrong_region", "customer", "spam", "duplicate")


@pytest.fixture(autouse=True)
def day_and_night(db):
    Agreement.objects.update(around_the_clock=True)


@pytest.fixture(autouse=True)
def counters_are_right(day_and_night):
    yield
    assert ownership.recount() == []


@pytest.fixture
def one(cast):
    return ready(by=cast.marketer)


def give_back(handoff, code, at=SOON, **said):
    reason = ReturnReason.objects.get(code=code)
    return handoffs.return_lead(handoff.pk, reason=reason, by=handoff.rep, at=at, **said)


def undo(handoff, at=THEN, by=None):
    return handoffs.undo_return(handoff.pk, by=by or handoff.rep, at=at)


def stands():
    """All that a return touches, but for the lead's counter of moves."""
    leads = [
        {name: row[name] for name in row if name not in MOVED} for row in Lead.objects.order_by("pk").values()
    ]
    counters = list(RepProfile.objects.order_by("pk").values("user", "open_n"))
    return leads, list(Handoff.objects.order_by("pk").values()), counters


def stood_still(before, handoff, returned=THEN - SOON):
    """`before`, but the clock of the handoff that ran then is due later by as long as it was returned."""
    leads, rows, counters = before
    name = "contact_due_at" if handoff.accepted_at else "answer_due_at"
    rows = [{**row, name: row[name] + returned} if row["id"] == handoff.pk else row for row in rows]
    return leads, rows, counters


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("answered", [False, True])
def test_a_return_taken_back_leaves_everything_as_it_was(cast, one, code, answered):
    handoff = (accepted if answered else offered)(one)
    before = stands()
    give_back(handoff, code, note="a slip")
    assert stands() != before
    back, _forgotten = undo(handoff)
    assert stands() == stood_still(before, handoff)
    assert (back.end, back.reason, back.note, back.returned_by) == ("", None, "", None)
    with connection.cursor() as cursor:
        assert verify.differences(cursor).clean
    told = returned.tallies("rep", returned.offers(NOON, THEN + timedelta(days=1)))
    assert [(tally.answered, tally.returned) for tally in told if tally.answered] == [(1, 0)] * answered


def test_what_fell_due_meanwhile_is_as_far_off_as_it_was(cast, one):
    handoff = offered(one)
    Handoff.objects.update(answer_due_at=SOON + timedelta(seconds=4))
    give_back(handoff, "bad_data")
    back, _forgotten = undo(handoff)
    assert back.answer_due_at == THEN + timedelta(seconds=4)
    handoffs.expire_due(at=THEN)
    assert Handoff.objects.open().get() == handoff


def test_nothing_but_working_time_is_given_back(cast, one):
    Agreement.objects.update(around_the_clock=False)
    handoff, night = offered(one), SOON.replace(hour=23)
    Handoff.objects.update(answer_due_at=night + timedelta(hours=12))
    give_back(handoff, "bad_data", at=night)
    back, _forgotten = undo(handoff, at=night + timedelta(minutes=5))
    assert back.answer_due_at == night + timedelta(hours=12)


def test_what_was_late_when_it_was_returned_stays_late(cast, one):
    handoff = offered(one)
    Handoff.objects.update(answer_due_at=SOON - timedelta(seconds=1))
    give_back(handoff, "bad_data")
    back, _forgotten = undo(handoff)
    assert back.answer_due_at == SOON - timedelta(seconds=1)


def test_what_the_rep_was_told_is_told_once(cast, one):
    handoff = offered(one)
    told = list(Notice.objects.order_by("pk").values("user", "kind", "subject"))
    sent = Delivery.objects.count()
    give_back(handoff, "bad_data")
    undo(handoff)
    assert list(Notice.objects.order_by("pk").values("user", "kind", "subject")) == told
    assert Delivery.objects.count() == sent
    handoffs.accept(handoff.pk, by=handoff.rep, at=THEN)
    assert fresh(one).stage == Stage.SQL


def test_what_it_corrected_reads_as_it_did(cast, one):
    wrong, right = (Region.objects.create(code=code, name=code) for code in ("wrong", "right"))
    Lead.objects.filter(pk=one.pk).update(region=wrong)
    handoff = offered(one)
    give_back(handoff, "wrong_region", region=right)
    assert fresh(one).region == right
    undo(handoff)
    assert fresh(one).region == wrong


@pytest.mark.parametrize("code", CODES)
def test_an_own_find_comes_back_although_nobody_answered_the_questions(cast, code):
    found = lead(channel=Channel.SALES_OWN, owner=cast.rep)
    handoffs.own_find(found.pk, by=cast.rep, at=NOON)
    handoff, before = Handoff.objects.get(), stands()
    give_back(handoff, code)
    assert fresh(found).stage != Stage.SQL
    undo(handoff)
    assert stands() == stood_still(before, handoff)
    assert fresh(found).mql_at is None
    with connection.cursor() as cursor:
        assert verify.differences(cursor).clean


def test_an_offer_to_a_farmer_stays_the_hunters_win(cast, one):
    RepProfile.objects.filter(user=cast.rep).update(kind=RepKind.HUNTER)
    rep("farmer", kind=RepKind.FARMER)
    held = accepted(one)
    firm = make.company()
    one.contact.company = firm
    one.contact.save()
    deal = closing.open_deal(fresh(one), by=held.rep, at=SOON, **TERMS)
    closing.win(deal, reason=reason("speed"), signed_on=SOON.date(), by=held.rep, at=SOON)
    month = SOON + timedelta(days=31)
    handoffs.expire_due(at=month)
    offer = offered(fresh(one), month)
    assert offer.kind == "farmer"
    before = stands()
    give_back(offer, "not_ready", at=month + timedelta(minutes=1))
    undo(offer, at=month + timedelta(minutes=2))
    assert stands() == stood_still(before, offer, timedelta(minutes=1))


def test_what_it_taught_is_forgotten(cast):
    one = ready(by=cast.marketer, contact=contact(email="x@robots.example"))
    handoff = offered(one)
    assert give_back(handoff, "competitor").about == ["robots.example"]
    _back, forgotten = undo(handoff)
    assert forgotten.about == ["robots.example"]
    assert not ScoreRule.objects.filter(value="@robots.example").exists()
    assert fresh(one).disqualified_because == ""


def test_an_offer_made_of_it_meanwhile_is_taken_from_the_other_rep(cast, one):
    handoff = offered(one)
    give_back(handoff, "wrong_product")
    other = offered(one, SOON)
    assert other.rep != handoff.rep
    undo(handoff)
    other.refresh_from_db()
    assert (other.end, other.answer_due_at) == ("released", None)
    assert Handoff.objects.open().get() == handoff
    assert not Notice.objects.filter(user=other.rep, read_at=None).exists()
    texts = {(event.title, event.text) for event in timeline.events(fresh(one), at=THEN)}
    assert (f"{other.rep} has it no longer", "The return was taken back.") in texts


def test_again_once_it_is_returned_again(cast, one):
    handoff = offered(one)
    for code in ("wrong_product", "wrong_product", "not_ready"):
        give_back(handoff, code)
        assignment.assign_due(at=SOON)
        undo(handoff, at=SOON)
    assert Handoff.objects.open().get() == handoff
    assert Handoff.objects.count() == 3


def test_the_trail_stays(cast, one):
    handoff = accepted(one)
    give_back(handoff, "not_ready")
    undo(handoff)
    trail = (
        StageChange.objects.filter(lead=one)
        .order_by("seq")
        .values_list("from_stage", "to_stage", "actor", "reason")
    )
    assert list(trail)[-2:] == [
        ("sql", "nurture", handoff.rep.pk, "Not ready yet"),
        ("nurture", "sql", handoff.rep.pk, "The return was taken back."),
    ]
