"""Routing: by account, by rule, by fair shares; each lead exactly once."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Absence, RepKind, RepProfile, Team, WorkingCalendar
from engine.models import Delivery
from leads import assignment, because, handoffs, ownership
from leads.models import (
    Agreement,
    AssignmentRule,
    AssignmentRun,
    Handoff,
    Lead,
    Notice,
    ReturnReason,
    RuleTurn,
)
from pipeline.stages import Stage
from tests.api import Api
from tests.cast import NOON, company, contact, deal, gather, lead, region, segment
from tests.leads.ready import ANSWERS, fresh, offered, ready, rep
from tests.leads.ready import crowd as many_ready

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=2)


def holders(leads):
    """Lead id → rep id of the open handoffs."""
    return dict(Handoff.objects.open().filter(lead__in=leads).values_list("lead_id", "rep_id"))


def only(*users):
    """Nobody else takes leads."""
    RepProfile.objects.exclude(user__in=users).update(accepting=False)


def won_by(user, firm, **fields):
    """A won deal of a company."""
    return deal(company=firm, owner=user, outcome="won", signed_on=NOON.date(), closed_at=NOON, **fields)


def test_a_ready_lead_is_offered_once_with_its_clock_and_its_reason(cast):
    only(cast.rep)
    one = ready(by=cast.marketer, grade="A")
    assert assignment.assign_due(at=NOON) == 1
    assert assignment.assign_due(at=NOON) == 0
    handoff = Handoff.objects.get()
    assert (handoff.lead_id, handoff.rep, handoff.grade, handoff.kind) == (one.pk, cast.rep, "A", "new")
    assert handoff.answer_due_at > NOON
    assert (handoff.because, handoff.rank, handoff.round) == (because.TURN, 1, 1)
    assert handoff.run.offered == 1
    assert {candidate["rep"] for candidate in handoff.run.candidates} == {
        cast.rep.pk,
        cast.teammate.pk,
        cast.other_rep.pk,
    }
    one = fresh(one)
    assert (one.owner, one.route_at, one.stage) == (cast.rep, None, Stage.READY)
    assert ownership.recount() == []
    assert cast.rep.rep.__class__.objects.get(user=cast.rep).open_n == 1


def test_a_hand_raiser_has_a_clock_of_its_own(cast):
    only(cast.rep)
    Agreement.objects.update(around_the_clock=True)
    slow = ready(by=cast.marketer, grade="C")
    quick = ready(by=cast.marketer, grade="C", hand_raised_at=NOON)
    assignment.assign_due(at=NOON)
    due = dict(Handoff.objects.values_list("lead_id", "answer_due_at"))
    assert due == {slow.pk: NOON + timedelta(minutes=480), quick.pk: NOON + timedelta(minutes=30)}


def test_the_notice_names_nobody(cast):
    only(cast.rep)
    person = contact("Wang Fang", "wang@secret.example", city="Shanghai")
    ready(by=cast.marketer, contact=person)
    assignment.assign_due(at=NOON)
    mail = Delivery.objects.get(kind="mail").payload
    text = str(mail)
    assert "Shanghai" in text
    assert cast.rep.email in text
    assert "Wang" not in text
    assert "secret" not in text


def test_many_offers_to_one_rep_are_one_mail(cast):
    only(cast.rep)
    ready(3, by=cast.marketer)
    assignment.assign_due(at=NOON)
    assert Delivery.objects.filter(kind="mail").count() == 1


def test_better_grades_are_served_first_when_hands_are_few(cast):
    only(cast.rep)
    RepProfile.objects.filter(user=cast.rep).update(capacity=2, cap_ceiling=2)
    worst, best, good = (ready(by=cast.marketer, grade=grade) for grade in "DAB")
    assignment.assign_due(at=NOON)
    assert holders([worst, best, good]).keys() == {best.pk, good.pk}
    assert fresh(worst).route_at == NOON + timedelta(minutes=1)


def test_absent_and_closed_reps_are_passed_over(cast):
    Absence.objects.create(rep=cast.rep.rep, during=(NOON - timedelta(days=1), NOON + timedelta(days=1)))
    RepProfile.objects.filter(user=cast.teammate).update(accepting=False)
    leads = ready(4, by=cast.marketer)
    assignment.assign_due(at=NOON)
    assert set(holders(leads).values()) == {cast.other_rep.pk}
    hindrances = {c["rep"]: c["hindrance"] for c in AssignmentRun.objects.get().candidates}
    assert hindrances == {cast.rep.pk: "absent", cast.teammate.pk: "closed", cast.other_rep.pk: ""}


def test_whoever_is_at_work_comes_first_and_the_others_catch_up(cast):
    china = WorkingCalendar.objects.create(name="上海", zone="Asia/Shanghai")
    ling = rep("ling", team=Team.objects.create(name="East", track="sales", calendar=china))
    only(cast.rep, ling)

    def dealt(count, at):
        """Who gets how many; by noon in the house Shanghai has gone home, in its morning the house sleeps."""
        leads = ready(count, by=cast.marketer, at=at)
        assignment.assign_due(at=at)
        return Counter(holders(leads).values())

    Agreement.objects.update(around_the_clock=True)
    assert dealt(2, NOON) == {cast.rep.pk: 1, ling.pk: 1}, "nobody is off"
    Agreement.objects.update(around_the_clock=False)
    assert dealt(4, NOON) == {cast.rep.pk: 4}
    weighed = AssignmentRun.objects.latest("pk").candidates
    assert {one["rep"]: one["hindrance"] for one in weighed if one["rep"] in (cast.rep.pk, ling.pk)} == {
        cast.rep.pk: "", ling.pk: "off"
    }  # fmt: skip
    assert dealt(2, NOON + timedelta(hours=9)) == {ling.pk: 2}, "nobody works, and she got less"
    assert dealt(3, NOON + timedelta(hours=15)) == {ling.pk: 3}, "her morning"
    RepProfile.objects.filter(user=cast.rep).update(capacity=6, cap_ceiling=6)
    assert dealt(3, NOON + timedelta(days=1)) == {cast.rep.pk: 1, ling.pk: 2}, "his hands are full"


def told_why(handoff, reps, *, at_work, preferred=()):
    """{rep: why not, naively}, of a hunter's lead in the north: whoever could not have it by kind or territory is elsewhere."""
    kept = {
        user: "absent" if user.rep.absences.exists() else "" if user.rep.accepting else "closed"
        for user in reps
    }
    near = [
        user
        for user in reps
        if not kept[user]
        and user.rep.kind == RepKind.HUNTER
        and handoff.lead.region in (*user.rep.regions.all(), None)
    ]
    line = [user for user in preferred if user in near] or near
    first = [user for user in line if user in at_work] or line
    for user in reps:
        if not kept[user] and user not in first:
            kept[user] = "elsewhere" if user not in near else "off" if user in line else "preferred"
    return {user.pk: why for user, why in kept.items()}


def test_an_offer_of_a_sunday_says_elsewhere_of_who_is_out_of_reach(cast):
    Agreement.objects.update(around_the_clock=False)
    RepProfile.objects.update(accepting=False)
    north, south = region("north"), region("south")
    open_house = WorkingCalendar.objects.create(name="Sundays", hours=[[["09:00", "18:00"]]] * 7)
    sundays = Team.objects.create(name="Sundays", track="sales", calendar=open_house)
    names = {
        "near": {},
        "also near": {},
        "farmer": {"kind": RepKind.FARMER},
        "away": {},
        "south": {},
        "shut": {"accepting": False},
    }
    reps = [rep(name, **fields) for name, fields in names.items()]
    reps += [rep("on duty", team=sundays), rep("farmer on duty", team=sundays, kind=RepKind.FARMER)]
    for user in reps:
        user.rep.regions.set([south if user == reps[4] else north])
    sunday, duty = NOON + timedelta(days=4), reps[-2]
    Absence.objects.create(rep=reps[3].rep, during=(sunday, sunday + timedelta(days=1)))

    def why(handoff):
        return {
            one.rep: one.hindrance for one in assignment.weighed(handoff).candidates if one.rep in of_ours
        }

    of_ours = {user.pk for user in reps}
    first = offered(ready(by=cast.marketer, at=sunday, region=north), sunday)
    assert (first.rep, why(first)) == (duty, told_why(first, reps, at_work=[duty, reps[-1]]))
    assert Counter(why(first).values()) == {"": 1, "off": 2, "elsewhere": 3, "absent": 1, "closed": 1}
    RepProfile.objects.filter(user=duty).update(capacity=1, cap_ceiling=1)
    rule = AssignmentRule.objects.create(name="Near first", position=1)
    rule.preferred.set(reps[:1])
    second = offered(ready(by=cast.marketer, at=sunday, region=north), sunday)
    expected = {**told_why(second, reps, at_work=[duty], preferred=reps[:1]), duty.pk: "full"}
    assert (second.rep, why(second)) == (reps[0], expected)
    assert expected[reps[1].pk] == "preferred"
    RepProfile.objects.filter(user=reps[1]).update(capacity=1, cap_ceiling=1)
    rule.preferred.set(reps[1:2])
    pair = ready(2, by=cast.marketer, at=sunday, region=north)
    assignment.assign_due(at=sunday)
    full, last = (
        why(one)[reps[1].pk] for one in Handoff.objects.open().filter(lead__in=pair).order_by("rank")
    )
    assert (full, last) == ("", "full"), "hands that were filled in the run itself"


def test_a_rep_who_comes_back_gets_no_backlog(cast):
    """However low the turns of those stand who are asked for other leads: a farmer, and a hunter of another territory."""
    farmer, far = rep("farmer", kind=RepKind.FARMER), rep("far")
    only(cast.rep, cast.teammate, farmer, far)
    for one, code in ((cast.rep, "east"), (cast.teammate, "east"), (far, "west")):
        one.rep.regions.add(region(code))
    RepProfile.objects.update(capacity=500, cap_ceiling=500)
    RepProfile.objects.filter(user=cast.teammate).update(accepting=False)
    ready(20, by=cast.marketer, region=region("east"))
    assignment.assign_due(at=NOON)
    RepProfile.objects.filter(user=cast.teammate).update(accepting=True)
    leads = ready(10, by=cast.marketer, region=region("east"))
    assignment.assign_due(at=NOON)
    shares = Counter(holders(leads).values())
    assert shares == {cast.rep.pk: 5, cast.teammate.pk: 5}


def test_nobody_has_a_backlog_after_a_time_when_nobody_was_there(cast):
    only(cast.rep, cast.teammate)
    RepProfile.objects.update(capacity=500, cap_ceiling=500)

    def run(count, *there):
        RepProfile.objects.filter(user__in=(cast.rep, cast.teammate)).update(accepting=False)
        RepProfile.objects.filter(user__in=there).update(accepting=True)
        leads = ready(count, by=cast.marketer)
        assignment.assign_due(at=NOON)
        return Counter(holders(leads).values())

    assert run(12, cast.rep) == {cast.rep.pk: 12}
    assert run(2) == {}
    assert run(2, cast.teammate) == {cast.teammate.pk: 2}
    assert run(10, cast.rep, cast.teammate) == {cast.rep.pk: 5, cast.teammate.pk: 5}


def test_hands_that_fill_in_the_middle_of_a_run_are_owed_nothing_for_its_rest(cast):
    only(cast.rep, cast.teammate)
    RepProfile.objects.update(capacity=500, cap_ceiling=500)
    RepProfile.objects.filter(user=cast.rep).update(capacity=2)
    leads = ready(40, by=cast.marketer)
    assignment.assign_due(at=NOON)
    assert Counter(holders(leads).values()) == {cast.rep.pk: 2, cast.teammate.pk: 38}
    RepProfile.objects.filter(user=cast.rep).update(capacity=500)
    more = ready(10, by=cast.marketer)
    assignment.assign_due(at=NOON)
    assert Counter(holders(more).values()) == {cast.rep.pk: 5, cast.teammate.pk: 5}
    assert AssignmentRun.objects.latest("pk").dealt[0][4] == {str(cast.rep.pk): 5, str(cast.teammate.pk): 5}


def test_nobody_is_owed_anything_where_all_hands_were_filled(cast):
    only(cast.rep, cast.teammate)
    RepProfile.objects.filter(user=cast.rep).update(capacity=2, cap_ceiling=500)
    RepProfile.objects.filter(user=cast.teammate).update(capacity=18, cap_ceiling=500)
    leads = ready(30, by=cast.marketer)
    assignment.assign_due(at=NOON)
    assert Counter(holders(leads).values()) == {cast.rep.pk: 2, cast.teammate.pk: 18}
    RepProfile.objects.update(capacity=500)
    more = ready(10, by=cast.marketer, grade="A")
    assignment.assign_due(at=NOON)
    assert Counter(holders(more).values()) == {cast.rep.pk: 5, cast.teammate.pk: 5}


def test_what_another_rule_dealt_meanwhile_is_no_backlog(cast):
    only(cast.rep, cast.teammate)
    RepProfile.objects.update(capacity=500, cap_ceiling=500)
    for code in ("east", "west"):
        rule = AssignmentRule.objects.create(name=code)
        rule.regions.add(region(code))
        rule.reps.set([cast.rep, cast.teammate])

    def run(count, code):
        leads = ready(count, by=cast.marketer, region=region(code))
        assignment.assign_due(at=NOON)
        return Counter(holders(leads).values())

    assert run(4, "east") == run(4, "west") == {cast.rep.pk: 2, cast.teammate.pk: 2}
    RepProfile.objects.filter(user=cast.rep).update(accepting=False)
    assert run(20, "west") == {cast.teammate.pk: 20}
    RepProfile.objects.filter(user=cast.rep).update(accepting=True)
    assert run(10, "east") == {cast.rep.pk: 5, cast.teammate.pk: 5}


def test_rules_that_overlap_each_give_everybody_the_fair_share(cast):
    """Whoever got most of 200 C and D leads by one rule gets the own part of 100 A and B leads of another."""
    third = rep("third", team=cast.other_rep.team)
    weights = {cast.rep.pk: 1, cast.teammate.pk: 3, cast.other_rep.pk: 2, third.pk: 0.5}
    for user, weight in weights.items():
        RepProfile.objects.filter(user=user).update(weight=weight, capacity=500, cap_ceiling=500)
    low = AssignmentRule.objects.create(name="low", position=1, grades="CD", team=cast.rep.team)
    high = AssignmentRule.objects.create(name="high", position=2, grades="AB")
    got = {}
    for made, grades, count in ((low, "CD", 200), (high, "AB", 100)):
        many_ready(count, by=cast.marketer, grades=grades)
        for _run in range(3):
            assignment.assign_due(limit=70, at=NOON)
        got[made] = Counter(Handoff.objects.filter(run__rule=made).values_list("rep", flat=True))
    assert got[low] == {cast.rep.pk: 50, cast.teammate.pk: 150}
    assert got[high].total() == 100
    assert all(abs(got[high][user] - 100 * weight / 6.5) < 1 for user, weight in weights.items())


def test_whoever_was_not_weighed_last_or_is_asked_for_other_leads_begins_anew(cast):
    def deal(count=1):
        ready(count, by=cast.marketer)
        assignment.assign_due(at=NOON)

    def standing():
        return set(RuleTurn.objects.values_list("rep", flat=True))

    here = {cast.rep.pk, cast.teammate.pk, cast.other_rep.pk}
    deal(4)
    assert standing() == here
    type(cast.rep).objects.filter(pk=cast.rep.pk).update(is_active=False)
    deal()
    assert standing() == here - {cast.rep.pk}
    cast.teammate.rep.regions.set([region("east")])
    RepProfile.objects.filter(user=cast.other_rep).update(weight=3, capacity=7, accepting=False)
    assert standing() == {cast.other_rep.pk}
    RepProfile.objects.filter(user=cast.other_rep).update(kind=RepKind.FARMER)
    assert standing() == set()
    RepProfile.objects.update(capacity=0, accepting=True)
    deal()
    assert not RuleTurn.objects.exists(), "nobody got anything"


def test_territory_decides_and_an_unknown_one_is_everybodys(cast):
    only(cast.rep, cast.teammate)
    asia, china, europe = region("asia"), region("china"), region("europe")
    china.parent = asia
    china.save()
    cast.rep.rep.regions.add(asia)
    cast.teammate.rep.regions.add(europe)
    cast.teammate.rep.segments.add(segment("smb"))
    here = ready(2, by=cast.marketer, region=china)
    there = ready(2, by=cast.marketer, region=europe, segment=segment("smb"))
    nowhere = ready(by=cast.marketer, region=europe, segment=segment("large"))
    anywhere = ready(4, by=cast.marketer)
    assignment.assign_due(at=NOON)
    assert set(holders(here).values()) == {cast.rep.pk}
    assert set(holders(there).values()) == {cast.teammate.pk}
    assert holders([nowhere]) == {}
    assert set(holders(anywhere).values()) == {cast.rep.pk, cast.teammate.pk}


def test_hunters_get_new_names_and_farmers_get_customers(cast):
    farmer = rep("farmer", kind=RepKind.FARMER)
    firm = company()
    gone = rep("gone")
    won_by(gone, firm)
    gone.is_active = False
    gone.save()
    customer = ready(by=cast.marketer, contact=contact(company=firm))
    new = ready(3, by=cast.marketer)
    assignment.assign_due(at=NOON)
    assert holders([customer]) == {customer.pk: farmer.pk}
    assert farmer.pk not in holders(new).values()
    assert Handoff.objects.get(lead=customer).kind == "inquiry"


def test_rules_are_asked_in_order_and_the_first_that_matches_decides(cast):
    smb = AssignmentRule.objects.create(name="small", position=2, team=cast.rep.team)
    smb.segments.add(segment("smb"))
    AssignmentRule.objects.create(name="search", position=1, channel="sem", team=cast.other_rep.team)
    by_channel = ready(2, by=cast.marketer, segment=segment("smb"), channel="sem")
    by_segment = ready(2, by=cast.marketer, segment=segment("smb"), channel="email")
    by_none = ready(6, by=cast.marketer, channel="email")
    assignment.assign_due(at=NOON)
    assert set(holders(by_channel).values()) == {cast.other_rep.pk}
    assert set(holders(by_segment).values()) == {cast.rep.pk, cast.teammate.pk}
    assert set(holders(by_none).values()) == {cast.rep.pk, cast.teammate.pk, cast.other_rep.pk}
    assert AssignmentRun.objects.count() == 3


def test_an_inquiry_of_a_customer_goes_to_the_account_owner_even_with_full_hands(cast):
    firm = company(sales_owner=cast.teammate)
    won_by(cast.rep, firm)
    RepProfile.objects.filter(user=cast.teammate).update(capacity=0, cap_ceiling=0)
    one = ready(by=cast.marketer, contact=contact(company=firm), grade="D")
    handoff = offered(one)
    assert (handoff.rep, handoff.kind, handoff.because) == (cast.teammate, "inquiry", because.ACCOUNT)
    assert handoff.run is None
    assert ownership.recount() == []


def test_each_sentence_why_has_a_code_of_its_own(cast):
    of_stages = {
        because.UNPROTECTED,
        because.NO_REP,
        because.UNANSWERED_TRANSFER,
        because.LEFT,
        because.BEST,
        because.ABSENT,
        because.RETURN_UNDONE,
        because.TAKEN_BACK,
    }
    assert set(because.SLIPS) <= of_stages
    sentences = {text for name, text in vars(because).items() if name.isupper() and isinstance(text, str)}
    assert set(because.CODES) == sentences - of_stages
    assert len(set(because.CODES.values())) == len(because.CODES)
    made = offered(ready(by=cast.marketer))
    ruled = ready(by=cast.marketer)
    handoffs.offer(ruled.pk, to=cast.rep, by=cast.manager, at=NOON, because="She asked for him.")
    told = Api(cast.sales_head).get("/handoffs/")[1]["results"]
    assert {(one["lead"], one["because_code"]) for one in told} == {(made.lead_id, "turn"), (ruled.pk, "")}


def test_while_the_account_owner_is_absent_the_next_has_it_and_the_head_is_told(cast):
    firm = company(sales_owner=cast.rep)
    won_by(cast.rep, firm)
    Absence.objects.create(rep=cast.rep.rep, during=(NOON, NOON + timedelta(days=2)))
    inquiry = ready(by=cast.marketer, contact=contact(company=firm))
    other = ready(by=cast.marketer)
    assert {one.because for one in assignment.simulate([inquiry.pk], NOON)} == {because.OWNER_AWAY}
    handoff = offered(inquiry)
    assert (handoff.kind, handoff.because) == ("inquiry", because.OWNER_AWAY)
    assert handoff.rep != cast.rep
    assert Handoff.objects.get(lead=other).because == because.TURN
    elsewhere = company(sales_owner=cast.rep)
    won_by(cast.other_rep, elsewhere)
    again = ready(by=cast.marketer, contact=contact(company=elsewhere))
    assert [(one.rep_id, one.because) for one in assignment.simulate([again.pk], NOON)] == [
        (cast.other_rep.pk, because.WINNER)
    ]
    told = Notice.objects.get(kind="stood_in")
    assert (told.user, told.subject) == (cast.manager, f"handoff:{handoff.pk}")
    status, weighed = Api(cast.sales_head).get(f"/handoffs/{handoff.pk}/why/")
    assert weighed["because_code"] == "owner_away"
    assert (status, {one["rep"]: one["hindrance"] for one in weighed["candidates"]}[cast.rep.pk]) == (
        200,
        "absent",
    )


def test_no_customer_waits_for_farmers_who_are_all_away(cast):
    farmer = rep("farmer", kind=RepKind.FARMER, team=cast.rep.team)
    firm = company(sales_owner=farmer)
    won_by(farmer, firm)
    Absence.objects.create(rep=farmer.rep, during=(NOON, NOON + timedelta(days=2)))
    handoff = offered(ready(by=cast.marketer, contact=contact(company=firm)))
    assert (handoff.kind, handoff.because) == ("inquiry", because.OWNER_AWAY)
    assert handoff.rep.rep.kind == RepKind.HUNTER
    assert handoff.answer_due_at
    assert Notice.objects.get(kind="stood_in").user == cast.manager
    Absence.objects.all().delete()
    RepProfile.objects.filter(user=farmer).update(capacity=0)
    other = company("Else")
    won_by(None, other)
    assert [
        one.fate
        for one in assignment.simulate([ready(by=cast.marketer, contact=contact(company=other)).pk], NOON)
    ] == ["wait"], "one whose hands are full is there"


def test_an_inquiry_without_an_account_owner_goes_to_whoever_won_the_customer(cast):
    firm = company()
    won_by(cast.other_rep, firm)
    handoff = offered(ready(by=cast.marketer, contact=contact(company=firm)))
    assert (handoff.rep, handoff.because) == (cast.other_rep, because.CUSTOMER)


def test_a_second_lead_of_a_company_joins_the_first(cast):
    firm = company()
    first = offered(ready(by=cast.marketer, contact=contact(company=firm)))
    RepProfile.objects.filter(user=first.rep).update(accepting=False)
    second = offered(ready(by=cast.marketer, contact=contact(company=firm)), LATER)
    assert (second.rep, second.because, second.kind) == (first.rep, because.JOINED, "new")


def test_a_lead_of_a_company_with_an_open_deal_goes_to_the_deals_owner(cast):
    firm = company()
    deal(company=firm, owner=cast.other_rep)
    handoff = offered(ready(by=cast.marketer, contact=contact(company=firm)))
    assert (handoff.rep, handoff.because) == (cast.other_rep, because.JOINED)


def test_several_new_leads_of_a_company_in_one_run_go_to_one_rep(cast):
    firm = company()
    leads = [ready(by=cast.marketer, contact=contact(company=firm)) for _ in range(4)]
    assignment.assign_due(at=NOON)
    assert len(holders(leads)) == 4
    assert len(set(holders(leads).values())) == 1
    assert ownership.recount() == []


def test_a_reps_own_find_stays_with_the_rep(cast):
    one = ready(by=cast.marketer, channel="sales_own", owner=cast.teammate)
    handoff = offered(one)
    assert (handoff.rep, handoff.kind, handoff.accepted_at) == (cast.teammate, "own_find", NOON)
    assert fresh(one).stage == Stage.SQL


def test_whoever_returned_a_lead_is_not_offered_it_again_in_the_same_round(cast):
    one = ready(by=cast.marketer)
    wrong = ReturnReason.objects.get(code="wrong_region")
    asked = []
    for minute in range(3):
        handoff = offered(one, NOON + timedelta(minutes=minute))
        asked.append(handoff.rep_id)
        handoffs.return_lead(handoff.pk, reason=wrong, by=handoff.rep, at=NOON + timedelta(minutes=minute))
    assert sorted(asked) == sorted([cast.rep.pk, cast.teammate.pk, cast.other_rep.pk])
    assignment.assign_due(at=NOON + timedelta(minutes=5))
    assert holders([one]) == {}


def test_what_ran_out_with_its_only_rep_goes_to_the_team_lead_at_once(cast):
    RepProfile.objects.exclude(user=cast.rep).update(accepting=False)
    one = ready(by=cast.marketer, grade="B")
    first = offered(one)
    late = first.answer_due_at
    handoffs.expire_due(at=late)
    assert [placed.rep_id for placed in assignment.simulate([one.pk], late)] == [cast.manager.pk]
    second = offered(one, late)
    assert (first.rep, second.rep, fresh(one).rounds) == (cast.rep, cast.manager, 3)
    handoffs.expire_due(at=second.answer_due_at)
    assignment.assign_due(at=second.answer_due_at)
    assert fresh(one).pooled_at == second.answer_due_at


def test_simulation_says_what_routing_then_does_and_changes_nothing(cast):
    leads = ready(9, by=cast.marketer) + [ready(by=cast.marketer, channel="sales_own", owner=cast.rep)]
    before = list(RepProfile.objects.values_list("user", "open_n"))
    said = {placed.lead_id: placed.rep_id for placed in assignment.simulate([one.pk for one in leads], NOON)}
    assert list(RepProfile.objects.values_list("user", "open_n")) == before
    assert not any(model.objects.exists() for model in (Handoff, AssignmentRun, RuleTurn))
    assignment.assign_due(at=NOON)
    assert holders(leads) == said


def test_the_command_says_who_would_get_what_then_does_it(cast, capsys):
    only(cast.rep)
    now = timezone.now()
    one = ready(by=cast.marketer, at=now)
    call_command("assign", "--dry-run")
    said = capsys.readouterr().out
    assert f"{one.pk}\tRep\tnew" in said
    assert "Leads that would be offered: 1 of 1; reps: 1." in said
    RepProfile.objects.update(accepting=False)
    call_command("assign")
    assert fresh(one).route_at > timezone.now(), "it waits in line"
    capsys.readouterr()
    call_command("assign", "--dry-run")
    said = capsys.readouterr().out
    assert f"{one.pk}\twait\tnew" in said
    assert "Waiting on for a rep who is free: 1." in said
    RepProfile.objects.filter(user=cast.rep).update(accepting=True)
    assert assignment.look_again([one.pk], now) == 1
    assert not Handoff.objects.exists()
    call_command("assign")
    assert holders([one]) == {one.pk: cast.rep.pk}


# -- fair shares ---------------------------------------------------------------------------------------
def naive(count, reps):
    """Stride scheduling, one lead at a time: [(weight, room, turn)] → how many each gets, and the turns."""
    turns, got = [turn for _, _, turn in reps], [0] * len(reps)
    for _ in range(count):
        free = [n for n, (_, room, _) in enumerate(reps) if got[n] < room]
        if not free:
            break
        chosen = min(free, key=lambda n: (turns[n] + 1 / reps[n][0], n))
        turns[chosen] += 1 / reps[chosen][0]
        got[chosen] += 1
    return got, turns


REPS = st.lists(
    st.tuples(
        st.sampled_from([1.0, 2.0, 3.0, 5.0]),
        st.integers(0, 12),
        st.floats(0, 3, allow_nan=False).map(lambda x: round(x, 2)),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(reps=REPS, count=st.integers(1, 25))
def test_shares_are_those_of_a_naive_stride_scheduler(reps, count, db):
    Handoff.objects.all().delete()
    RepProfile.objects.all().delete()
    Lead.objects.filter(route_at__isnull=False).update(route_at=None)
    AssignmentRun.objects.all().delete()
    RuleTurn.objects.all().delete()
    number = timezone.now().timestamp()
    users = [
        rep(f"rep-{number}-{n}", weight=weight, capacity=room, cap_ceiling=room)
        for n, (weight, room, _turn) in enumerate(reps)
    ]
    for user, (_weight, _room, turn) in zip(users, reps, strict=True):
        RuleTurn.objects.create(rep=user, fair=turn, owed=0, shared=True)
    leads = [lead(grade="B", answers=ANSWERS) for _ in range(count)]
    Lead.objects.filter(pk__in=[one.pk for one in leads]).update(stage="ready", route_at=NOON)
    assignment.assign_due(at=NOON)
    shares = Counter(holders(leads).values())
    got, turns = naive(count, reps)
    assert sum(shares.values()) == sum(got)
    for n, (user, (weight, room, _turn)) in enumerate(zip(users, reps, strict=True)):
        profile, stands = RepProfile.objects.get(user=user), RuleTurn.objects.get(rep=user)
        assert profile.open_n == shares[user.pk]
        assert abs(shares[user.pk] - got[n]) <= 1
        if max(shares[user.pk], got[n]) < room:  # whoever is full is kept up with
            assert stands.fair - stands.owed / weight == pytest.approx(turns[n], abs=1.01)


# -- many at once --------------------------------------------------------------------------------------
class Crowd:
    """Threads that work on one database until told to stop; the first failure is raised."""

    def __init__(self):
        self.stopping, self.failures, self.threads = threading.Event(), [], []

    def start(self, work):
        def run():
            try:
                while not self.stopping.is_set():
                    if not work():
                        self.stopping.wait(0.01)
            except BaseException as error:
                self.failures.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        self.threads.append(thread)
        thread.start()

    def settle(self, done, seconds=60):
        for _ in range(int(seconds * 20)):
            if self.failures or done():
                break
            self.stopping.wait(0.05)
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        if self.failures:
            raise self.failures[0]


@pytest.mark.django_db(transaction=True)
def test_offers_that_run_out_meanwhile_are_neither_lost_nor_doubled():
    cast = gather()
    RepProfile.objects.update(capacity=5000, cap_ceiling=5000)
    many_ready(200, by=cast.marketer, grades="BC")
    crowd = Crowd()
    Agreement.objects.update(answer_minutes=dict.fromkeys("ABCD", 0), around_the_clock=True)
    for _ in range(2):
        crowd.start(lambda: assignment.assign_due(limit=40, at=NOON))
    for _ in range(2):
        crowd.start(lambda: handoffs.expire_due(limit=30, at=NOON))
    crowd.settle(lambda: not Lead.objects.filter(pooled_at=None).exists())
    assert Lead.objects.filter(pooled_at__isnull=False, owner=None, route_at=None).count() == 200
    asked = Counter(Handoff.objects.values_list("lead_id", "rep_id"))
    assert set(asked.values()) == {1}
    assert ownership.recount() == []
    assert not Handoff.objects.open().exists()
