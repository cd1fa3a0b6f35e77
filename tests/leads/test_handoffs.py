"""The life of a handoff: one test for each row of the table of where a lead goes, and the three clocks."""

from datetime import UTC, timedelta

import pytest

from accounts import absences
from accounts.models import Absence, RepKind, RepProfile, User
from leads import assignment, because, capture, handoffs, ownership, standing, timeline
from leads.models import Agreement, Handoff, Lead, Notice, ReturnReason, StageChange
from leads.notices import texts
from pipeline.models import DealChange, Step
from pipeline.stages import Stage
from tests.cast import NOON, company, contact, deal, lead
from tests.leads.ready import accepted, fresh, offered, ready, rep

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SOON = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def day_and_night(db):
    Agreement.objects.update(around_the_clock=True)


@pytest.fixture(autouse=True)
def counters_are_right(day_and_night):
    """After every test the counters equal a recount."""
    yield
    assert ownership.recount() == []


def reason(code):
    return ReturnReason.objects.get(code=code)


def give_back(handoff, code, at=SOON, **said):
    handoffs.return_lead(handoff.pk, reason=reason(code), by=handoff.rep, at=at, **said)
    return Lead.objects.get(pk=handoff.lead_id)


def run_out(handoff):
    """Let the answer clock of an offer run out; the moment after."""
    at = handoff.answer_due_at + timedelta(seconds=1)
    assert handoffs.expire_due(at=at) == 1
    return at


# -- accept --------------------------------------------------------------------------------------------
def test_accepting_makes_an_sql_and_starts_the_contact_clock(cast):
    one = ready(by=cast.marketer, grade="A")
    handoff = handoffs.accept(offered(one).pk, by=cast.rep, at=SOON)
    assert (handoff.accepted_at, handoff.contact_due_at) == (SOON, SOON + timedelta(minutes=120))
    assert handoff.protected_until == SOON + 30 * DAY
    one = fresh(one)
    assert (one.stage, one.sql_at, one.owner) == (Stage.SQL, SOON, handoff.rep)
    last = StageChange.objects.filter(lead=one).order_by("-seq")[0]
    assert (last.from_stage, last.to_stage, last.actor) == ("ready", "sql", cast.rep)


@pytest.mark.parametrize("answered", ["accepted", "returned", "expired"])
def test_an_answered_offer_is_not_answered_again(cast, answered):
    handoff = offered(ready(by=cast.marketer))
    if answered == "accepted":
        handoffs.accept(handoff.pk, by=handoff.rep, at=SOON)
    elif answered == "returned":
        give_back(handoff, "bad_data")
    else:
        run_out(handoff)
    before = list(Handoff.objects.values())
    with pytest.raises(handoffs.AlreadyAnswered):
        handoffs.accept(handoff.pk, by=handoff.rep, at=SOON)
    assert list(Handoff.objects.values()) == before


def test_an_unknown_offer_is_no_offer(cast):
    with pytest.raises(handoffs.AlreadyAnswered):
        handoffs.accept(404, by=cast.rep, at=NOON)


# -- returned: the reason's destination ------------------------------------------------------------------
@pytest.mark.parametrize("code", ["not_ready", "no_budget"])
def test_not_ready_goes_to_nurture_with_a_wake_up_date_and_is_not_claimable(cast, code):
    one = give_back(offered(ready(by=cast.marketer)), code, note="next year")
    assert (one.stage, one.owner, one.route_at, one.pooled_at) == (Stage.NURTURE, None, None, None)
    assert one.wake_at == SOON + 90 * DAY
    handoff = Handoff.objects.get()
    assert (handoff.end, handoff.reason.code, handoff.note, handoff.ended_at) == (
        "returned",
        code,
        "next year",
        SOON,
    )


def test_the_rep_may_name_the_wake_up_date(cast):
    one = give_back(offered(ready(by=cast.marketer)), "not_ready", wake_at=NOON + 7 * DAY)
    assert one.wake_at == NOON + 7 * DAY


@pytest.mark.parametrize("code", ["wrong_person", "bad_data", "duplicate"])
def test_bad_data_and_duplicates_go_to_the_desk_for_two_working_days(cast, code):
    one = give_back(offered(ready(by=cast.marketer)), code)
    assert (one.stage, one.owner, one.route_at) == (Stage.MQL, None, None)
    assert one.desk_due_at == SOON + timedelta(minutes=2 * 8 * 60)


@pytest.mark.parametrize("code", ["wrong_region", "wrong_product"])
def test_wrong_region_is_routed_again_at_once_without_a_mark(cast, code):
    first = offered(ready(by=cast.marketer))
    one = give_back(first, code)
    assert (one.stage, one.route_at, one.rounds) == (Stage.READY, SOON, 0)
    assert not reason(code).blames
    assert offered(one, SOON).rep != first.rep


def test_an_accepted_lead_may_come_back_and_keeps_the_day_of_its_acceptance(cast):
    handoff = accepted(ready(by=cast.marketer))
    one = give_back(handoff, "wrong_region")
    assert (one.stage, one.sql_at, one.route_at) == (Stage.READY, NOON, SOON)


def test_a_customer_goes_to_the_owner_of_the_account(cast):
    firm = company()
    handoff = offered(ready(by=cast.marketer, contact=contact(company=firm)))
    owner = rep("owner")
    firm.sales_owner = owner
    firm.save()
    one = give_back(handoff, "customer")
    after = Handoff.objects.open().get()
    assert (after.rep, after.kind, after.because) == (owner, "inquiry", because.ACCOUNT)
    assert (one.owner, one.stage, one.route_at) == (owner, Stage.READY, None)
    assert Notice.objects.filter(user=owner, kind="offered", subject=f"handoff:{after.pk}").exists()


def test_a_customer_nobody_owns_goes_to_the_desk(cast):
    one = give_back(offered(ready(by=cast.marketer)), "customer")
    assert (one.stage, one.desk_due_at is not None) == (Stage.MQL, True)


@pytest.mark.parametrize("code", ["spam", "competitor", "student"])
def test_spam_is_disqualified_and_says_which_rule_was_wrong(cast, code):
    one = give_back(offered(ready(by=cast.marketer)), code)
    assert (one.stage, one.disqualified_because, one.ended_at) == (Stage.DISQUALIFIED, code, SOON)


def test_a_lead_with_a_deal_is_not_returned(cast):
    handoff = accepted(ready(by=cast.marketer))
    Lead.objects.filter(pk=handoff.lead_id).update(stage=Stage.DEAL)
    with pytest.raises(handoffs.Refused):
        give_back(handoff, "bad_data")
    assert Handoff.objects.open().get() == handoff


# -- expired -------------------------------------------------------------------------------------------
def test_an_unanswered_lead_goes_to_two_more_reps_then_the_team_lead_then_the_pool(cast):
    one = ready(by=cast.marketer, grade="B")
    at, asked = NOON, []
    for _ in range(4):
        handoff = offered(one, at)
        asked.append(handoff.rep)
        at = run_out(handoff)
    assert set(asked[:3]) == {cast.rep, cast.teammate, cast.other_rep}
    assert asked[3] == asked[2].team.head
    assert [h.round for h in Handoff.objects.order_by("pk")] == [1, 2, 3, 4]
    assert {h.end for h in Handoff.objects.all()} == {"expired"}
    assignment.assign_due(at=at)
    one = fresh(one)
    assert (one.pooled_at, one.owner, one.route_at, one.stage) == (at, None, None, Stage.READY)


def offers_of(user):
    """What of somebody's unanswered offers is open: the leads' ids."""
    return {
        one.lead_id
        for one in Handoff.objects.all()
        if (one.rep, one.accepted_at, one.ended_at) == (user, None, None)
    }


def test_the_offers_of_who_is_absent_go_on_to_the_next_rep(cast):
    """What nobody's answer is due of any more is nobody's broken promise; what was accepted stays."""
    RepProfile.objects.exclude(user=cast.rep).update(accepting=False)
    taken = accepted(ready(by=cast.marketer))
    second = accepted(ready(by=cast.marketer))
    handoffs.offer(second.lead_id, to=cast.rep, by=cast.manager, at=NOON)  # an accepted lead, offered by hand
    waiting = {second.lead_id, *(one.pk for one in ready(3, by=cast.marketer))}
    assignment.assign_due(at=NOON)
    before = Handoff.objects.get(lead=min(waiting - {second.lead_id})).answer_due_at
    RepProfile.objects.update(accepting=True)
    tomorrow = Absence.objects.create(rep=cast.rep.rep, during=(NOON + DAY, NOON + 3 * DAY))
    handoffs.expire_due(at=SOON)
    assert offers_of(cast.rep) == waiting, "an absence of tomorrow moves nothing today"
    tomorrow.during = (NOON + DAY / 48, NOON + 3 * DAY)
    tomorrow.save()
    before_all = set(Handoff.objects.values_list("pk", flat=True))
    handoffs.expire_due(at=SOON)
    assert (offers_of(cast.rep), Handoff.objects.open().get(rep=cast.rep)) == (set(), taken)
    ended = Handoff.objects.filter(lead__in=waiting, rep=cast.rep, accepted_at=None)
    assert {(one.lead_id, one.end, one.note, one.ended_at, one.answer_due_at) for one in ended} == {
        (pk, "released", because.ABSENT, SOON, None) for pk in waiting
    }
    assert {
        (one.stage, one.route_at, one.owner, one.rounds) for one in Lead.objects.filter(pk__in=waiting)
    } == {(Stage.READY, SOON, None, 1)}
    assert StageChange.objects.filter(lead=second.lead_id).latest("seq").reason == because.ABSENT
    assert not Notice.objects.filter(kind="expired").exists()
    # Another is given by hand meanwhile, by somebody who knows: that one stays, as the sweep looks again.
    given = ready(by=cast.marketer)
    handoffs.offer(given.pk, to=cast.rep, by=cast.manager, at=SOON)
    assignment.assign_due(at=SOON)
    handoffs.expire_due(at=SOON)
    assert offers_of(cast.rep) == {given.pk}
    after = Handoff.objects.open().exclude(pk__in=before_all).exclude(lead=given)
    assert {one.lead_id for one in after} == waiting
    assert {one.rep for one in after} == {cast.teammate, cast.other_rep}
    answers = standing.kept(NOON, before + timedelta(seconds=1), before + timedelta(seconds=1))[0]
    assert (answers.due, answers.kept) == (2, 2), "the two accepted ones"
    story = timeline.events(fresh(second.lead))
    assert {one.text for one in story if one.title == f"{cast.rep} has it no longer"} == {
        "The rep is absent."
    }


def test_who_is_told_today_to_be_absent_keeps_no_offer_of_this_morning(cast):
    """Made by hand before anybody could know: it goes on as every other."""
    before, after = (ready(by=cast.marketer) for _ in range(2))
    handoffs.offer(before.pk, to=cast.rep, by=cast.manager, at=NOON)
    absences.note(cast.rep.rep, NOON.date(), NOON.date(), "ill", UTC, NOON + DAY / 24)
    handoffs.offer(after.pk, to=cast.rep, by=cast.manager, at=NOON + DAY / 12)
    handoffs.pass_on(at=NOON + DAY / 12)
    assert offers_of(cast.rep) == {after.pk}


def test_what_a_head_has_as_the_last_one_waits_and_who_left_without_notice_holds_nothing(cast):
    """Where there is no next rep an absence sends nothing in circles; a second lead of a firm goes to who is there."""
    RepProfile.objects.filter(user=cast.other_rep).update(accepting=False)
    RepProfile.objects.create(user=cast.sales_head, accepting=False)
    one = ready(by=cast.marketer, grade="A")
    Lead.objects.filter(pk=one.pk).update(rounds=9)
    Absence.objects.create(rep=cast.sales_head.rep, during=(NOON - DAY, NOON + DAY))
    assert offered(one).rep == cast.sales_head
    assert (handoffs.pass_on(at=SOON), offers_of(cast.sales_head)) == (0, {one.pk})
    firm = company()
    first = offered(ready(by=cast.marketer, contact=contact(company=firm)))
    Absence.objects.create(rep=first.rep.rep, during=(NOON, NOON + DAY))
    other = ({cast.rep, cast.teammate} - {first.rep}).pop()
    assert offered(ready(by=cast.marketer, contact=contact(company=firm)), SOON).rep == other
    assert handoffs.pass_on(at=SOON, rep=other) == 0
    User.objects.filter(pk=other.pk).update(is_active=False)
    assert handoffs.pass_on(limit=1, at=SOON) == 1
    assert handoffs.pass_on(at=SOON) == 1
    assignment.assign_due(at=SOON)
    assert not Handoff.objects.open().exclude(lead=one).exists(), "both wait in line"
    Absence.objects.filter(rep=first.rep.rep).delete()
    assignment.assign_due(at=SOON + timedelta(hours=1))
    assert offers_of(first.rep) == set(Handoff.objects.exclude(end="").values_list("lead", flat=True))
    assert set(Handoff.objects.exclude(end="").values_list("rep", "note")) == {
        (first.rep.pk, because.ABSENT), (other.pk, because.LEFT)
    }  # fmt: skip


def test_grade_a_never_waits_in_a_pool(cast):
    one = ready(by=cast.marketer, grade="A")
    at, asked = NOON, []
    for _ in range(6):
        handoff = offered(one, at)
        asked.append(handoff.rep)
        at = run_out(handoff)
    assert asked[4:] == [cast.sales_head, cast.sales_head]
    assert fresh(one).pooled_at is None


def test_when_nobody_is_free_a_lead_waits_in_line_then_goes_on(cast):
    RepProfile.objects.update(accepting=False)
    good, best = ready(by=cast.marketer, grade="B"), ready(by=cast.marketer, grade="A")
    assignment.assign_due(at=NOON)
    assert not Handoff.objects.exists()
    assignment.assign_due(at=NOON + timedelta(hours=2))
    handoff = Handoff.objects.get()
    assert (handoff.lead, handoff.rep, handoff.because) == (best, cast.sales_head, because.NO_TEAM_FREE)
    assignment.assign_due(at=NOON + DAY + timedelta(minutes=1))
    assert fresh(good).pooled_at is not None


# -- contact and persistence ---------------------------------------------------------------------------
def test_the_first_human_attempt_stops_the_contact_clock_and_each_protects_anew(cast):
    handoff = accepted(ready(by=cast.marketer))
    contacts = [handoff.lead.contact_id]
    assert handoffs.contacted(contacts, SOON) == 1
    assert handoffs.contacted(contacts, NOON + 5 * DAY) == 1
    handoff.refresh_from_db()
    assert (handoff.contacted_at, handoff.attempts) == (SOON, 2)
    assert handoff.protected_until == NOON + 35 * DAY


def test_an_attempt_before_the_acceptance_stops_no_clock(cast):
    handoff = offered(ready(by=cast.marketer))
    assert handoffs.contacted([handoff.lead.contact_id], SOON) == 0


@pytest.mark.parametrize(
    ("grade", "stage", "pooled", "routed"),
    [("B", Stage.NURTURE, NOON + 61 * DAY, None), ("A", Stage.READY, None, NOON + 31 * DAY)],
)
def test_a_lead_without_follow_up_leaves_its_rep(cast, grade, stage, pooled, routed):
    handoff = accepted(ready(by=cast.marketer, grade=grade))
    assert handoffs.expire_due(at=NOON + 29 * DAY) == 0
    assert handoffs.expire_due(at=NOON + 31 * DAY) == 1
    one = fresh(handoff.lead)
    assert (one.stage, one.owner, one.pooled_at, one.route_at) == (stage, None, pooled, routed)


def test_a_deal_protects_its_lead(cast):
    handoff = accepted(ready(by=cast.marketer))
    Lead.objects.filter(pk=handoff.lead_id).update(stage=Stage.DEAL)
    handoffs.expire_due(at=NOON + 31 * DAY)
    handoff.refresh_from_db()
    assert (handoff.ended_at, handoff.protected_until) == (None, NOON + 61 * DAY)


def test_a_reps_own_find_is_protected_for_good(cast):
    one = lead(channel="sales_own")
    handoffs.own_find(one.pk, by=cast.rep, at=NOON)
    handoffs.expire_due(at=NOON + 365 * DAY)
    one = fresh(one)
    assert (one.owner, one.stage, one.pooled_at) == (cast.rep, Stage.SQL, None)
    assert Handoff.objects.open().get(lead=one).kind == "own_find"


# -- won, lost, farmers ----------------------------------------------------------------------------------
def win(handoff, at=NOON):
    """Close the handoff's lead as won, as the verbs of closing do."""
    firm = handoff.lead.contact.company
    made = deal(company=firm, owner=handoff.rep, outcome="won", signed_on=at.date(), closed_at=at)
    Lead.objects.filter(pk=handoff.lead_id).update(stage=Stage.WON, deal=made, ended_at=at)
    handoffs.finish([handoff.lead_id], at=at)


def test_a_won_lead_leaves_the_reps_hands_and_stays_the_reps(cast):
    handoff = accepted(ready(by=cast.marketer))
    win(handoff)
    handoff.refresh_from_db()
    assert (handoff.end, fresh(handoff.lead).owner) == ("finished", handoff.rep)
    assert fresh(handoff.lead).wake_at is None


def test_what_a_hunter_won_is_offered_to_a_farmer_thirty_days_later(cast):
    farmer = rep("farmer", kind=RepKind.FARMER)
    firm = company()
    handoff = accepted(ready(by=cast.marketer, contact=contact(company=firm)))
    win(handoff)
    assert handoffs.expire_due(at=NOON + 29 * DAY) == 0
    assert handoffs.expire_due(at=NOON + 30 * DAY) == 1
    assert assignment.assign_due(at=NOON + 30 * DAY) == 1
    offer = Handoff.objects.open().get()
    assert (offer.kind, offer.rep, offer.lead.owner) == ("farmer", farmer, handoff.rep)
    handoffs.accept(offer.pk, by=farmer, at=NOON + 31 * DAY)
    offer.refresh_from_db()
    assert (offer.accepted_at, offer.end) == (NOON + 31 * DAY, "finished")
    farmer.rep.refresh_from_db()
    assert farmer.rep.open_n == 0
    assert Step.objects.get().owner == farmer
    firm.refresh_from_db()
    assert (firm.sales_owner, fresh(handoff.lead).owner) == (farmer, farmer)
    assert fresh(handoff.lead).stage == Stage.WON


# -- by hand, and people who leave -----------------------------------------------------------------------
def test_an_offer_by_hand_takes_the_lead_from_whoever_has_it(cast):
    first = offered(ready(by=cast.marketer))
    handoffs.offer(first.lead_id, to=cast.manager, by=cast.sales_head, at=SOON)
    after = Handoff.objects.open().get()
    assert (after.rep, after.offered_by, after.because) == (cast.manager, cast.sales_head, because.CHOSEN)
    first.refresh_from_db()
    assert (first.end, fresh(first.lead).owner) == ("reassigned", cast.manager)


def test_only_a_ready_lead_is_offered(cast):
    with pytest.raises(handoffs.Refused):
        handoffs.offer(lead().pk, to=cast.rep, by=cast.manager, at=NOON)


def test_an_accepted_lead_whose_new_rep_does_not_answer_is_routed_again(cast):
    first = accepted(ready(by=cast.marketer))
    handoffs.offer(first.lead_id, to=cast.manager, by=cast.sales_head, at=SOON)
    at = run_out(Handoff.objects.open().get())
    one = fresh(first.lead)
    assert (one.stage, one.route_at, one.sql_at) == (Stage.READY, at, NOON)


def test_when_somebody_leaves_everything_in_their_hands_goes_on(cast):
    RepProfile.objects.exclude(user=cast.rep).update(accepting=False)
    waiting, working, selling = (accepted_or(cast, n) for n in range(3))
    made = deal(owner=cast.rep)
    Lead.objects.filter(pk=selling.pk).update(stage=Stage.DEAL, deal=made)
    RepProfile.objects.update(accepting=True)
    assert handoffs.release(cast.rep, by=cast.admin, at=SOON) == 3
    assert not Handoff.objects.open().filter(rep=cast.rep).exists()
    for one in (waiting, working):
        assert (fresh(one).stage, fresh(one).route_at) == (Stage.READY, SOON)
    User.objects.filter(pk=cast.rep.pk).update(is_active=False)
    assignment.assign_due(at=SOON)
    again = Handoff.objects.open().filter(lead__in=[waiting, working])
    assert again.count() == 2
    assert cast.rep.pk not in again.values_list("rep", flat=True)
    after = Handoff.objects.open().get(lead=selling)
    assert (after.rep, after.accepted_at, fresh(selling).stage) == (cast.manager, SOON, Stage.DEAL)
    made.refresh_from_db()
    assert made.owner == cast.manager
    assert DealChange.objects.get(deal=made).field == "owner"
    notice = Notice.objects.get(kind="handed")
    assert (notice.user, notice.path) == (cast.manager, f"/deals/{made.pk}/")
    assert texts.text(notice.kind, notice.facts) == "A book was handed to you: 1 lead, 1 deal"


def test_whoever_is_given_a_lead_with_its_deal_is_told(cast):
    made, lead = deal(owner=cast.rep), accepted_or(cast, 1)
    Lead.objects.filter(pk=lead.pk).update(stage=Stage.DEAL, deal=made)
    handoff = handoffs.offer(lead.pk, to=cast.teammate, by=cast.manager, at=SOON)
    told = Notice.objects.get(kind="handed")
    assert (told.user, told.subject, told.path) == (cast.teammate, f"handoff:{handoff}", f"/deals/{made.pk}/")
    assert told.facts["also"] == f"/leads/{lead.pk}/"


def test_nobody_is_told_of_an_empty_book(cast):
    handoffs.release(cast.rep, by=cast.admin, at=SOON)
    assert not Notice.objects.filter(kind="handed").exists()


def accepted_or(cast, n):
    """An offered lead, then accepted ones."""
    one = ready(by=cast.marketer)
    offered(one) if n == 0 else accepted(one)
    return one


def test_setting_a_lead_aside_takes_it_out_of_the_reps_hands(cast):
    handoff = offered(ready(by=cast.marketer))
    done = handoffs.set_aside(
        [handoff.lead_id], Stage.DISQUALIFIED, by=cast.marketer, reason="a robot", code="robot", at=SOON
    )
    assert done.moved == [handoff.lead_id]
    one = fresh(handoff.lead)
    assert (one.stage, one.disqualified_because, one.owner) == (Stage.DISQUALIFIED, "robot", None)
    assert not Handoff.objects.open().exists()


def test_a_logged_call_is_an_attempt_and_an_automatic_mail_is_not(cast):
    handoff = accepted(ready(by=cast.marketer))
    who = handoff.lead.contact
    capture.log_touch(who, "mail", by=cast.rep, at=SOON, outbound=True, automatic=True)
    capture.log_touch(who, "call", by=cast.marketer, at=SOON, outbound=True)
    capture.log_touch(who, "form", by=None, at=SOON)
    handoff.refresh_from_db()
    assert (handoff.contacted_at, handoff.attempts) == (None, 0)
    capture.log_touch(who, "call", by=cast.rep, at=SOON, outbound=True, reached=False)
    handoff.refresh_from_db()
    assert (handoff.contacted_at, handoff.attempts) == (SOON, 1)


def test_what_the_rep_tried_on_the_offer_counts_from_the_acceptance_on(client, cast):
    handoff = offered(ready(by=cast.marketer))
    who, tried = handoff.lead.contact, NOON + timedelta(minutes=1)
    capture.log_touch(who, "call", by=handoff.rep, at=NOON - DAY, outbound=True)  # before the offer
    capture.log_touch(who, "call", by=handoff.rep, at=tried, outbound=True, reached=True)
    other = next(one for one in (cast.rep, cast.other_rep) if one != handoff.rep)
    capture.log_touch(who, "call", by=other, at=tried, outbound=True)
    client.force_login(handoff.rep)
    page = client.get(f"/leads/{handoff.lead_id}/").content.decode()
    assert ("No attempt yet" in page, "Not taken up yet" in page) == (False, True)
    handoff = handoffs.accept(handoff.pk, by=handoff.rep, at=SOON)
    assert (handoff.attempts, handoff.contacted_at) == (1, SOON)
    capture.log_touch(who, "call", by=handoff.rep, at=tried, outbound=True)  # told late
    capture.log_touch(who, "call", by=other, at=tried, outbound=True)
    handoff.refresh_from_db()
    assert (handoff.attempts, handoff.contacted_at) == (2, SOON)
    handoffs.recount([who.pk])
    handoff.refresh_from_db()
    assert (handoff.attempts, handoff.contacted_at) == (2, SOON)


def test_a_correction_is_no_second_attempt_and_may_take_the_first_back(cast):
    handoff = accepted(ready(by=cast.marketer))
    for told, attempts in (
        ({"kind": "call", "reached": False}, 1), ({"kind": "call", "reached": True}, 1), ({"kind": "mail", "automatic": True}, 0),
    ):  # fmt: skip
        capture.log_touch(
            handoff.lead.contact,
            by=cast.rep,
            at=SOON,
            outbound=True,
            source="dialer",
            external_id="c1",
            **told,
        )
        handoff.refresh_from_db()
        assert (handoff.attempts, handoff.contacted_at) == (attempts, SOON if attempts else None)
