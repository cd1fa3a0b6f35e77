"""Deals: opened after the talk, moved, won and lost with reasons, opened again; leads, hands, money and journal with them."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from accounts.models import RepKind, RepProfile
from leads import agreement, assignment, capture, closing, funnel, handoffs, ownership, pool, scoring
from leads.models import Handoff, Lead, LeadScore, ScoreModel
from pipeline.models import (
    Deal,
    DealChange,
    DealLine,
    DealStage,
    ExchangeRate,
    OutcomeReason,
    Product,
    ProductCost,
    Step,
)
from pipeline.stages import Stage
from tests import cast as make
from tests.cast import NOON
from tests.leads.test_capture import together

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(days=7)
TERMS = {
    "name": "Pumps", "amount": Decimal("1200"), "currency": "EUR", "expected_close": date(2026, 9, 30),
    "next_step": "Send the offer", "next_step_due": SOON,
}  # fmt: skip


@pytest.fixture
def sql(cast):
    """A lead of a company that the rep found and has accepted."""
    return accepted(cast.rep, make.contact(company=make.company("Acme")))


def accepted(rep, contact):
    lead = make.lead(contact=contact)
    handoffs.own_find(lead.pk, by=rep, at=NOON)
    lead.refresh_from_db()
    return lead


@pytest.fixture
def deal(sql, cast):
    return closing.open_deal(sql, by=cast.rep, at=NOON, **TERMS)


def reason(code):
    return OutcomeReason.objects.get(code=code)


def win(deal, by, **fields):
    return closing.win(
        deal, by=by, at=SOON, **{"reason": reason("speed"), "signed_on": SOON.date(), **fields}
    )


def lose(deal, by, code="competitor", **fields):
    return closing.lose(deal, reason=reason(code), by=by, at=SOON, **fields)


def journal(deal):
    return list(deal.changes.values_list("field", "before", "after"))


def in_hand(user):
    return RepProfile.objects.get(user=user).open_n


def stage(lead):
    lead.refresh_from_db()
    return lead.stage


# -- opening -----------------------------------------------------------------------------------------------
class TestOpening:
    def test_a_deal_takes_over_what_the_lead_knows(self, sql, deal, cast):
        assert (deal.company.name, deal.owner, deal.base_amount, deal.stage.code) == (
            "Acme",
            cast.rep,
            1200,
            "qualify",
        )
        assert (stage(sql), sql.deal, sql.deal_at) == ("deal", deal, NOON)
        assert list(deal.contacts.all()) == [sql.contact]
        step = Step.objects.get()
        assert (step.deal, step.what, step.owner, step.due_at) == (deal, "Send the offer", cast.rep, SOON)
        assert journal(deal) == [
            ("stage", "", "qualify"), ("amount", "", "1200.0000"), ("currency", "", "EUR"),
            ("expected_close", "", "2026-09-30"), ("owner", "", str(cast.rep.pk)), ("outcome", "", "open"),
        ]  # fmt: skip

    @pytest.mark.parametrize("missing", ["amount", "expected_close", "next_step", "next_step_due"])
    def test_needs_an_amount_a_month_and_a_next_step(self, sql, cast, missing):
        with pytest.raises(closing.Refused, match="needs"):
            closing.open_deal(sql, by=cast.rep, at=NOON, **{**TERMS, missing: None})
        assert not Deal.objects.exists()

    @pytest.mark.parametrize("amount", [Decimal("NaN"), Decimal("-1")])
    def test_refuses_what_is_no_amount(self, sql, cast, amount):
        with pytest.raises(closing.Refused):
            closing.open_deal(sql, by=cast.rep, at=NOON, **{**TERMS, "amount": amount})

    def test_needs_an_accepted_lead(self, cast):
        with pytest.raises(closing.Refused, match="accepted"):
            closing.open_deal(make.lead(), by=cast.rep, at=NOON, **TERMS)

    def test_a_renewal_needs_no_lead_but_a_company(self, cast):
        with pytest.raises(closing.Refused):
            closing.open_deal(None, by=cast.rep, at=NOON, **TERMS)
        deal = closing.open_deal(None, by=cast.rep, at=NOON, kind="renewal", company=make.company(), **TERMS)
        assert (deal.kind, deal.owner) == ("renewal", cast.rep)

    def test_a_currency_without_a_rate_is_refused(self, sql, cast):
        with pytest.raises(closing.Refused, match="CNY"):
            closing.open_deal(sql, by=cast.rep, at=NOON, **{**TERMS, "currency": "CNY"})

    def test_a_colleague_of_the_contact_joins_the_deal(self, sql, deal, cast):
        colleague = accepted(cast.rep, make.contact(company=sql.contact.company))
        closing.join(colleague, deal, by=cast.rep, at=NOON)
        assert (stage(colleague), colleague.deal) == ("deal", deal)
        assert deal.contacts.count() == 2
        stranger = accepted(cast.rep, make.contact(company=make.company()))
        with pytest.raises(closing.Refused):
            closing.join(stranger, deal, by=cast.rep, at=NOON)


# -- going on ----------------------------------------------------------------------------------------------
class TestProgress:
    def test_moves_are_written_down(self, deal, cast):
        closing.move(deal, DealStage.objects.get(code="proposal"), by=cast.rep, at=SOON)
        change = DealChange.objects.latest("pk")
        assert (change.field, change.before, change.after) == ("stage", "qualify", "proposal")
        assert (change.actor, change.at) == (cast.rep, SOON)

    @pytest.mark.parametrize("code", ["won", "lost"])
    def test_no_deal_is_closed_by_moving_it(self, deal, cast, code):
        with pytest.raises(closing.Refused):
            closing.move(deal, DealStage.objects.get(code=code), by=cast.rep, at=SOON)

    def test_facts_change_with_the_money_in_the_report_currency(self, deal, cast):
        ExchangeRate.objects.create(currency="USD", on=date(2026, 1, 1), rate=Decimal("0.5"))
        closing.change(deal, {"amount": Decimal("99.5"), "currency": "USD"}, by=cast.rep, at=SOON)
        assert deal.base_amount == Decimal("49.75")
        assert journal(deal)[-2:] == [("amount", "1200.0000", "99.5000"), ("currency", "EUR", "USD")]
        with pytest.raises(closing.Refused):
            closing.change(deal, {"amount": None}, by=cast.rep, at=SOON)
        with pytest.raises(TypeError):
            closing.change(deal, {"outcome": "won"}, by=cast.rep, at=SOON)

    def test_somebody_elses_change_in_between_is_noticed(self, deal, cast):
        seen = deal.updated_at
        closing.change(deal, {"amount": Decimal(5)}, by=cast.rep, at=SOON, expected=seen)
        with pytest.raises(closing.Refused, match="Somebody"):
            closing.change(deal, {"amount": Decimal(6)}, by=cast.rep, at=SOON, expected=seen)

    def test_a_closed_deal_stands_still(self, deal, cast):
        win(deal, cast.rep)
        for verb in (
            lambda: closing.move(deal, DealStage.objects.get(code="proposal"), by=cast.rep, at=SOON),
            lambda: closing.change(deal, {"amount": Decimal(5)}, by=cast.rep, at=SOON),
            lambda: win(deal, cast.rep),
            lambda: lose(deal, cast.rep),
        ):
            with pytest.raises(closing.Refused, match="closed"):
                verb()


# -- won ---------------------------------------------------------------------------------------------------
class TestWinning:
    def test_the_leads_are_won_and_out_of_hand(self, sql, deal, cast):
        colleague = accepted(cast.rep, make.contact(company=sql.contact.company))
        closing.join(colleague, deal, by=cast.rep, at=NOON)
        assert in_hand(cast.rep) == 2
        assert win(deal, cast.rep) is deal
        assert (deal.outcome, deal.stage.code, deal.signed_on, deal.closed_at) == (
            "won",
            "won",
            SOON.date(),
            SOON,
        )
        assert deal.outcome_reason.code == "speed"
        for lead in (sql, colleague):
            assert (stage(lead), lead.won_at, lead.ended_at, lead.owner) == ("won", SOON, SOON, cast.rep)
        assert in_hand(cast.rep) == 0
        assert set(Handoff.objects.values_list("end", flat=True)) == {"finished"}
        assert ownership.recount() == []
        assert journal(deal)[-2:] == [("stage", "qualify", "won"), ("outcome", "open", "won")]

    def test_needs_a_reason_for_winning_and_a_day_of_signature(self, deal, cast):
        for fields in ({"reason": None}, {"reason": reason("competitor")}, {"signed_on": None},
                       {"signed_on": SOON.date() + timedelta(days=2)}):  # fmt: skip
            with pytest.raises(closing.Refused):
                win(deal, cast.rep, **fields)
        opened = deal.opened_at.date()
        with pytest.raises(closing.Refused, match="more than a year before"):
            win(deal, cast.rep, signed_on=opened - timedelta(days=367))
        assert win(deal, cast.rep, signed_on=opened - timedelta(days=300)).signed_on < opened

    def test_the_amount_is_told_at_the_rate_of_the_signature(self, deal, cast):
        for on, rate in ((date(2026, 1, 1), "0.5"), (SOON.date(), "0.25"), (SOON.date() + timedelta(1), "9")):
            ExchangeRate.objects.create(currency="USD", on=on, rate=Decimal(rate))
        closing.change(deal, {"currency": "USD"}, by=cast.rep, at=NOON)
        assert deal.base_amount == 600
        win(deal, cast.rep)
        assert deal.base_amount == 300

    def test_the_costs_of_the_day_are_copied(self, deal, cast):
        ExchangeRate.objects.create(currency="USD", on=date(2026, 1, 1), rate=Decimal("0.5"))
        pump = Product.objects.create(code="p", name="Pump", currency="USD")
        hose = Product.objects.create(code="h", name="Hose")
        for product, since, cost in ((pump, date(2026, 1, 1), 100), (pump, SOON.date(), 200),
                                     (pump, SOON.date() + timedelta(1), 999), (hose, date(2025, 1, 1), 7)):  # fmt: skip
            ProductCost.objects.create(product=product, since=since, unit_cost=cost)
        DealLine.objects.create(deal=deal, product=pump, quantity=3, unit_price=400)
        DealLine.objects.create(deal=deal, product=hose, quantity=Decimal("1.5"), unit_price=20)
        win(deal, cast.rep)
        assert list(deal.lines.values_list("unit_cost", flat=True)) == [100, 7]
        assert deal.cost == Decimal("310.5")
        ProductCost.objects.update(unit_cost=1)
        assert Deal.objects.get().cost == Decimal("310.5")

    def test_a_cost_that_is_not_known_is_no_zero(self, deal, cast):
        DealLine.objects.create(deal=deal, product=Product.objects.create(code="p", name="P"), unit_price=1)
        win(deal, cast.rep)
        assert deal.cost is None

    def test_a_deal_without_lines_keeps_its_cost(self, deal, cast):
        Deal.objects.update(cost=44)
        win(deal, cast.rep)
        assert deal.cost == 44

    def test_a_customer_may_come_again(self, sql, deal, cast):
        win(deal, cast.rep)
        again = capture.capture(capture.Captured(email=sql.contact.identities.get().value), by=None, at=SOON)
        assert (again.contact, again.cycle, stage(sql)) == (sql.contact, 2, "won")


# -- lost --------------------------------------------------------------------------------------------------
class TestLosing:
    def test_lost_for_good_rests_before_the_pool(self, sql, deal, cast):
        lose(deal, cast.rep, note="too late")
        assert (deal.outcome, deal.outcome_note, deal.closed_at) == ("lost", "too late", SOON)
        assert (stage(sql), sql.owner, sql.wake_at) == ("nurture", None, None)
        assert sql.pooled_at > SOON
        assert in_hand(cast.rep) == 0
        assert not deal.steps.filter(done_at=None).exists()

    def test_what_the_scorecard_proposes_as_grade_a_rests_outside_the_pool(self, sql, deal, cast):
        """An own find never passes the desk, so nobody sets its grade. What is A only later leaves the pool with that."""
        card = ScoreModel.objects.get()
        LeadScore.objects.get_or_create(lead=sql, model=card)
        as_it_was, best = card.grades, {letter: dict.fromkeys("1234", "A") for letter in "ABCD"}
        ScoreModel.objects.update(grades=best)
        lose(deal, cast.rep)
        sql.refresh_from_db()
        assert (stage(sql), sql.grade, sql.owner, sql.pooled_at) == ("nurture", "", None, None)
        wakes = sql.wake_at
        assert wakes > SOON
        ScoreModel.objects.update(grades=as_it_was)
        assert pool.rest([sql.pk], SOON) == 1
        scoring.mark_touched([sql.contact_id])
        scoring.score_due(at=SOON)
        sql.refresh_from_db()
        assert (sql.pooled_at, sql.wake_at) == (wakes, None)
        ScoreModel.objects.update(grades=best)
        scoring.mark_touched([sql.contact_id])
        scoring.score_due(at=SOON)
        sql.refresh_from_db()
        assert (sql.grade, sql.pooled_at, sql.wake_at) == ("", None, wakes)
        agreement.wake_due(10, wakes)
        assert stage(sql) == "mql"

    def test_lost_for_later_wakes_up_and_stays_the_reps(self, sql, deal, cast):
        lose(deal, cast.rep, "no_budget")
        assert (stage(sql), sql.owner, sql.pooled_at) == ("nurture", cast.rep, None)
        assert sql.wake_at == SOON + timedelta(days=90)

    def test_a_day_to_ask_again_may_be_given(self, sql, deal, cast):
        lose(deal, cast.rep, wake_at=SOON + timedelta(days=5))
        assert (stage(sql), sql.wake_at) == ("nurture", SOON + timedelta(days=5))


# -- open again --------------------------------------------------------------------------------------------
class TestReopening:
    @pytest.mark.parametrize("end", [win, lose])
    def test_deal_lead_and_hands_are_as_before(self, sql, deal, cast, end):
        closing.move(deal, DealStage.objects.get(code="proposal"), by=cast.rep, at=NOON)
        end(deal, cast.rep)
        closing.reopen(deal, reason="a mistake", by=cast.manager, at=SOON)
        assert Lead.objects.get(pk=sql.pk).won_at is None
        assert (deal.outcome, deal.stage.code, deal.signed_on, deal.closed_at) == (
            "open",
            "proposal",
            None,
            None,
        )
        assert (stage(sql), sql.owner, sql.ended_at, sql.deal_at) == ("deal", cast.rep, None, NOON)
        assert in_hand(cast.rep) == 1
        assert ownership.recount() == []
        win(deal, cast.rep)
        assert stage(sql) == "won"
        connection.check_constraints()

    def test_nobody_owes_a_first_contact_anew(self, sql, deal, cast):
        capture.log_touch(sql.contact, "call", by=cast.rep, at=NOON, outbound=True, reached=True)
        talked = Handoff.objects.values_list("contacted_at", "attempts").get()
        win(deal, cast.rep)
        closing.reopen(deal, reason="a mistake", by=cast.manager, at=SOON)
        again = Handoff.objects.open().get()
        assert (again.contacted_at, again.attempts) == talked == (NOON, 1)
        assert again.contact_due_at is None

    def test_nor_does_who_was_talked_to_before_a_farmer_took_over(self, sql, deal, cast):
        capture.log_touch(sql.contact, "call", by=cast.rep, at=NOON, outbound=True, reached=True)
        RepProfile.objects.filter(user=cast.other_rep).update(kind=RepKind.FARMER)
        win(deal, cast.rep)
        month = SOON + timedelta(days=31)
        handoffs.expire_due(at=month)
        assignment.assign_due(at=month)
        offer = Handoff.objects.open().get()
        assert (offer.kind, offer.rep) == ("farmer", cast.other_rep)
        handoffs.accept(offer.pk, by=cast.other_rep, at=month)
        closing.reopen(deal, reason="a mistake", by=cast.manager, at=month)
        again = Handoff.objects.open().get()
        assert (again.rep, again.contacted_at, again.attempts) == (cast.rep, NOON, 1)
        assert again.contact_due_at is None

    def test_what_the_win_copied_of_costs_goes_with_it(self, deal, cast):
        Deal.objects.update(cost=44)
        pump = Product.objects.create(code="p", name="Pump")
        ProductCost.objects.create(product=pump, since=SOON.date(), unit_cost=100)
        DealLine.objects.create(deal=deal, product=pump, quantity=3, unit_price=400)
        win(deal, cast.rep)
        assert (deal.cost, deal.lines.get().unit_cost) == (300, 100)
        closing.reopen(deal, reason="a mistake", by=cast.manager, at=SOON)
        assert (deal.cost, deal.lines.get().unit_cost) == (44, None)
        deal.lines.all().delete()
        win(deal, cast.rep)
        assert deal.cost == 44

    def test_what_was_told_of_costs_without_lines_stays(self, deal, cast):
        win(deal, cast.rep)
        Deal.objects.update(cost=700)  # such as an import tells
        closing.reopen(deal, reason="a mistake", by=cast.manager, at=SOON)
        assert deal.cost == 700

    def test_needs_a_reason_and_a_closed_deal(self, deal, cast):
        for why in (" ", "because"):
            with pytest.raises(closing.Refused):
                closing.reopen(deal, reason=why, by=cast.manager, at=SOON)

    def test_takes_the_customer_back_from_a_farmer(self, sql, deal, cast):
        RepProfile.objects.filter(user=cast.other_rep).update(kind=RepKind.FARMER)
        win(deal, cast.rep)
        lead = Lead.objects.get(pk=sql.pk)
        assert lead.wake_at == SOON + timedelta(days=30)
        closing.reopen(deal, reason="a mistake", by=cast.manager, at=SOON)
        assert (stage(sql), sql.wake_at) == ("deal", None)

    def test_a_lead_that_somebody_else_works_on_stays_there(self, sql, deal, cast):
        lose(deal, cast.rep)
        funnel.advance([sql.pk], Stage.MQL, actor=cast.marketer, reason="asks again", at=SOON)
        closing.reopen(deal, reason="a mistake", by=cast.manager, at=SOON)
        assert (deal.outcome, stage(sql)) == ("open", "mql")

    def test_a_customer_with_a_new_pass_is_not_won_back(self, sql, deal, cast):
        win(deal, cast.rep)
        make.lead(contact=sql.contact, cycle=2)
        with pytest.raises(closing.Refused, match="another open pass"):
            closing.reopen(deal, reason="a mistake", by=cast.manager, at=SOON)
        assert Deal.objects.get().outcome == "won"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_a_deal_at_once_the_second_is_told(cast):
    """Without a lead they wait for each other at the deal itself, and one sees another stage than it asked for."""
    deal = closing.open_deal(None, by=cast.rep, at=NOON, kind="renewal", company=make.company(), **TERMS)
    held = threading.Event()

    def work(number):
        if number == 2:
            with transaction.atomic():
                Deal.objects.select_for_update(no_key=True).get(pk=deal.pk)
                held.set()
                threading.Event().wait(0.3)  # until both wait for it
        else:
            held.wait()
            (win, lose)[number](Deal.objects.get(pk=deal.pk), cast.rep)

    assert [type(error) for error in together(work, 3)] == [closing.Refused]
    assert Deal.objects.get().outcome in ("won", "lost")
