"""A lead's life, by chance: whatever happens in whatever order, the promises of the funnel hold after every step."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from leads import agreement, because, capture, closing, funnel, handoffs, merging, ownership, pool, scoring
from leads.assignment import assign_due
from leads.handoffs.undoing import WITHIN
from leads.models import Agreement, Handoff, Lead, LeadScore, Merge, ReturnReason, StageChange, Tap, TouchKind
from leads.pool import ClaimRefused
from pipeline.models import Contact, Deal, DealStage, OutcomeReason
from pipeline.stages import ENDED, MOVES, START, Stage
from tests import cast as make
from tests.cast import NOON

PEOPLE = ["anna", "ben", "cem", "dana"]
DATES = {"mql_at": "mql", "ready_at": "ready", "sql_at": "sql", "deal_at": "deal", "won_at": "won"}
pick = st.integers(0, 10)


class Life(RuleBasedStateMachine):
    """Four people at two companies, two reps, one desk, and time that only goes forward."""

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.cast = make.gather()
        self.at = NOON
        Agreement.objects.update(fit_floor="D", engagement_floor=4, touches_floor=1, around_the_clock=True)
        # Some of it has happened already, so that chance meets every stage.
        for who, own in (("anna", False), ("ben", True), ("cem", True), ("dana", False)):
            self.comes(who, "form", own)
        self.opens(Lead.objects.filter(stage=Stage.SQL).latest("pk"))

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def one(self, queryset, number):
        rows = list(queryset.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def passes(self):
        self.at += timedelta(minutes=7)
        return self.at

    def passes_at(self, stage):
        return Lead.objects.filter(stage=stage, merged_into=None)

    # -- what happens ------------------------------------------------------------------------------------
    @rule(days=st.integers(1, 120))
    def time_passes(self, days):
        self.at += timedelta(days=days)

    @rule(who=st.sampled_from(PEOPLE), kind=st.sampled_from(["form", "quote_request"]), own=st.booleans())
    def somebody_comes(self, who, kind, own):
        self.comes(who, kind, own)

    def comes(self, who, kind, own):
        person = capture.Captured(
            full_name=who, email=f"{who}@acme.example", company="Acme" if who < "d" else "Bolt", kind=kind,
            channel="sales_own" if own else "sem",
        )  # fmt: skip
        capture.capture(person, by=self.cast.rep if own else None, at=self.passes())

    @rule(number=pick, reached=st.booleans())
    def a_rep_calls(self, number, reached):
        if lead := self.one(Lead.objects.all(), number):
            capture.log_touch(
                lead.contact,
                TouchKind.CALL,
                by=self.cast.rep,
                at=self.passes(),
                outbound=True,
                reached=reached,
                tapped=self.at,
            )

    @rule(number=pick)
    def a_slip_is_taken_back(self, number):
        if tap := self.one(Tap.objects.select_related("by"), number):
            with suppress(handoffs.Refused):
                capture.take_back(tap.pk, by=tap.by, at=tap.at + WITHIN)

    @rule()
    def the_worker_works(self):
        at = self.passes()
        while scoring.score_due(at=at):
            pass
        handoffs.expire_due(at=at)
        assign_due(at=at)

    @rule(number=pick)
    def the_desk_makes_ready(self, number):
        if lead := self.one(self.passes_at(Stage.MQL), number):
            Lead.objects.filter(pk=lead.pk).update(answers={"need": "pumps", "when": "May"})
            assert agreement.make_ready([lead.pk], actor=self.cast.marketer, at=self.passes()).moved == [
                lead.pk
            ]

    @rule(number=pick, to=st.sampled_from(Stage.values), reason=st.sampled_from(["", "because"]))
    def anybody_tries_any_move(self, number, to, reason):
        if lead := self.one(Lead.objects.all(), number):
            funnel.advance([lead.pk], to, actor=self.cast.marketer, reason=reason, at=self.passes())

    @rule(number=pick, to=st.sampled_from([Stage.NURTURE, Stage.DISQUALIFIED]))
    def the_desk_sets_aside(self, number, to):
        if lead := self.one(Lead.objects.all(), number):
            wake_at = self.at + timedelta(days=30)
            handoffs.set_aside(
                [lead.pk], to, by=self.cast.marketer, reason="later", at=self.passes(), wake_at=wake_at
            )

    @rule(number=pick)
    def a_rep_accepts(self, number):
        if handoff := self.one(Handoff.objects.offered(), number):
            handoffs.accept(handoff.pk, by=handoff.rep, at=self.passes())

    @rule(number=pick, why=pick)
    def a_rep_returns(self, number, why):
        held = Handoff.objects.open().exclude(lead__stage__in=[Stage.DEAL, Stage.WON])
        if handoff := self.one(held, number):
            reason = self.one(ReturnReason.objects.all(), why)
            handoffs.return_lead(handoff.pk, reason=reason, by=handoff.rep, at=self.passes())

    @rule(number=pick)
    def a_return_is_taken_back(self, number):
        if handoff := self.one(Handoff.objects.filter(end="returned").select_related("returned_by"), number):
            with suppress(handoffs.Refused):
                handoffs.undo_return(handoff.pk, by=handoff.returned_by, at=handoff.ended_at + WITHIN)

    @rule(number=pick)
    def an_offer_is_made_by_hand(self, number):
        if lead := self.one(Lead.objects.filter(merged_into=None), number):
            with suppress(handoffs.Refused):
                handoffs.offer(lead.pk, to=self.cast.teammate, by=self.cast.manager, at=self.passes())

    @rule(number=pick)
    def a_protection_is_extended(self, number):
        if handoff := self.one(Handoff.objects.open(), number):
            with suppress(handoffs.Refused):
                handoffs.extend(handoff.pk, at=self.passes())

    @rule(number=pick, other=pick)
    def two_people_turn_out_to_be_one(self, number, other):
        people = Contact.objects.surviving()
        stays, goes = self.one(people, number), self.one(people, other)
        if stays != goes:
            merging.merge_contacts(stays.pk, goes.pk, by=self.cast.marketer, at=self.passes())

    @rule(number=pick)
    def a_merge_is_undone(self, number):
        if merge := self.one(Merge.objects.in_force(), number):
            with suppress(merging.MergeRefused):
                merging.undo(merge.pk, by=self.cast.marketer, at=self.passes())

    @rule(number=pick)
    def a_rep_claims(self, number):
        if lead := self.one(pool.waiting(self.at), number):
            with suppress(ClaimRefused):
                pool.claim(lead.pk, by=self.cast.other_rep, at=self.passes())

    @rule(number=pick)
    def a_deal_opens(self, number):
        if lead := self.one(self.passes_at(Stage.SQL), number):
            self.opens(lead)

    def opens(self, lead):
        at = self.passes()
        closing.open_deal(
            lead, by=lead.owner or self.cast.rep, at=at, name="Deal", amount=Decimal(100), currency="EUR",
            expected_close=at.date(), next_step="Call", next_step_due=at,
        )  # fmt: skip

    @rule(number=pick, which=pick)
    def a_colleague_joins(self, number, which):
        lead, deal = (
            self.one(self.passes_at(Stage.SQL), number),
            self.one(Deal.objects.open(), which),
        )
        if lead and deal and deal.company == lead.contact.company:
            closing.join(lead, deal, by=self.cast.rep, at=self.passes())

    @rule(number=pick, why=pick, stage=pick, end=st.sampled_from(["move", "win", "lose", "reopen"]))
    def a_deal_goes_on(self, number, why, stage, end):
        deals = Deal.objects.exclude(outcome="open") if end == "reopen" else Deal.objects.open()
        deal = self.one(deals, number)
        if deal is None:
            return
        doer = {"by": self.cast.manager, "at": self.passes()}
        if end == "move":
            closing.move(deal, self.one(DealStage.objects.filter(outcome="open"), stage), **doer)
        elif end == "reopen":
            # Refused where a contact has begun another pass meanwhile.
            with suppress(closing.Refused):
                closing.reopen(deal, reason="a mistake", **doer)
        elif end == "win":
            reason = self.one(OutcomeReason.objects.filter(outcome="won"), why)
            closing.win(deal, reason=reason, signed_on=self.at.date(), **doer)
        else:
            closing.lose(deal, reason=self.one(OutcomeReason.objects.filter(outcome="lost"), why), **doer)

    # -- what holds --------------------------------------------------------------------------------------
    @invariant()
    def every_chain_is_gapless_allowed_and_ends_at_the_stage(self):
        connection.check_constraints()
        allowed = {(move.source, move.target) for move in MOVES}
        for lead in Lead.objects.prefetch_related("changes"):
            steps = sorted(lead.changes.all(), key=lambda step: step.seq)
            assert [step.seq for step in steps] == list(range(1, lead.seq + 1))
            froms = [START, *(step.to_stage for step in steps)]
            assert [step.from_stage for step in steps] == froms[:-1]
            assert froms[-1] == lead.stage
            assert set(pairwise(froms)) <= allowed

    @invariant()
    def dates_are_those_of_the_first_time(self):
        for lead in Lead.objects.all():
            steps = list(StageChange.objects.filter(lead=lead).order_by("seq"))
            # What took a step back has undone the step before it as well.
            back = {step.seq for step in steps if step.reason in because.SLIPS}
            undone = back | {seq - 1 for seq in back}
            for column, stage in DATES.items():
                there = [step for step in steps if step.to_stage == stage]
                told = next((step for step in there if step.seq not in undone), None)
                if stage == Stage.WON:  # a win that was opened again was none
                    told = there[-1] if lead.stage == Stage.WON else None
                assert getattr(lead, column) == (told and told.at)
            assert (lead.ended_at is not None) == (lead.stage in ENDED)

    @invariant()
    def a_contact_has_one_open_pass(self):
        cycles = {}
        passes = Lead.objects.order_by("cycle").values_list("contact", "cycle", "ended_at", "merged_into")
        for contact, cycle, ended_at, merged_into in passes:
            if not Merge.objects.exists():  # a merge puts the passes of one behind the other's
                assert len(cycles.setdefault(contact, [])) == cycle - 1
            if merged_into is None:
                cycles.setdefault(contact, []).append(ended_at)
        assert all(ends.count(None) <= 1 for ends in cycles.values())

    @invariant()
    def hands_and_counters_agree(self):
        assert ownership.recount() == []
        open_leads = list(Handoff.objects.open().values_list("lead", flat=True))
        assert len(open_leads) == len(set(open_leads))
        held = Lead.objects.filter(pk__in=open_leads)
        assert not held.exclude(stage__in=[Stage.READY, Stage.SQL, Stage.DEAL, Stage.WON]).exists()
        assert not self.passes_at(Stage.SQL).exclude(pk__in=open_leads).exists()
        assert not held.exclude(merged_into=None).exists()
        assert not held.filter(route_at__isnull=False).exists()

    @invariant()
    def deals_and_leads_agree(self):
        leads = Lead.objects.filter(merged_into=None).select_related("deal")
        assert not leads.filter(stage=Stage.DEAL).exclude(deal__outcome="open").exists()
        assert not leads.filter(stage=Stage.WON).exclude(deal__outcome="won").exists()

    @invariant()
    def a_merged_record_points_at_a_survivor_that_has_everything(self):
        assert not Contact.objects.filter(merged_into__merged_into__isnull=False).exists()
        assert not Lead.objects.filter(merged_into__merged_into__isnull=False).exists()
        assert not Lead.objects.filter(contact__merged_into__isnull=False).exists()

    @invariant()
    def grade_a_never_waits_in_the_pool(self):
        assert not Lead.objects.filter(grade="A", pooled_at__isnull=False).exists()

    @invariant()
    def every_lead_has_a_score(self):
        assert LeadScore.objects.count() == Lead.objects.count()


@pytest.mark.django_db
def test_a_leads_life():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # the steps are few enough to read, and shrinking them takes minutes
        ),
    )
