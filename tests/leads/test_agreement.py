"""The agreement at work: which version holds, who becomes an MQL and why, who wakes, and what ready means."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import OperationalError

from accounts.models import Organisation, Track
from leads import agreement, capture, drafting, funnel, handoffs, scoring
from leads.models import (
    Agreement,
    AgreementSignature,
    Handoff,
    Lead,
    LeadScore,
    Question,
    ReturnReason,
    StageChange,
    TouchKind,
)
from leads.scoring import versions
from pipeline.stages import Stage
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.leads.ready import accepted, ready

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


def terms(**fields):
    Agreement.objects.update(**fields)


@pytest.fixture(autouse=True)
def easy():
    """Anybody with one touch of today is good enough."""
    terms(fit_floor="D", engagement_floor=3, touches_floor=1)


def visitor(kind=TouchKind.FORM, touches=1, **fields):
    lead = make.lead(**fields)
    for _ in range(touches):
        make.touch(lead.contact, kind=kind)
    return lead


def stage(lead):
    lead.refresh_from_db()
    return lead.stage


def nurtured(**marks):
    lead = visitor()
    scoring.score_due(at=NOON)
    funnel.advance([lead.pk], Stage.NURTURE, actor=None, reason="no budget", at=NOON, **marks)
    return lead


# -- the version in force ----------------------------------------------------------------------------------
def test_the_newest_version_signed_by_both_holds():
    draft = Agreement.objects.create(version=2)
    assert agreement.in_force().version == 1
    AgreementSignature.objects.create(agreement=draft, track=Track.MARKETING, at=NOON)
    assert agreement.in_force().version == 1
    AgreementSignature.objects.create(agreement=draft, track=Track.SALES, at=NOON)
    assert agreement.in_force() == draft


# -- becoming an MQL -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "floors, becomes",
    [
        ({}, True),
        ({"fit_floor": "C"}, False),
        ({"engagement_floor": 2}, False),
        ({"engagement_floor": 4, "touches_floor": 0}, True),
        ({"touches_floor": 2}, False),
    ],
)
def test_all_floors_must_be_met(floors, becomes):
    terms(**floors)
    lead = visitor()
    scoring.score_due(at=NOON)
    assert stage(lead) == ("mql" if becomes else "new")


def test_the_machine_says_why():
    lead = visitor()
    scoring.score_due(at=NOON)
    step = StageChange.objects.get(lead=lead, to_stage="mql")
    assert (step.actor, step.reason, step.at) == (None, "Meets the agreement", NOON)


def test_a_raised_hand_is_enough_unless_the_agreement_says_otherwise():
    terms(fit_floor="A", engagement_floor=1)
    lead = visitor(hand_raised_at=NOON)
    terms(hand_raisers=False)
    scoring.score_due(at=NOON)
    assert stage(lead) == "new"
    terms(hand_raisers=True)
    assert agreement.qualify([lead.pk], NOON).moved == [lead.pk]
    assert StageChange.objects.get(lead=lead, to_stage="mql").reason == "Raised a hand"


@pytest.mark.parametrize("fields", [{"history": True}, {"channel": "sales_own"}], ids=["history", "own find"])
def test_some_leads_are_left_alone(fields, cast):
    lead = visitor(**fields, owner=cast.rep if "channel" in fields else None)
    scoring.score_due(at=NOON)
    assert stage(lead) == "new"


def test_automatic_and_own_touches_are_not_counted():
    terms(engagement_floor=4)
    lead = make.lead()
    make.touch(lead.contact, automatic=True)
    make.touch(lead.contact, outbound=True)
    scoring.score_due(at=NOON)
    assert stage(lead) == "new"


def test_engagement_is_that_of_now():
    lead = visitor()
    scoring.score_due(at=NOON)
    Lead.objects.filter(pk=lead.pk).update(stage="new", seq=1)
    assert agreement.qualify([lead.pk], NOON + timedelta(days=300)).moved == []


def test_a_marketer_makes_one_with_a_reason(cast):
    terms(fit_floor="A")
    lead = visitor()
    assert funnel.advance([lead.pk], Stage.MQL, actor=cast.marketer, at=NOON).moved == []
    assert funnel.advance(
        [lead.pk], Stage.MQL, actor=cast.marketer, reason="met at the fair", at=NOON
    ).moved == [lead.pk]
    other = visitor()
    assert "agreement" in funnel.advance([other.pk], Stage.MQL, at=NOON).refused[0].why


def test_a_draft_says_how_many_become_mqls_with_the_second_signature(client, cast):
    terms(fit_floor="A", engagement_floor=1)
    for _ in range(3):
        visitor()
    make.lead()  # never touched
    visitor(history=True)
    nurtured()
    nurtured(wake_at=LATER)
    nurtured(pooled_at=LATER)
    scoring.score_due(at=NOON)
    draft = drafting.blank()
    assert drafting.at_once(draft, NOON) is None
    draft.fit_floor, draft.engagement_floor = "D", 3
    drafting.save(draft)
    told = drafting.at_once(draft, NOON)
    assert (told.new, told.nurture, told.mqls) == (3, 1, 0)
    client.force_login(cast.sales_head)
    Agreement.objects.filter(pk=draft.pk).update(engagement_floor=4)  # today, when all are awake
    assert "6 leads that wait become MQLs at once" in client.get("/agreement/2/").content.decode()
    joins = Api(cast.manager).get(f"/agreements/{draft.pk}/quarter/")[1]["at_once"]
    assert joins == {"new": 3, "nurture": 3, "mqls": 0}
    Agreement.objects.filter(pk=draft.pk).update(engagement_floor=3)
    for head in (cast.marketing_head, cast.sales_head):
        drafting.sign(draft, by=head, at=NOON)
    agreement.judge_due(100, NOON)
    moved = StageChange.objects.filter(to_stage="mql").values_list("from_stage", flat=True)
    assert sorted(moved) == ["new", "new", "new", "nurture"]


# -- nurture -------------------------------------------------------------------------------------------------
def test_who_sleeps_is_left_alone_until_the_day():
    lead = nurtured(wake_at=LATER)
    assert agreement.qualify([lead.pk], NOON).moved == []
    assert scoring.score_due(at=NOON) == 0
    scoring.score_due(at=LATER)
    assert stage(lead) == "mql"
    assert StageChange.objects.filter(lead=lead).latest("seq").reason == "Woke up on the agreed day"
    assert lead.wake_at is None


def test_who_was_never_an_mql_is_judged_by_the_agreement_when_awake():
    terms(fit_floor="A")
    lead = nurtured(wake_at=LATER)
    assert scoring.score_due(at=LATER) == 1
    assert (stage(lead), lead.wake_at) == ("nurture", None)
    terms(fit_floor="D")
    assert agreement.qualify([lead.pk], LATER).moved == []
    make.touch(lead.contact, LATER, automatic=True)
    make.touch(lead.contact, LATER, outbound=True)
    assert agreement.qualify([lead.pk], LATER).moved == []
    make.touch(lead.contact, LATER)
    assert agreement.qualify([lead.pk], LATER).moved == [lead.pk]


def test_nobody_wakes_because_everybody_is_scored_anew():
    """Another zone, another epoch, another scorecard: nothing that those in nurture did; new ones go their way."""
    awake, resting, touched = nurtured(), nurtured(pooled_at=NOON), nurtured()
    terms(engagement_floor=1)
    new = visitor()
    terms(engagement_floor=3)
    Organisation.objects.update(zone="America/Los_Angeles")
    scoring.score_due(at=NOON + timedelta(minutes=1))
    LeadScore.objects.update(scored_at=None)
    scoring.score_due(at=NOON + timedelta(minutes=2))
    fresh = versions.draft()
    versions.publish(fresh, by=None, at=NOON)
    while scoring.score_due(at=NOON + timedelta(minutes=3)):
        pass
    assert [stage(lead) for lead in (awake, resting, touched, new)] == [
        "nurture",
        "nurture",
        "nurture",
        "mql",
    ]
    make.touch(touched.contact, NOON + timedelta(minutes=4))
    LeadScore.objects.update(scored_at=None)
    scoring.score_due(at=NOON + timedelta(minutes=5))
    assert [stage(lead) for lead in (awake, resting, touched)] == ["nurture", "nurture", "mql"]


def test_who_rests_before_the_pool_is_left_alone():
    lead = nurtured(pooled_at=LATER)
    make.touch(lead.contact, NOON + timedelta(hours=1))
    assert agreement.qualify([lead.pk], NOON + timedelta(hours=2)).moved == []
    assert agreement.qualify([lead.pk], LATER).moved == [lead.pk]
    assert (stage(lead), lead.pooled_at) == ("mql", None)


def test_a_hand_raised_wakes_at_once_but_only_a_new_one():
    lead = nurtured(wake_at=LATER)
    Lead.objects.filter(pk=lead.pk).update(hand_raised_at=NOON - timedelta(hours=1))
    assert agreement.qualify([lead.pk], NOON).moved == []
    Lead.objects.filter(pk=lead.pk).update(hand_raised_at=NOON + timedelta(hours=1))
    assert agreement.qualify([lead.pk], NOON + timedelta(hours=1)).moved == [lead.pk]


def test_a_dealing_that_is_logged_raises_the_hand_as_a_captured_one_does(cast):
    """A new lead, one that rests for the pool and imported history become MQLs, not by what we say or what came before."""
    terms(fit_floor="A")
    new, resting = make.lead(), nurtured(pooled_at=LATER)
    history = make.lead(history=True)
    LeadScore.objects.filter(lead=history).delete()
    leads = (new, resting, history)
    for lead in leads:
        for said in (
            {"outbound": True, "at": LATER},
            {"automatic": True, "at": LATER},
            {"at": NOON - LATER.resolution},
        ):
            capture.log_touch(lead.contact, TouchKind.QUOTE_REQUEST, by=cast.marketer, **said)
    scoring.score_due(at=LATER)
    assert [stage(lead) for lead in leads] == ["new", "nurture", "new"]
    for lead in leads:
        capture.log_touch(lead.contact, TouchKind.QUOTE_REQUEST, by=cast.marketer, at=LATER)
    scoring.score_due(at=LATER)
    assert [(stage(lead), lead.hand_raised_at, lead.history) for lead in leads] == [("mql", LATER, False)] * 3


# -- ready ---------------------------------------------------------------------------------------------------
@pytest.fixture
def mql():
    lead = visitor(answers={"need": "pumps", "when": "May"})
    scoring.score_due(at=NOON)
    return lead


def test_the_desk_confirms_the_proposed_grade(mql, cast):
    done = agreement.make_ready([mql.pk], actor=cast.marketer, at=LATER)
    assert (done.moved, done.refused) == ([mql.pk], [])
    assert stage(mql) == "ready"
    assert (mql.grade, mql.route_at, mql.rounds, mql.ready_at) == ("D", LATER, 0, LATER)


def test_what_is_missing_is_named(mql, cast):
    Lead.objects.update(answers={"need": " "})
    terms(required_fields=["company", "attributes.budget", "contact.email"])
    done = agreement.make_ready([mql.pk], actor=cast.marketer, at=NOON)
    why = done.refused[0].why
    assert [part in why for part in ("What do they need?", "By when?", "Company", "budget", "E-mail")] == [
        True, True, True, True, False
    ]  # fmt: skip
    assert (stage(mql), mql.grade) == ("mql", "")


def test_questions_out_of_use_or_optional_are_not_asked(mql, cast):
    Lead.objects.update(answers={})
    Question.objects.filter(code="need").update(active=False)
    Question.objects.filter(code="when").update(required=False)
    assert agreement.make_ready([mql.pk], actor=cast.marketer, at=NOON).moved == [mql.pk]


def test_a_grade_set_by_the_desk_stays_and_needs_a_reason(mql, cast):
    with pytest.raises(ValueError, match="why"):
        agreement.set_grade(mql, "A", reason=" ", at=NOON)
    agreement.set_grade(mql, "A", reason="I know them", at=NOON)
    agreement.make_ready([mql.pk], actor=cast.marketer, at=NOON)
    assert (stage(mql), mql.grade, mql.grade_reason) == ("ready", "A", "I know them")


def test_a_set_is_judged_lead_by_lead(mql, cast):
    unanswered, new = visitor(), visitor()
    funnel.advance([unanswered.pk], Stage.MQL, at=NOON)
    done = agreement.make_ready([new.pk, mql.pk, unanswered.pk], actor=cast.marketer, at=NOON)
    assert done.moved == [mql.pk]
    assert [refusal.lead_id for refusal in done.refused] == sorted([new.pk, unanswered.pk])


# -- beside others -------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_lead_that_somebody_works_on_stays_due():
    terms(fit_floor="D", engagement_floor=3)
    lead = visitor()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN; SELECT 1 FROM leads_lead WHERE id = %s FOR NO KEY UPDATE", [lead.pk])
            assert scoring.score_due(at=NOON) == 0
            assert LeadScore.objects.get().scored_at is None
            cursor.execute("COMMIT")
        assert scoring.score_due(at=NOON) == 1
        assert stage(lead) == "mql"
    except OperationalError:
        pytest.fail("scoring waited for a locked lead")
    finally:
        other.close()


# -- a new version reaches the leads that wait -----------------------------------------------------------
def signed(cast, **changed):
    """A version that both heads have signed."""
    draft = drafting.blank()
    for name, value in changed.items():
        setattr(draft, name, value)
    draft = drafting.save(draft)
    drafting.sign(draft, by=cast.marketing_head, at=NOON)
    assert drafting.sign(draft, by=cast.sales_head, at=NOON)
    draft.refresh_from_db()
    return draft


def test_signing_softer_terms_makes_mqls_of_those_who_wait(cast):
    terms(touches_floor=5)
    waiting = [visitor() for _ in range(3)]
    sleeper = nurtured(wake_at=NOON + timedelta(days=90))
    imported = visitor(history=True)
    while scoring.score_due(at=NOON):
        pass
    assert {stage(lead) for lead in waiting} == {"new"}
    assert signed(cast, touches_floor=1).judged_until == 0
    while scoring.score_due(at=LATER):
        pass
    assert {stage(lead) for lead in waiting} == {"mql"}
    assert (stage(sleeper), stage(imported)) == ("nurture", "new")
    assert not Agreement.objects.filter(judged_until__isnull=False).exists()
    assert scoring.score_due(at=LATER) == 0


def test_they_are_judged_in_chunks_and_only_under_the_version_in_force(cast):
    terms(touches_floor=5)
    waiting = [visitor() for _ in range(5)]
    while scoring.score_due(at=NOON):
        pass
    signed(cast, touches_floor=4)
    signed(cast, touches_floor=1)
    assert agreement.judge_due(2, LATER) == 2
    assert [stage(lead) for lead in waiting] == ["mql", "mql", "new", "new", "new"]
    assert agreement.judge_due(2, LATER) == 2
    assert agreement.judge_due(2, LATER) == 1
    assert {stage(lead) for lead in waiting} == {"mql"}
    agreement.judge_due(2, LATER)
    assert agreement.judge_due(2, LATER) == 0


def test_terms_that_do_not_say_what_an_mql_is_judge_nobody(cast):
    assert signed(cast, rest_days=3, owed_sqls=1).judged_until is None


# -- recycled ----------------------------------------------------------------------------------------------
def test_a_recycled_lead_keeps_its_history_rests_and_comes_back_as_an_mql(cast):
    handoff = accepted(ready(by=cast.marketer))
    lead, first = handoff.lead, Lead.objects.get(pk=handoff.lead_id)
    reason = ReturnReason.objects.get(code="no_budget")
    handoffs.return_lead(handoff.pk, reason=reason, by=handoff.rep, at=NOON)
    for day in (10, 89):
        make.touch(lead.contact, at=NOON + timedelta(days=day))
        scoring.mark_touched([lead.contact_id])
        scoring.score_due(at=NOON + timedelta(days=day))
        assert stage(lead) == "nurture"
    back = NOON + timedelta(days=90)
    scoring.score_due(at=back)
    assert stage(lead) == "mql"
    walked = list(StageChange.objects.filter(lead=lead).order_by("seq").values_list("to_stage", flat=True))
    assert walked == ["new", "mql", "ready", "sql", "nurture", "mql"]
    assert (lead.mql_at, lead.ready_at, lead.sql_at) == (first.mql_at, first.ready_at, first.sql_at)
    assert Handoff.objects.get(lead=lead).reason == reason
    assert agreement.make_ready([lead.pk], actor=cast.marketer, at=back).moved == [lead.pk]
    again = accepted(lead, back)
    assert (again.round, Handoff.objects.filter(lead=lead).count(), stage(lead)) == (1, 2, "sql")
