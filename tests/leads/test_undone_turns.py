"""An offer that a return brought which was a slip costs nobody a turn."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import RepProfile
from leads import assignment, fairness
from leads.assignment import dealing, slips, standings
from leads.assignment.ruling import Rule
from leads.models import Agreement, AssignmentRule, Handoff, RuleTurn
from tests.cast import NOON
from tests.leads.ready import offered, ready
from tests.leads.test_shares import leads, one_rep
from tests.leads.test_undone_returns import SOON, THEN, give_back, undo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day_and_night(db):
    Agreement.objects.update(around_the_clock=True)


@pytest.fixture
def one(cast):
    return ready(by=cast.marketer)


def test_the_other_rep_loses_no_turn_by_it(cast):
    RepProfile.objects.filter(user=cast.rep).update(weight=3)
    ready(8, by=cast.marketer)
    assignment.assign_due(at=NOON)
    got = {one.rep_id: one for one in Handoff.objects.all()}
    assert set(got) == {cast.rep.pk, cast.teammate.pk, cast.other_rep.pk}
    before, told = turns(), ledger()
    slips = list(Handoff.objects.filter(rep=cast.rep))
    for slip in slips:
        give_back(slip, "wrong_product")
    assignment.assign_due(at=SOON)
    assert Handoff.objects.open().exclude(rep=cast.rep).count() == 8
    assert (turns(), ledger()) != (before, told)
    for slip in slips:
        undo(slip)
    assert turns() == pytest.approx(before, abs=1e-5)
    assert ledger() == pytest.approx(told, abs=1e-5)


@pytest.mark.parametrize("hindered", [{"capacity": 1, "cap_ceiling": 1}, {"accepting": False}])
def test_who_was_hindered_meanwhile_stands_as_before(cast, hindered):
    RepProfile.objects.filter(user=cast.other_rep).update(**hindered)
    ready(3, by=cast.marketer)
    assignment.assign_due(at=NOON)
    before, slip = turns(), Handoff.objects.filter(rep=cast.rep).first()
    give_back(slip, "wrong_product")
    other = offered(slip.lead, SOON)
    assert other.rep == cast.teammate
    assert turns()[cast.other_rep.pk, "fair"] > before[cast.other_rep.pk, "fair"]
    undo(slip)
    assert turns() == pytest.approx(before, abs=1e-5)


def test_a_rule_that_is_gone_has_no_turns_to_give_back(cast, one):
    rule = AssignmentRule.objects.create(name="All", position=1)
    handoff = offered(one)
    give_back(handoff, "wrong_product")
    offered(one, SOON)
    rule.delete()
    undo(handoff)
    assert not RuleTurn.objects.exists()
    assert sum(line.turns for line in fairness.ledger(NOON, THEN)) == 1


STANDS = st.lists(
    st.tuples(
        st.sampled_from([0.5, 1.0, 2.0, 3.0]),
        st.floats(0, 9),
        st.floats(-0.9, 0.9),
        st.sampled_from(["", "", "closed", "absent"]),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=6,
)


@given(stands=STANDS, count=st.integers(1, 5))
def test_wherever_they_stood_they_stand_as_before(stands, count):
    reps, kept = {}, {}
    for n, (weight, fair, owed, hindrance, room) in enumerate(stands):
        full = "" if room else "full"
        reps[n] = replace(one_rep(n, weight, capacity=room), hindrance=hindrance or full)
        kept[n] = standings.Kept(fair, owed, True)
    run = dealing.share_out([leads(count)], [Rule()], reps, {None: kept}, frozenset())[None]
    now = {n: [fair, owed] for _rule, n, fair, owed, *_rest in standings.left(run)}
    for rank, (_place, rep) in enumerate(run.dealt, 1):
        for n, (lift, owed) in slips.went_back(run.record(NOON), rank, rep).items():
            now[n][0] -= lift
            now[n][1] += owed
    for n, stood in kept.items():
        assert now[n] == pytest.approx(stood[:2], abs=1e-4)


def turns():
    """{(rep, what): where the rep stands in the turns of everybody else}."""
    rows = RuleTurn.objects.values_list("rep", "fair", "owed")
    return {
        (rep, name): value
        for rep, *stands in rows
        for name, value in zip(("fair", "owed"), stands, strict=True)
    }


def ledger():
    """{(rep, what): a figure of the ledger}."""
    return {
        (line.rep_id, name): getattr(line, name)
        for line in fairness.ledger(NOON, NOON + timedelta(days=1))
        for name in ("turns", "value", "passes", "fair", "fair_value")
    }
