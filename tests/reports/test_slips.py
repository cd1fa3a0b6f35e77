"""An offer that a return taken back had brought is nobody's answer: what is counted afterwards is as though there had been neither."""

from datetime import timedelta

import pytest

from leads import assignment, handoffs
from leads.models import Agreement, Handoff, ReturnReason
from reports.models import CountedOffer, CountedPass
from reports.rollups import roll_all
from tests.cast import NOON
from tests.leads.ready import offered, ready

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SOON = NOON + HOUR
PASS = ("owner", "answer", "own_answer", "offered_on", "delivered_on", "taken_on")
OFFER = ("handoff_id", "owner", "outcome", "speaks", "contact", "speed")


@pytest.fixture
def handoff(cast):
    Agreement.objects.update(around_the_clock=True)
    return offered(ready(by=cast.marketer))


def slip(handoff, at=SOON):
    """Return it, offer it to somebody else, and take the return back."""
    give_back(handoff, at)
    assignment.assign_due(at=at)
    other = Handoff.objects.open().get()
    handoffs.undo_return(handoff.pk, by=handoff.rep, at=at)
    assert other.rep != handoff.rep
    return other


def give_back(handoff, at):
    reason = ReturnReason.objects.get(code="wrong_product")
    handoffs.return_lead(handoff.pk, reason=reason, by=handoff.rep, at=at)


def accept(handoff, at):
    handoffs.accept(handoff.pk, by=handoff.rep, at=at)


def expire(handoff, at):
    handoffs.expire_due(at=at + timedelta(days=9))


def counted():
    roll_all()
    return list(CountedPass.objects.values_list(*PASS)), list(CountedOffer.objects.values_list(*OFFER))


def test_the_pass_stays_whose_it_was(cast, handoff):
    before = counted()
    slip(handoff)
    assert counted() == before
    assert before[0][0][0] == handoff.rep_id


@pytest.mark.parametrize(
    ("answer", "word"), [(accept, "accepted"), (give_back, "returned"), (expire, "expired")]
)
def test_what_it_is_answered_then_is_the_answer(cast, handoff, answer, word):
    slip(handoff)
    answer(handoff, SOON + HOUR)
    passes, offers = counted()
    assert [one[:3] for one in passes] == [(handoff.rep_id, word, word)]
    assert [one[:4] for one in offers] == [(handoff.pk, handoff.rep_id, word, True)]


def test_the_contact_of_whoever_stands_in_is_the_one_that_was_owed(cast, handoff):
    slip(handoff)
    accept(handoff, SOON + HOUR)
    Handoff.objects.filter(pk=handoff.pk).update(end="reassigned", ended_at=SOON + 2 * HOUR)
    heir = cast.teammate if handoff.rep == cast.rep else cast.rep
    Handoff.objects.create(
        lead=handoff.lead, rep=heir, agreement=Agreement.objects.get(), unasked=True,
        offered_at=SOON + 2 * HOUR, accepted_at=SOON + 2 * HOUR, contacted_at=SOON + 3 * HOUR,
    )  # fmt: skip
    _passes, offers = counted()
    assert next(one[-2] for one in offers if one[0] == handoff.pk) == 120
