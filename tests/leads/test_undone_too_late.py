"""A return cannot be taken back any more once somebody else has the lead, it was moved on, or it is too late."""

from datetime import timedelta

import pytest

from leads import books, disputes, handoffs, pool
from leads.handoffs.undoing import WITHIN
from leads.models import Agreement, Handoff, Lead, StageChange
from pipeline.stages import Stage
from tests.cast import NOON, lead
from tests.leads.ready import accepted, offered, ready, rep
from tests.leads.test_undone_returns import SOON, THEN, give_back, stands, undo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day_and_night(db):
    Agreement.objects.update(around_the_clock=True)


@pytest.fixture
def one(cast):
    return ready(by=cast.marketer)


def test_whoever_took_it_meanwhile_keeps_it(cast, one):
    handoff = offered(one)
    give_back(handoff, "wrong_product")
    other = accepted(one, SOON)
    refused(handoff, f"Too late: {other.rep} has it by now.")


def test_whoever_claimed_it_meanwhile_keeps_it(cast, one):
    handoff = offered(one)
    give_back(handoff, "wrong_product")
    Lead.objects.filter(pk=one.pk).update(route_at=None, pooled_at=SOON)
    claimer = rep("claimer")
    pool.claim(one.pk, by=claimer, at=SOON)
    refused(handoff, f"Too late: {claimer} has it by now.")


def test_what_the_desk_has_done_meanwhile_stays(cast, one):
    handoff = offered(one)
    give_back(handoff, "bad_data")
    handoffs.set_aside([one.pk], Stage.NURTURE, by=cast.marketer, reason="later", at=SOON)
    refused(handoff, "Somebody has moved it on to “Nurture” since.")


def test_a_short_while_only(cast, one):
    handoff = offered(one)
    give_back(handoff, "bad_data")
    late = SOON + WITHIN + timedelta(seconds=1)
    refused(handoff, "That is too long ago to be taken back. Ask the desk to offer it again.", at=late)
    undo(handoff, at=SOON + WITHIN)


def test_only_whoever_returned_it(cast, one):
    handoff = offered(one)
    give_back(handoff, "bad_data")
    refused(handoff, "Only whoever returned it takes that back.", by=cast.manager)


def test_once(cast, one):
    handoff = offered(one)
    refused(handoff, "There is no return to take back.")
    give_back(handoff, "bad_data")
    undo(handoff)
    refused(handoff, "There is no return to take back.")
    give_back(handoff, "spam", at=THEN)
    undo(handoff, at=THEN)


def test_not_once_it_is_disputed(cast, one):
    handoff = offered(one)
    give_back(handoff, "bad_data")
    disputes.open_dispute(handoff.pk, "It is good", by=cast.marketer, at=SOON)
    refused(handoff, "This return is disputed already: the heads decide where the lead goes.")


@pytest.mark.parametrize("answered", [False, True])
def test_not_once_the_book_it_was_lent_with_is_back(cast, one, answered):
    lent = (accepted if answered else offered)(one)
    heir = cast.teammate if lent.rep != cast.teammate else cast.rep
    back = SOON + timedelta(minutes=1)
    books.hand_over(lent.rep, [heir], by=cast.manager, at=NOON, until=back)
    handoff = Handoff.objects.open().get()
    assert (handoff.lead, handoff.rep) == (one, heir)
    give_back(handoff, "bad_data")
    undo(handoff, at=SOON)
    give_back(handoff, "bad_data")
    assert books.back_due(back) == 1
    said = f"Meanwhile the book it came with is back with {lent.rep}. Ask the desk to offer it again."
    refused(handoff, said)


def test_a_contact_with_another_pass_keeps_that_one(cast, one):
    handoff = offered(one)
    give_back(handoff, "spam")
    lead(contact=one.contact, cycle=2)
    refused(handoff, "The contact has another open pass: end that one first.")


def refused(handoff, words, **how):
    before, trail = stands(), StageChange.objects.count()
    with pytest.raises(handoffs.Refused) as refusal:
        undo(handoff, **how)
    assert str(refusal.value) == words
    assert (stands(), StageChange.objects.count()) == (before, trail)
