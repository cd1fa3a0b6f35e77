"""After a return was taken back a lead goes on as though it had not been made: who is next, who decides, who cools down."""

from datetime import timedelta

import pytest

from accounts.models import RepProfile
from leads import assignment, handoffs, ownership, pool, verdict
from leads.models import Agreement, Handoff, Lead
from tests import cast as make
from tests.cast import NOON
from tests.leads.ready import offered, ready
from tests.leads.test_undone_returns import CODES, SOON, THEN, give_back, undo

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=5)
ROUTED = ("wrong_region", "wrong_product")  # back to routing at once: somebody else is offered it


@pytest.fixture(autouse=True)
def day_and_night(db):
    Agreement.objects.update(around_the_clock=True)


def slip(handoff, code):
    """Returned, offered to whoever is next, and taken back."""
    give_back(handoff, code)
    assignment.assign_due(at=SOON)
    undo(handoff)
    assert Handoff.objects.open().get() == handoff


def nobody_answers(handoff):
    """The offer runs out; who has the lead next, and why."""
    Handoff.objects.filter(pk=handoff.pk).update(answer_due_at=LATER)
    handoffs.expire_due(at=LATER)
    assignment.assign_due(at=LATER)
    now = Handoff.objects.open().get()
    return now.rep, now.because


def only(*reps):
    """Nobody but these takes leads."""
    RepProfile.objects.exclude(user__in=reps).update(accepting=False)


@pytest.mark.parametrize("code", CODES)
def test_who_lets_it_run_out_is_not_asked_again(cast, code):
    only(cast.rep)
    handoff = offered(ready(by=cast.marketer))
    give_back(handoff, code)
    undo(handoff)
    assert nobody_answers(handoff) == (cast.manager, "Nobody answered in time: the team lead decides.")


@pytest.mark.parametrize("code", ROUTED)
def test_who_had_it_by_the_slip_may_be_asked(cast, code):
    only(cast.rep, cast.other_rep)
    handoff = offered(ready(by=cast.marketer))
    assert {handoff.rep, other(cast, handoff)} == {cast.rep, cast.other_rep}
    slip(handoff, code)
    assert nobody_answers(handoff) == (other(cast, handoff), "It was this rep's turn.")


@pytest.mark.parametrize("code", ROUTED)
def test_the_head_of_whoever_let_it_run_out_decides(cast, code):
    Agreement.objects.update(reoffers=0)
    only(cast.rep, cast.other_rep)
    handoff = offered(ready(by=cast.marketer))
    slip(handoff, code)
    head = cast.manager if handoff.rep == cast.rep else cast.other_manager
    assert nobody_answers(handoff) == (head, "Nobody answered in time: the team lead decides.")


def test_who_returned_it_in_earnest_cools_down_and_who_had_it_by_a_slip_does_not(cast):
    only(cast.rep, cast.other_rep)
    handoff = offered(ready(by=cast.marketer))
    slip(handoff, "wrong_product")
    give_back(handoff, "wrong_product", at=THEN)
    Lead.objects.update(route_at=None, pooled_at=THEN)
    with pytest.raises(pool.ClaimRefused, match="cool"):
        pool.claim(handoff.lead_id, by=handoff.rep, at=LATER)
    pool.claim(handoff.lead_id, by=other(cast, handoff), at=LATER)


def test_marketing_reads_the_answer_of_whoever_has_it(cast):
    only(cast.rep, cast.other_rep)
    handoff = offered(ready(by=cast.marketer, campaign=make.campaign()))
    slip(handoff, "wrong_product")
    became = verdict.became(Lead.objects.all())
    assert became.values_list("rep", "accepted_at", "end").get() == (handoff.rep.full_name, None, "")
    handoffs.accept(handoff.pk, by=handoff.rep, at=THEN)
    assert became.values_list("rep", "accepted_at", "end").get() == (handoff.rep.full_name, THEN, "")


def test_others_of_the_company_who_only_followed_it_go_along(cast):
    only(cast.rep, cast.other_rep)
    firm = make.company()
    handoff = offered(ready(by=cast.marketer, contact=make.contact(company=firm)))
    give_back(handoff, "wrong_product")
    offered(handoff.lead, SOON)
    followed = offered(ready(by=cast.marketer, at=SOON, contact=make.contact(company=firm)), SOON)
    stranger = offered(ready(by=cast.marketer, at=SOON, contact=make.contact(company=make.company())), SOON)
    assert (followed.rep, followed.because) == (other(cast, handoff), "Already works with this company.")
    undo(handoff)
    assert set(Handoff.objects.open().values_list("pk", flat=True)) == {handoff.pk, stranger.pk}
    followed.refresh_from_db()
    assert (followed.end, followed.note) == ("released", "The return was taken back.")
    now = offered(followed.lead, THEN)
    assert (now.rep, now.because) == (handoff.rep, "Already works with this company.")
    assert ownership.recount() == []


@pytest.mark.parametrize("work", ["accepted", "deal"])
def test_who_works_with_the_company_by_now_keeps_what_followed(cast, work):
    only(cast.rep, cast.other_rep)
    firm = make.company()
    handoff = offered(ready(by=cast.marketer, contact=make.contact(company=firm)))
    give_back(handoff, "wrong_product")
    offered(handoff.lead, SOON)
    followed = offered(ready(by=cast.marketer, at=SOON, contact=make.contact(company=firm)), SOON)
    meanwhile = Handoff.objects.open().get(lead=handoff.lead)
    if work == "accepted":
        handoffs.accept(followed.pk, by=followed.rep, at=SOON)
        with pytest.raises(handoffs.Refused, match="works with this company by now"):
            undo(handoff)
        left = {meanwhile.pk, followed.pk}
    else:
        make.deal(company=firm, owner=followed.rep)
        undo(handoff)
        left = {handoff.pk, followed.pk}
    assert set(Handoff.objects.open().values_list("pk", flat=True)) == left


def other(cast, handoff):
    return cast.other_rep if handoff.rep == cast.rep else cast.rep
