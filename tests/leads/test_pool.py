"""The pool: what goes in, who may claim, within which caps."""

import contextlib
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import RepProfile
from leads import assignment, funnel, handoffs, ownership, pool
from leads.models import Agreement, Handoff, Lead, LeadScore, ScoreModel
from pipeline.stages import Stage
from tests.api import Api
from tests.cast import NOON, gather
from tests.leads.ready import accepted, fresh, ready

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def pooled(count=1, *, by, at=NOON, **fields):
    """Ready leads in the pool."""
    made = ready(count, by=by, **fields)
    pool.put([one.pk for one in (made if count > 1 else [made])], at)
    return made


def test_grade_a_is_never_put_in(cast):
    leads = [ready(by=cast.marketer, grade=grade) for grade in "ABCD"]
    assert pool.put([one.pk for one in leads], NOON) == 3
    assert set(pool.waiting(NOON).values_list("grade", flat=True)) == set("BCD")
    assert {one.route_at for one in pool.waiting(NOON)} == {None}
    # Nobody set a grade: the proposed one counts, in the pool and in routing.
    unset = ready(by=cast.marketer)
    Lead.objects.filter(pk=unset.pk).update(grade="")
    LeadScore.objects.get_or_create(lead=unset, model=ScoreModel.objects.get())
    ScoreModel.objects.update(grades={letter: dict.fromkeys("1234", "A") for letter in "ABCD"})
    assert pool.put([unset.pk], NOON) == 0
    assignment.assign_due(at=NOON)
    assert Handoff.objects.open().get(lead=unset).grade == "A"


def test_what_the_desk_judges_grade_a_since_leaves_the_pool(cast):
    """Ready: routed; lost or given up: to the desk and, where nothing is missing, routed; resting: it wakes up then."""
    line, lost, asked, rests, other = pooled(5, by=cast.marketer)
    given_up = [lost.pk, asked.pk, rests.pk]
    funnel.advance(given_up, Stage.NURTURE, actor=cast.marketer, reason="later", at=NOON)
    Lead.objects.filter(pk__in=given_up).update(pooled_at=NOON)
    Lead.objects.filter(pk=asked.pk).update(answers={})
    later = timezone.now() + 3 * DAY
    Lead.objects.filter(pk=rests.pk).update(pooled_at=later)
    api, said = Api(cast.marketer), {"grade": "A", "reason": "big"}
    assert api.post(f"/leads/{line.pk}/grade/", said)[1]["pooled_at"] is None
    assert api.post("/leads/many/", {"ids": given_up, "change": "grade", "value": "A"})[0] == 200
    assert Lead.objects.in_pool().get() == other
    found = [fresh(one) for one in (line, lost, asked, rests)]
    assert [one.stage for one in found] == [Stage.READY, Stage.READY, Stage.MQL, Stage.NURTURE]
    assert [bool(one.route_at) for one in found] == [True, True, False, False]
    assert [bool(one.desk_due_at) for one in found] == [False, False, True, False]
    assert [one.wake_at for one in found] == [None, None, None, later]
    # Nor does it come back where a move of the desk is taken back that was made before.
    pool.let_go([other.pk], by=cast.marketer, at=NOON)
    assert fresh(other).pooled_at == NOON
    funnel.advance([other.pk], Stage.NURTURE, actor=cast.marketer, reason="later", at=NOON, pooled_at=NOON)
    funnel.advance([other.pk], Stage.MQL, actor=cast.marketer, reason="calls again", at=NOON)
    api.post(f"/leads/{other.pk}/grade/", said)
    assert api.post(f"/leads/{other.pk}/take-back/", {})[1]["pooled_at"] is None
    assert (fresh(other).stage, fresh(other).wake_at) == (Stage.NURTURE, NOON)


def test_grade_a_out_of_the_pool_waits_for_nobody_who_has_had_it(cast):
    """Everybody who is here let it run out: to the team lead at once. Whoever has not had it is asked before."""
    had, rests = (ready(by=cast.marketer, grade="B") for _ in range(2))
    for rep in (cast.rep, cast.teammate, cast.other_rep):
        Handoff.objects.create(
            lead=had, rep=rep, agreement=Agreement.objects.get(), grade="B", end="expired",
            offered_at=NOON, ended_at=NOON,
        )  # fmt: skip
    assert pool.put([had.pk, rests.pk], NOON) == 2
    Api(cast.marketer).post("/leads/many/", {"ids": [had.pk, rests.pk], "change": "grade", "value": "A"})
    assignment.assign_due(at=timezone.now())
    asked = {one.lead_id: one.rep for one in Handoff.objects.open().select_related("rep")}
    assert asked[had.pk] in (cast.manager, cast.other_manager)
    assert asked[rests.pk] in (cast.rep, cast.teammate, cast.other_rep)


def test_a_claim_is_an_acceptance(cast):
    one = pooled(by=cast.marketer)
    pool.claim(one.pk, by=cast.rep, at=NOON)
    one = fresh(one)
    assert (one.stage, one.owner, one.pooled_at) == (Stage.SQL, cast.rep, None)
    handoff = Handoff.objects.get()
    assert (handoff.kind, handoff.accepted_at, handoff.offered_by) == ("claim", NOON, cast.rep)
    assert handoff.contact_due_at > NOON
    assert ownership.recount() == []


def test_a_lead_is_claimed_once(cast):
    one = pooled(by=cast.marketer)
    pool.claim(one.pk, by=cast.rep, at=NOON)
    with pytest.raises(pool.ClaimRefused, match="has taken this lead"):
        pool.claim(one.pk, by=cast.teammate, at=NOON)


def test_why_a_lead_cannot_be_claimed_is_told_as_it_is(cast):
    resting, elsewhere = ready(2, by=cast.marketer)
    pool.put([resting.pk], NOON + 3 * DAY)
    with pytest.raises(pool.ClaimRefused, match="It rests until"):
        pool.claim(resting.pk, by=cast.rep, at=NOON)
    with pytest.raises(pool.ClaimRefused, match="is not in the pool"):
        pool.claim(elsewhere.pk, by=cast.rep, at=NOON)


def test_claims_a_day_are_capped(cast):
    Agreement.objects.update(claims_a_day=2)
    first, second, third = pooled(3, by=cast.marketer)
    pool.claim(first.pk, by=cast.rep, at=NOON)
    assert pool.claims_left(cast.rep, NOON) == (1, 59)
    pool.claim(second.pk, by=cast.rep, at=NOON)
    with pytest.raises(pool.ClaimRefused, match="today"):
        pool.claim(third.pk, by=cast.rep, at=NOON)
    pool.claim(third.pk, by=cast.rep, at=NOON + DAY)
    assert ownership.recount() == []


def test_full_hands_claim_nothing(cast):
    RepProfile.objects.filter(user=cast.rep).update(capacity=0)
    with pytest.raises(pool.ClaimRefused, match="full"):
        pool.claim(pooled(by=cast.marketer).pk, by=cast.rep, at=NOON)


def test_only_reps_claim(cast):
    with pytest.raises(pool.ClaimRefused, match="reps"):
        pool.claim(pooled(by=cast.marketer).pk, by=cast.manager, at=NOON)
    assert pool.claims_left(cast.manager, NOON) is None


def test_the_last_holder_waits_for_the_lead_to_cool_down(cast):
    handoff = accepted(ready(by=cast.marketer))
    at = NOON + 31 * DAY
    handoffs.expire_due(at=at)
    Agreement.objects.update(rest_days=0)
    Lead.objects.update(pooled_at=at)
    with pytest.raises(pool.ClaimRefused, match="cool"):
        pool.claim(handoff.lead_id, by=handoff.rep, at=at)
    pool.claim(handoff.lead_id, by=handoff.rep, at=at + 7 * DAY)
    assert fresh(handoff.lead).stage == Stage.SQL


def test_a_resting_lead_is_not_claimable_yet(cast):
    handoff = accepted(ready(by=cast.marketer))
    handoffs.expire_due(at=NOON + 31 * DAY)
    assert not pool.waiting(NOON + 60 * DAY).exists()
    assert pool.waiting(NOON + 61 * DAY).get() == handoff.lead
    with pytest.raises(pool.ClaimRefused):
        pool.claim(handoff.lead_id, by=cast.other_rep, at=NOON + 60 * DAY)


@pytest.mark.django_db(transaction=True)
def test_reps_who_grab_at_once_stay_within_their_caps():
    cast = gather()
    Agreement.objects.update(claims_a_day=3)
    leads = pooled(12, by=cast.marketer)
    failures = []

    def grab(user):
        try:
            for one in leads:
                with contextlib.suppress(pool.ClaimRefused):
                    pool.claim(one.pk, by=user, at=NOON)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=grab, args=[user])
        for user in (cast.rep, cast.rep, cast.teammate, cast.teammate)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    held = list(Handoff.objects.values_list("rep_id", flat=True))
    assert sorted(held) == sorted([cast.rep.pk] * 3 + [cast.teammate.pk] * 3)
    assert ownership.recount() == []
