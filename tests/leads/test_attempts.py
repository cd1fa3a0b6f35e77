"""Dialling in vain, and notes."""

from datetime import timedelta

import pytest

from leads import attempts, capture, timeline
from leads.models import Handoff, LeadScore, Note, Touch
from pipeline.models import Step
from tests import cast as make
from tests.cast import NOON
from tests.leads.ready import accepted, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def handoff(cast):
    return accepted(ready(by=cast.marketer))


def test_no_answer_stops_the_contact_clock_and_plans_the_next_call(handoff):
    at = NOON + timedelta(minutes=5)
    contact = handoff.lead.contact
    tried = Step.objects.create(contact=contact, owner=handoff.rep, what="Call", due_at=at)
    planned = attempts.call_again(contact, by=handoff.rep, at=at, step=tried)
    touch = Touch.objects.get(contact=contact)
    assert (touch.kind, touch.outbound, touch.reached, touch.actor) == ("call", True, False, handoff.rep)
    handoff.refresh_from_db()
    assert (handoff.contacted_at, handoff.attempts) == (at, 1)
    tried.refresh_from_db()
    assert tried.done_at == at
    assert (planned.due_at, planned.owner, planned.done_at) == (at + timedelta(hours=2), handoff.rep, None)
    twice = attempts.call_again(contact, by=handoff.rep, at=at + timedelta(seconds=5))
    assert (twice, Handoff.objects.get().attempts, Touch.objects.count()) == (planned, 1, 1), (
        "from a second tab"
    )
    attempts.call_again(contact, by=handoff.rep, at=planned.due_at, step=planned)
    assert Handoff.objects.get().attempts == 2
    assert Step.objects.open().count() == 1


@pytest.mark.parametrize(("found_by", "attempts"), [("form", 1), ("call", 2)])
def test_counted_anew_it_is_what_was_counted_at_once(cast, found_by, attempts):
    """What people do of themselves is no attempt of ours, but for how the rep met whom they found."""
    person = capture.Captured(full_name="Li", email="li@kunde.example", kind=found_by, channel="sales_own")
    found = capture.capture(person, by=cast.rep, at=NOON)
    later, at = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    call = {"kind": "call", "by": cast.rep}
    capture.log_touch(found.contact, **call, at=later)
    ours = {**call, "at": at, "outbound": True, "source": "pbx", "external_id": "1"}
    capture.log_touch(found.contact, **ours)
    told = Handoff.objects.values_list("attempts", "contacted_at")
    assert told.get() == (attempts, NOON if found_by == "call" else at)
    before = told.get()
    capture.log_touch(found.contact, **ours, note="mistyped")
    assert told.get() == before


def test_a_note_is_no_dealing(handoff):
    contact = handoff.lead.contact
    before = LeadScore.objects.get().touched_at
    attempts.note(contact, "Their plant moves in May", by=handoff.rep, at=NOON)
    assert LeadScore.objects.get().touched_at == before
    assert not Touch.objects.exists()
    assert Handoff.objects.get().contacted_at is None
    told = [event.text for event in timeline.events(handoff.lead) if event.title == "Note"]
    assert told == ["Their plant moves in May"]


def test_who_reads_notes_is_who_sees_the_contact(cast, handoff):
    written = attempts.note(handoff.lead.contact, "x", by=handoff.rep, at=NOON)
    make.contact()
    readers = {name for name, user in cast.everybody().items() if written in Note.objects.visible_to(user)}
    near = {
        name
        for name, user in cast.everybody().items()
        if user.team_id == handoff.rep.team_id and user.team_id
    }
    always = {"marketer", "marketing_head", "sales_head", "admin"}
    assert readers == always | near
