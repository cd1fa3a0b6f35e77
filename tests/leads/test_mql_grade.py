"""The grade proposed when a pass became an MQL: what the scorecards said then, stored once, by one lead or many."""

from datetime import timedelta

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisCase

from leads import desk, funnel, grading, scoring
from leads.models import Lead, LeadScore, ScoreModel
from pipeline.stages import Stage
from tests import cast as make
from tests.cast import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
points = st.integers(-20, 90)


def scored(fit, engagement, **fields):
    """A lead that the general scorecard gave so much."""
    made = make.lead(**fields)
    grade_of = grading.in_force(NOON).general
    LeadScore.objects.filter(lead=made).update(fit=fit, heat=grade_of.heat_of(engagement), scored_at=NOON)
    return made


def become(leads, by, at=NOON):
    done = funnel.advance([one.pk for one in leads], Stage.MQL, actor=by, reason="x", at=at)
    assert done.refused == []


def told(lead):
    return Lead.objects.values_list("mql_grade", flat=True).get(pk=lead.pk)


class TestOracle(HypothesisCase):
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(points, points, points, st.integers(0, 2)), min_size=1, max_size=6))
    def test_each_lead_keeps_what_the_deciding_scorecard_proposed(self, people):
        """Of the general one, of one of a line with other thresholds, or not scored yet."""
        own = ScoreModel.objects.create(
            line="press", number=1, name="Presses", epoch=NOON - 9 * DAY, in_force=True, half_life=3,
            fit_floors={"A": 10, "B": 5, "C": 0}, engagement_floors={"1": 9, "2": 6, "3": 3},
        )  # fmt: skip
        wanted, at = {}, NOON + DAY
        for fit, warm, other, which in people:
            lead = scored(fit, max(warm, 0))
            decides, heat = grading.in_force(at).general, None
            if which == 1:
                LeadScore.objects.filter(lead=lead).update(decides=False)
                heat = max(other, 0) * 1.5
                LeadScore.objects.create(lead=lead, model=own, fit=other, heat=heat, scored_at=NOON)
                decides, fit = grading.in_force(at).of(own.pk), other
            else:
                heat = LeadScore.objects.get(lead=lead).heat
            if which == 2:
                LeadScore.objects.filter(lead=lead).update(scored_at=None)
            wanted[lead.pk] = "" if which == 2 else decides.proposal(fit, heat).grade
        become(Lead.objects.all(), make.gather().marketer, at)
        assert dict(Lead.objects.values_list("pk", "mql_grade")) == wanted


def test_the_machine_keeps_it_as_it_qualifies():
    lead = make.lead(hand_raised_at=NOON)
    make.touch(lead.contact, NOON - DAY)
    scoring.score_due(at=NOON)
    assert Lead.objects.get(pk=lead.pk).stage == Stage.MQL
    assert told(lead) == grading.proposed([lead.pk], NOON)[lead.pk].grade


def test_it_is_kept_once_whatever_comes_later(cast):
    lead = scored(90, 90)
    become([lead], cast.marketer)
    assert told(lead) == "A"
    LeadScore.objects.update(heat=0, fit=F("fit") - 200)
    funnel.advance([lead.pk], Stage.NURTURE, actor=cast.marketer, reason="later", at=NOON + DAY)
    become([lead], cast.marketer, NOON + 2 * DAY)
    assert told(lead) == "A"


def test_what_the_desk_takes_back_at_once_forgets_it(cast):
    lead, soon = scored(90, 90), NOON + timedelta(minutes=1)
    funnel.advance([lead.pk], Stage.NURTURE, actor=cast.marketer, reason="x", at=NOON - DAY)
    become([lead], cast.marketer)
    assert told(lead) == "A"
    assert desk.take_back(Stage.MQL, {Stage.NURTURE: [lead.pk]}, by=cast.marketer, at=soon).refused == []
    assert (told(lead), Lead.objects.get(pk=lead.pk).mql_at) == ("", None)
    LeadScore.objects.update(heat=0)
    become([lead], cast.marketer, NOON + DAY)
    assert told(lead) == grading.proposed([lead.pk], NOON + DAY)[lead.pk].grade != "A"


def test_a_later_slip_leaves_it(cast):
    lead = scored(90, 90)
    become([lead], cast.marketer)
    soon = NOON + timedelta(minutes=1)
    funnel.advance([lead.pk], Stage.NURTURE, actor=cast.marketer, reason="x", at=soon)
    desk.take_back(Stage.NURTURE, {Stage.MQL: [lead.pk]}, by=cast.marketer, at=soon)
    assert (told(lead), Lead.objects.get(pk=lead.pk).mql_at) == ("A", NOON)
