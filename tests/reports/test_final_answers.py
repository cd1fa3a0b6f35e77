"""Whose a pass is and what sales' last word on it was, against a naive oracle over random handoffs."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from leads import pool
from leads.models import Agreement, Handoff, Lead, ReturnReason
from leads.models.handoffs import UNASKED
from reports.answers import answers
from reports.choice import axes, parse
from reports.funnel import funnel
from reports.models import CountedPass
from reports.rollups import roll_all
from tests import cast as make
from tests.cast import NOON
from tests.leads.ready import offered, ready

DAY = timedelta(days=1)
KINDS = ("new", "inquiry", "claim", "imported", "own_find", "farmer")
ENDS = ("", "returned", "expired", "released")


def naive(taken):
    """(place of the handoff whose rep has the pass, the final answer, that rep's own) of [(rep, kind, with a book, accepted, end)]."""
    asked = [one for one in taken if one[1] != "farmer" and (not one[2] or one[1] in UNASKED)]
    took = next((one for one in asked if one[3]), asked[-1] if asked else None)
    words = [(one[0], said(*one)) for one in taken if one[1] != "farmer"]
    if not any(one[1] in ("new", "inquiry") for one in taken):
        words = []
    own = [word for rep, word in words if took is None or rep == took[0]]
    return took and took[0], words[-1][1] if words else "", own[-1] if own else ""


def said(_rep, _kind, _book, accepted, end):
    """What one handoff was answered in the end."""
    if end == "returned" or (end == "expired" and not accepted):
        return end
    return "accepted" if accepted else ""


hands = st.tuples(
    st.integers(0, 2), st.sampled_from(KINDS), st.booleans(), st.booleans(), st.sampled_from(ENDS)
)


class FinalAnswers(TestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(passes=st.lists(st.lists(hands, max_size=5), min_size=1, max_size=4))
    def test_they_are_those_of_the_oracle(self, passes):
        cast = make.gather()
        reps = [cast.rep, cast.teammate, cast.other_rep]
        expected, offered = {}, set()
        for taken in passes:
            lead = make.lead(at=NOON - 40 * DAY)
            # in the rep's hands at once, or accepted: nobody has a lead unasked and not accepted
            taken = [
                (rep, kind, book, yes or book or kind in UNASKED, end) for rep, kind, book, yes, end in taken
            ]
            for number, (rep, kind, book, yes, end) in enumerate(taken):
                at = NOON + (number - 30) * DAY
                Handoff.objects.create(
                    lead=lead, rep=reps[rep], kind=kind, agreement=Agreement.objects.get(), offered_at=at,
                    unasked=book or kind in UNASKED, accepted_at=at if yes else None, end=end or "released", ended_at=at + DAY / 2,
                    reason=ReturnReason.objects.first() if end == "returned" else None,
                )  # fmt: skip
            who, answer, own = naive(taken)
            expected[lead.pk] = (0 if who is None else reps[who].pk, answer, own)
            if any(kind in ("new", "inquiry") and not book for _rep, kind, book, *_more in taken):
                offered.add(lead.pk)
        roll_all()
        told = {
            row[0]: row[1:]
            for row in CountedPass.objects.values_list("lead_id", "owner", "answer", "own_answer")
        }
        assert told == expected
        last_words = [one for lead, one in expected.items() if lead in offered]
        assert told_of(reps) == {
            None: counted(answer for _who, answer, _own in last_words),
            **{rep.pk: counted(own for who, _answer, own in last_words if who == rep.pk) for rep in reps},
        }


def counted(answers):
    """(answered, accepted) of final answers."""
    answers = [one for one in answers if one]
    return len(answers), answers.count("accepted")


def told_of(reps):
    """{rep's id, None for the house: (answered, accepted)} of passes that were offered."""
    found = {}
    for rep in (None, *(one.pk for one in reps)):
        data = {"period": "all", **({"rep": str(rep)} if rep else {})}
        now = funnel(parse(data, axes(data), NOON)).now
        found[rep] = (now.answered, now.accepted)
    return found


@pytest.mark.django_db
def test_whoever_claims_what_ran_out_elsewhere_has_accepted_it(cast):
    one = ready(by=cast.marketer)
    late = offered(one).rep
    claimer = cast.teammate if late == cast.other_rep else cast.other_rep
    Handoff.objects.filter(lead=one).update(end="expired", ended_at=NOON + DAY / 2)
    Lead.objects.filter(pk=one.pk).update(route_at=None)
    pool.put([one.pk], NOON + DAY / 2)
    pool.claim(one.pk, by=claimer, at=NOON + DAY)
    roll_all()

    def told(rep):
        data = {"period": "all", "rep": str(rep.pk)}
        choice = parse(data, axes(data), NOON + DAY)
        passes, offers = funnel(choice).now, answers(choice).now
        return passes.answered, passes.accepted, offers.offers, offers.expired

    assert told(late) == (0, 0, 1, 1)
    assert told(claimer) == (1, 1, 0, 0)
