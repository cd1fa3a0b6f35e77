"""The statement of a quarter: what counts, the cap, what is settled, and what is taken back or added later."""

import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts import organisation
from accounts.models import Organisation
from leads import closing, signing
from leads.proportions import Effect
from pipeline.models import Campaign, Deal
from reports.commission import doubts, keeping, plans, settling, sums, telling
from reports.commission.forms import spans
from reports.commission.keeping import quarter
from reports.commission.measuring import Scope
from reports.commission.statement import Line
from reports.models import (
    CommissionCorrection,
    CommissionLine,
    CommissionPart,
    CommissionPlan,
    CommissionStatement,
)
from tests.api import Api
from tests.cast import NOON
from tests.reports.commission.worlds import (
    FIRST,
    LATER,
    SECOND,
    agree,
    cancel,
    lot,
    told,
)

pytestmark = pytest.mark.django_db
THIRD = quarter(date(2026, 7, 1))
AMOUNTS = [140, 160, 180, 150], [None, None, 50, None]  # at a cost of 40: 470 and 10, an effect of 460


def settle(cast, period=FIRST, at=NOON):
    return settling.settle(period, cast.finance, at)


# -- the arithmetic --------------------------------------------------------------------------------------
def terms(rate=10, cap=None, unproven=False, baselines=False):
    cap = None if cap is None else Decimal(cap)
    return SimpleNamespace(rate=Decimal(rate), cap=cap, unproven=unproven, baselines=baselines)


@pytest.mark.parametrize(
    ("plan", "kind", "effect", "why"),
    [
        (terms(), "lot", Effect(5, 1, 9), ""),
        (terms(), "lot", Effect(5, -1, 9), "unproven"),
        (terms(), "lot", Effect(-5, -9, -1), "unproven"),
        (terms(), "lot", None, "unknown"),
        (terms(unproven=True), "lot", Effect(-5, -9, -1), ""),
        (terms(unproven=True), "season", Effect(5, 1, 9), "weaker"),
        (terms(baselines=True), "regions", Effect(5, 1, 9), ""),
        (terms(baselines=True), "season", Effect(5, 0, 9), "unproven"),
    ],
)
def test_which_effects_count(plan, kind, effect, why):
    assert sums.against(plan, kind, effect) == why
    assert sums.counted(plan, kind, effect) == (0 if why else Decimal(effect.estimate))


def test_half_a_cent_is_rounded_up():
    assert sums.earned(terms(), Decimal("100.05")) == Decimal("10.01")
    assert sums.earned(terms("12.5"), Decimal("-1")) == 0
    assert sums.earned(terms(cap="7.5"), Decimal(100)) == Decimal("7.50")


MONEY = st.decimals(0, 10**9, places=2)
PERCENTS = st.lists(st.decimals("0.01", 100, places=2), min_size=1, max_size=12)


@given(MONEY, PERCENTS | st.lists(st.none(), min_size=1, max_size=12))
def test_shares_sum_to_the_cent_and_stray_from_the_exact_ones_by_less(amount, percents):
    found = sums.shared(amount, percents)
    weights = [1 if one is None else one for one in percents]
    assert sum(found) == amount
    for part, weight in zip(found, weights, strict=True):
        assert abs(part - amount * weight / sum(weights)) < Decimal("0.01")
        assert part == part.quantize(sums.CENT)


@given(st.decimals(-(10**9), 10**9, places=2), st.decimals("0.01", 100, places=2), st.none() | MONEY)
def test_a_commission_is_never_below_nothing_nor_above_its_cap(margin, rate, cap):
    found = sums.earned(terms(rate, cap), margin)
    assert 0 <= found == found.quantize(sums.CENT)
    assert cap is None or found <= cap
    if margin > 0 and (cap is None or found < cap):
        assert abs(found - margin * rate / 100) <= Decimal("0.005")


@given(st.decimals(-(10**6), 10**6, places=2))
def test_what_is_due_is_paid_or_carried_on(due):
    paid, carry = sums.settled(due)
    assert paid >= 0 >= carry
    assert paid + carry == due


# -- a quarter -------------------------------------------------------------------------------------------
def test_what_campaigns_brought_is_shared_by_the_plan(cast):
    people = {cast.marketer: "33.33", cast.marketing_head: "33.33", cast.rep: "33.34"}
    agree(cast, people, rule="named", with_sales=True)
    lot(*AMOUNTS)
    lot([40, 50], [None, 45], "Unproven")
    lot(*AMOUNTS, name="Later", drawn=date(2026, 4, 2))
    found = told()
    assert [(line.name, line.why, line.counted) for line in found.lines] == [
        ("Letter", "", 460),
        ("Unproven", "unproven", 0),
    ]
    assert (found.margin, found.earned, found.paid, found.carry) == (460, 46, 46, 0)
    assert {part.sharer.name: part.amount for part in found.parts} == {
        "Marketer": Decimal("15.33"), "Marketing Head": Decimal("15.33"), "Rep": Decimal("15.34"),
    }  # fmt: skip


def test_a_sum_below_nothing_pays_nothing_and_a_cap_holds(cast):
    agree(cast, unproven=True, cap=Decimal(30))
    lot([40, 40], [300, 340], "Harm")
    found = told()
    assert (found.margin, found.earned, found.paid) == (-560, 0, 0)
    lot(*AMOUNTS)
    lot(*AMOUNTS)
    found = told()
    assert (found.margin, found.earned, found.paid) == (360, 30, 30)


def test_nothing_measured_pays_nothing(cast):
    assert told() is None  # nor is there a plan
    agree(cast)
    found = told()
    assert (found.lines, found.paid, [part.amount for part in found.parts]) == ([], 0, [0])
    settle(cast)
    assert told().lines == []


def test_a_settled_quarter_stays_and_its_cancellations_are_taken_back_in_the_next(cast):
    agree(cast, {cast.marketer: None, cast.marketing_head: None})
    campaign, deals = lot(*AMOUNTS)
    lot(*AMOUNTS, name="Next", drawn=date(2026, 4, 2))
    before = told()
    made = settle(cast)
    after = told()
    assert after.settled_by == "Finance"
    for name in ("lines", "margin", "earned", "paid", "parts", "corrections"):
        assert getattr(after, name) == getattr(before, name)
    assert made.paid == 46
    cancel(
        deals[False][0], cast, 100, on=date(2026, 6, 1)
    )  # 40 of 140 stay: the cost of 40 goes down with it
    margin_left = told(SECOND, LATER.date())
    (correction,) = margin_left.corrections
    (change,) = correction.changes
    assert told().lines == before.lines
    assert (correction.of, change.name, change.was) == (FIRST.first, "Letter", 460)
    assert correction.amount == sums.earned(terms(), change.now) - 46 < 0
    assert margin_left.paid == 46 + correction.amount
    settle(cast, SECOND, LATER)
    again = told(SECOND, LATER.date())
    assert (again.corrections, again.paid) == (margin_left.corrections, margin_left.paid)
    third = told(THIRD, date(2026, 9, 1))
    assert third.corrections == []  # told once
    cancellation = Deal._base_manager.get(cancels=deals[False][0])
    closing.take_back(cancellation, by=cast.manager, at=LATER)
    (back,) = told(THIRD, date(2026, 9, 1)).corrections
    assert (back.of, back.amount, back.changes[0].now) == (FIRST.first, -correction.amount, 460)
    Campaign.objects.filter(pk=campaign.pk).update(name="Renamed")
    assert told().lines[0].name == "Renamed"


def test_what_cannot_be_taken_back_is_carried_on_until_it_is_paid(cast):
    agree(cast)
    _campaign, deals = lot(*AMOUNTS)
    settle(cast)
    for deal in deals[False]:
        cancel(deal, cast, deal.amount, on=date(2026, 6, 2))
    found = told(SECOND, LATER.date())
    assert (found.corrected, found.paid, found.carry) == (-46, 0, -46)
    settle(cast, SECOND, LATER)
    lot([540, 560, 520], [None, None, 20], "Third", drawn=date(2026, 7, 1), cost=0)
    third = told(THIRD, date(2026, 10, 9))
    assert (third.carried, third.corrections) == (-46, [])
    assert third.paid == third.earned - 46 > 0
    assert (
        told(quarter(date(2026, 10, 1)), date(2026, 10, 9)).carried == 0
    )  # only in the quarter that is settled next


def test_a_cap_keeps_what_lies_beneath_it(cast):
    agree(cast, cap=Decimal(30))
    _campaign, deals = lot(*AMOUNTS)
    settle(cast)
    cancel(deals[False][0], cast, 10)
    (correction,) = told(SECOND, LATER.date()).corrections
    assert (correction.amount, correction.changes[0].now < 460) == (0, True)
    cancel(deals[False][0], cast, 130)
    cancel(deals[False][1], cast, 160)
    assert told(SECOND, LATER.date()).corrections[0].amount < 0


def test_a_campaign_that_is_gone_keeps_what_was_paid_for_it(cast):
    agree(cast)
    campaign, _deals = lot(*AMOUNTS)
    settle(cast)
    campaign.delete()
    assert told(SECOND, LATER.date()).corrections == []
    assert told().lines[0].name == ""


def test_a_campaign_is_settled_once_whatever_its_days_become(cast):
    agree(cast)
    campaign, _deals = lot(*AMOUNTS)
    settle(cast)
    campaign.audience.days = 150
    campaign.audience.save()
    found = told(SECOND, LATER.date())
    assert (found.lines, found.corrections) == ([], [])


# -- settling --------------------------------------------------------------------------------------------
def refused(cast, period=FIRST, at=NOON):
    with pytest.raises(settling.Refused) as refusal:
        settle(cast, period, at)
    return str(refusal.value)


def test_quarters_are_settled_in_a_row_once_and_when_they_are_over(cast):
    assert "No plan" in refused(cast)
    agree(cast)
    assert "not over" in refused(cast, SECOND)
    assert "begins with Jan 2026" in refused(cast, SECOND, LATER)
    settle(cast)
    assert "settled already" in refused(cast)
    settle(cast, SECOND, LATER)
    assert list(CommissionStatement.objects.values_list("first", flat=True)) == [FIRST.first, SECOND.first]


def test_a_newer_plan_counts_for_the_quarters_that_it_covers(cast):
    agree(cast)
    agree(cast, first=SECOND.first, until=SECOND.until, rate=Decimal(50))
    assert [told(one, LATER.date()).plan.rate for one in (FIRST, SECOND, THIRD)] == [10, 50, 10]


def test_the_database_keeps_what_is_settled(cast):
    agree(cast)
    lot(*AMOUNTS)
    made = settle(cast)
    for model in (CommissionStatement, CommissionLine, CommissionPart, CommissionCorrection):
        assert model.journal
    wrong = {**CommissionStatement.objects.values().get(), "paid": 47, "first": SECOND.first}
    for fields in (wrong, {**wrong, "paid": 46, "first": FIRST.first}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CommissionStatement.objects.create(**{**fields, "id": None})
    line = CommissionLine.objects.values().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        CommissionLine.objects.create(**{**line, "id": None})
    assert made.lines.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_settle_at_once_settle_it_once(cast):
    agree(cast, {cast.marketer: None, cast.marketing_head: None})
    lot(*AMOUNTS)
    outcomes, start = [], threading.Barrier(2)

    def work():
        try:
            start.wait()
            settle(cast)
            outcomes.append("settled")
        except settling.Refused as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome == "settled" for outcome in outcomes) == [False, True]
    assert CommissionStatement.objects.count() == 1
    assert sorted(CommissionPart.objects.values_list("amount", flat=True)) == [23, 23]


def test_deals_that_come_late_are_added_in_the_next(cast):
    agree(cast)
    campaign, deals = lot(*AMOUNTS)
    settle(cast)
    late = Deal.objects.get(pk=deals[False][0].pk)
    Deal.objects.filter(pk=late.pk).update(cost=0)  # 40 more of margin
    (correction,) = told(SECOND, LATER.date()).corrections
    assert (correction.amount, correction.changes[0].now) == (4, 500)
    assert correction.changes[0].campaign == campaign.pk


# -- what comes after the quarter that it belongs to -------------------------------------------------------
def test_what_is_measured_only_after_its_quarter_was_settled_counts_in_the_next(cast):
    agree(cast)
    lot(*AMOUNTS)
    settle(cast)
    late, _deals = lot(*AMOUNTS, name="Late")
    lot(
        *AMOUNTS, name="Too early", drawn=date(2025, 9, 1), on=date(2025, 9, 20)
    )  # of a quarter that nobody settled
    assert [line.name for line in told().lines] == ["Letter"]
    found = told(SECOND, LATER.date())
    assert [(line.name, line.counted) for line in found.lines] == [("Late", 460)]
    assert "only after the quarter" in telling.lines(found).rows[0]["note"]
    assert told(THIRD, LATER.date()).lines == []  # which is not the next
    settle(cast, SECOND, LATER)
    assert CommissionLine.objects.get(campaign=late.pk).statement.first == SECOND.first
    assert told(THIRD, date(2026, 9, 1)).lines == []


def test_a_plan_of_settled_quarters_is_not_offered_and_not_signed(cast):
    agree(cast)
    waiting = CommissionPlan(first=FIRST.first, until=FIRST.until, rate=Decimal(5))
    plans.save(waiting, {cast.marketer.pk: None}, cast.finance)
    settle(cast)
    with pytest.raises(signing.NotToSign, match="settled"):
        plans.sign(waiting.pk, by=cast.marketing_head, at=LATER)
    offered = [key for key, _label in spans(LATER.date(), 1, plans.settled_until())]
    assert "2026-01+3" not in offered
    assert {"2026-01+12", "2026-04+3"} <= set(offered)


def test_months_that_a_settled_quarter_claimed_are_told(cast):
    scope = Scope(1, "season", 1, date(2026, 1, 1), date(2026, 4, 1))
    effect = Effect(5, 1, 9)
    ours = Line(
        replace(scope, campaign=2, first=date(2026, 3, 1)), "Ours", effect, Decimal(), 0, "", Decimal(5)
    )
    theirs = Line(scope, "Theirs", effect, Decimal(), 0, "", Decimal(5))
    found = SimpleNamespace(lines=[ours])
    assert [sentence.split(" were")[0] for sentence in doubts.overlaps(found, [theirs, ours])] == [
        "Ours and Theirs"
    ]
    assert doubts.overlaps(found, [replace(theirs, scope=replace(scope, last=date(2026, 3, 1)))]) == []


def test_quarters_are_those_of_the_plans_whatever_the_fiscal_year(cast, client):
    """What was settled can be read for good, and the plan's quarters are settled to its end; the next plan begins after them."""
    agree(cast, until=date(2026, 7, 1))
    lot(*AMOUNTS)
    settle(cast)
    Organisation.objects.update(fiscal_year_start=2)
    organisation.forget()
    client.force_login(cast.finance)
    codes = {
        key: client.get(f"/dashboard/commission/{key}/").status_code
        for key in ("2026-01", "2026-04", "2026-02", "2026-05")
    }
    assert codes == {"2026-01": 200, "2026-04": 200, "2026-02": 404, "2026-05": 404}
    assert Api(cast.finance).get("/reports/commission/2026-01/")[0] == 200
    agree(cast, first=date(2026, 5, 1), until=date(2027, 2, 1))
    assert keeping.kept().next == SECOND.first
    settle(cast, SECOND, LATER)
    assert keeping.kept().next == date(2026, 8, 1)  # May to July overlaps what is settled
