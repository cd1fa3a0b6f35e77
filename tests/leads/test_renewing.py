"""Renewals open themselves before a contract ends: once for each, with its lines, in the hands of the account's owner."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import organisation
from accounts.models import Organisation, RepKind
from leads import assignment, closing, handoffs
from leads.closing import renewing
from leads.models import Agreement, Handoff
from pipeline.models import Deal, DealChange, DealContact, DealLine, DealStage, OutcomeReason, Product, Step
from reports import rollups
from reports.models import CountedDeal
from tests.api import Api
from tests.cast import NOON, company, contact, deal
from tests.leads.ready import accepted, ready, rep

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = NOON.date()


def won(until=TODAY + 60 * DAY, **fields):
    """A won deal with two lines and a contact, whose contract ends."""
    stage = DealStage.objects.get(outcome="won")
    made = deal(
        outcome="won", stage=stage, signed_on=TODAY - 300 * DAY, closed_at=NOON - 300 * DAY, contract_until=until,
        **{"currency": "EUR", "amount": Decimal(900), "company": company(), **fields},
    )  # fmt: skip
    for number, price in ((1, 100), (2, 400)):
        product = Product.objects.get_or_create(code=f"p{number}", defaults={"name": f"P{number}"})[0]
        DealLine.objects.create(
            deal=made, product=product, quantity=number, unit_price=price, discount=5, unit_cost=7
        )
    DealContact.objects.create(deal=made, contact=contact(), role="pays")
    return made


def lines(one):
    return sorted(one.lines.values_list("product", "quantity", "unit_price", "discount"))


def test_a_renewal_opens_itself_once_with_the_lines_and_people_of_the_contract(cast):
    owner = rep("farmer", kind=RepKind.FARMER)
    old = won(owner=cast.rep, company=company(sales_owner=owner))
    assert closing.renew_due(at=NOON) == 1
    assert closing.renew_due(at=NOON) == 0
    made = Deal.objects.get(renews=old)
    assert (made.kind, made.outcome, made.owner, made.company) == ("renewal", "open", owner, old.company)
    assert (made.amount, made.base_amount, made.expected_close) == (900, 900, old.contract_until)
    assert (made.name, made.contract_until, made.signed_on) == (f"Renewal: {old.name}", None, None)
    assert lines(made) == lines(old)
    assert set(made.lines.values_list("unit_cost", flat=True)) == {None}
    assert list(made.deal_contacts.values_list("contact", "role")) == list(
        old.deal_contacts.values_list("contact", "role")
    )
    assert Step.objects.get(deal=made).owner == owner
    assert set(DealChange.objects.filter(deal=made).values_list("field", flat=True)) >= {"stage", "amount"}
    old.refresh_from_db()
    assert (old.renewed, old.renewal) == (True, made)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deal.objects.filter(pk=deal().pk).update(renews=old)


@pytest.mark.parametrize(
    ("days", "until", "opens"),
    [
        (90, 90, True),
        (90, 91, False),
        (30, 31, False),
        (30, 30, True),
        (90, 0, True),
        (90, -1, False),
        (0, 5, False),
    ],
)
def test_it_opens_as_many_days_before_as_the_organisation_says(days, until, opens):
    Organisation.objects.update(renewal_days=days)
    organisation.forget()
    won(TODAY + until * DAY)
    assert closing.renew_due(at=NOON) == opens
    assert Deal.objects.filter(kind="renewal").count() == opens


def test_only_won_deals_with_a_contract_are_renewed(cast):
    deal(contract_until=TODAY + DAY, company=company())
    won(until=None)
    reason = OutcomeReason.objects.filter(outcome="lost").first()
    lost = deal(contract_until=TODAY + DAY, company=company(), owner=cast.rep)
    closing.lose(lost, reason=reason, by=cast.rep, at=NOON)
    assert closing.renew_due(at=NOON) == 0


def test_a_renewal_that_somebody_opened_before_is_taken_for_it(cast):
    old = won(owner=cast.rep)
    by_hand = deal(company=old.company, kind="renewal", owner=cast.teammate)
    earlier = deal(at=NOON - 400 * DAY, company=company(), kind="renewal")
    assert closing.renew_due(at=NOON) == 1
    assert list(Deal.objects.filter(renews=old)) == [by_hand]
    assert Deal.objects.get(pk=earlier.pk).renews is None
    assert Deal.objects.filter(kind="renewal").count() == 2


def test_of_two_contracts_of_a_company_each_has_its_renewal(cast):
    firm = company(sales_owner=cast.rep)
    pair = {won(company=firm).pk, won(company=firm).pk}
    assert closing.renew_due(limit=1, at=NOON) == 1
    assert closing.renew_due(limit=1, at=NOON) == 1
    assert set(Deal.objects.filter(kind="renewal").values_list("renews", flat=True)) == pair


def test_without_an_owner_the_head_of_sales_has_it(cast):
    cast.rep.is_active = False
    cast.rep.save()
    old = won(owner=cast.rep)
    closing.renew_due(at=NOON)
    assert Deal.objects.get(renews=old).owner == cast.sales_head


def test_without_a_rate_of_the_day_it_opens_all_the_same():
    old = won(currency="JPY")
    assert closing.renew_due(at=NOON) == 1
    assert Deal.objects.get(renews=old).base_amount is None


def test_a_contract_that_is_opened_again_takes_its_untouched_renewal_back(client, cast):
    old = won(owner=cast.rep)
    closing.renew_due(at=NOON)
    made = Deal.objects.get(renews=old)
    client.force_login(cast.manager)
    page = f"/deals/{old.pk}/reopen/"
    assert "is taken back with this" in client.get(page).content.decode()
    client.post(page, {"reason": "signed by mistake"})
    made.refresh_from_db()
    old.refresh_from_db()
    assert (old.outcome, old.renewed, made.outcome) == ("open", False, "lost")
    assert not made.steps.filter(done_at=None).exists()
    change = made.changes.get(field="outcome", after="lost")
    assert (change.actor, change.reason) == (cast.manager, renewing.TAKEN_BACK_NAME)
    shown = client.get(f"/deals/{old.pk}/").content.decode()
    assert f"Its renewal “{made.name}” is taken back" in shown
    assert renewing.TAKEN_BACK_NAME in shown
    rollups.roll_all()
    assert set(CountedDeal.objects.values_list("deal_id", flat=True)) == {old.pk}
    reason = OutcomeReason.objects.filter(outcome="won").first()
    closing.win(old, reason=reason, signed_on=TODAY, by=cast.rep, at=NOON)
    assert closing.renew_due(at=NOON) == 1
    assert Deal.objects.get(renews=old).outcome == "open"


def test_of_a_renewal_at_work_whoever_opens_the_contract_again_is_asked(client, cast):
    old = won(owner=cast.rep)
    closing.renew_due(at=NOON)
    made = Deal.objects.get(renews=old)
    closing.change(made, {"name": "Bigger"}, by=cast.rep, at=NOON)
    Step.objects.create(deal=made, what="Call", owner=cast.rep, due_at=NOON)
    api, path = Api(cast.manager), f"/deals/{old.pk}/reopen/"
    status, told = api.post(path, {"reason": "mistake"})
    assert (status, set(told["errors"])) == (400, {"renewal"})
    client.force_login(cast.manager)
    page = f"/deals/{old.pk}/reopen/"
    assert "Bigger" in client.get(page).content.decode()
    assert client.post(page, {"reason": "mistake"}).status_code == 422
    assert Deal.objects.get(pk=old.pk).outcome == "won"
    told = api.post(path, {"reason": "mistake", "renewal": "keep"})[1]
    assert (told["outcome"], told["renewal_taken_back"]) == ("open", None)
    assert Deal.objects.get(renews=old).outcome == "open"
    old.refresh_from_db()
    closing.win(
        old, reason=OutcomeReason.objects.filter(outcome="won").first(), signed_on=TODAY, by=cast.rep, at=NOON
    )
    assert closing.renew_due(at=NOON) == 0
    assert api.post(path, {"reason": "mistake", "renewal": "take_back"})[1]["renewal_taken_back"] == made.pk
    assert Deal.objects.get(pk=made.pk).outcome == "lost"


def test_after_a_hunters_win_the_farmer_has_the_renewal(cast):
    Agreement.objects.update(around_the_clock=True, farmer_days=10)
    farmer = rep("farmer", kind=RepKind.FARMER)
    handoff = accepted(ready(by=cast.marketer, contact=contact(company=company())))
    made = closing.open_deal(
        handoff.lead, by=handoff.rep, at=NOON, name="Press", amount=Decimal(100), currency="EUR", expected_close=TODAY,
        next_step="Call", next_step_due=NOON, contract_until=TODAY + 30 * DAY,
    )  # fmt: skip
    closing.win(
        made,
        reason=OutcomeReason.objects.filter(outcome="won").first(),
        signed_on=TODAY,
        by=handoff.rep,
        at=NOON,
    )
    later = NOON + 10 * DAY
    assert handoffs.expire_due(at=later) == 1
    assignment.assign_due(at=later)
    assert Handoff.objects.open().get().rep == farmer
    closing.reopen(made, reason="Not signed yet", by=cast.manager, at=later)
    reason = OutcomeReason.objects.filter(outcome="won").first()
    closing.win(made, reason=reason, signed_on=TODAY, by=handoff.rep, at=later)
    later += 10 * DAY
    assert handoffs.expire_due(at=later) == 1
    assignment.assign_due(at=later)
    handoffs.accept(Handoff.objects.open().get().pk, by=farmer, at=later)
    assert closing.renew_due(at=later) == 1
    assert Deal.objects.get(renews=made).owner == farmer


def test_due_contracts_are_found_by_a_partial_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM pipeline_deal WHERE outcome = 'won' AND NOT renewed "
            "AND contract_until BETWEEN '2026-01-01' AND '2026-02-01' ORDER BY contract_until"
        )
        plan = "".join(row[0] for row in cursor.fetchall())
    # a few rows cost the same by either
    assert "deal_renewal_due" in plan or "deal_contract_ends" in plan


def test_the_pages_and_the_api_tell_of_both(client, cast):
    old = won(owner=cast.rep)
    closing.renew_due(at=NOON)
    made = Deal.objects.get(renews=old)
    client.force_login(cast.rep)
    assert f"/deals/{made.pk}/" in client.get(f"/deals/{old.pk}/").content.decode()
    assert f"/deals/{old.pk}/" in client.get(f"/deals/{made.pk}/").content.decode()
    assert Api(cast.rep).get(f"/deals/{made.pk}/")[1]["renews"] == old.pk


def test_the_end_of_a_contract_is_entered_after_the_win_and_moves_no_money(client, cast):
    old = won(until=None, owner=cast.rep, company=company())
    Deal.objects.filter(pk=old.pk).update(base_amount=Decimal(870))  # at the rate of that day
    api, path, far = Api(cast.rep), f"/deals/{old.pk}/", str(TODAY + 400 * DAY)
    assert api.patch(path, {"contract_until": far})[0] == 200
    assert (closing.renew_due(at=NOON), api.patch(path, {"contract_until": far, "amount": "1"})[0]) == (
        0,
        400,
    )
    client.force_login(cast.rep)
    pencil = f"/deals/{old.pk}/edit/contract_until/"
    shown = client.get(f"/deals/{old.pk}/").content.decode()
    assert pencil in shown
    assert f"/deals/{old.pk}/edit/amount/" not in shown
    assert client.post(f"/deals/{old.pk}/edit/amount/", {"amount": "1"}).status_code == 404
    near = TODAY + 40 * DAY
    assert client.post(pencil, {"contract_until": str(near)}).status_code == 302
    assert closing.renew_due(at=NOON) == 1
    old.refresh_from_db()
    assert (old.amount, old.base_amount, old.outcome, old.renewal.expected_close) == (900, 870, "won", near)


def test_another_end_of_a_contract_takes_its_untouched_renewal_back(cast):
    old = won(owner=cast.rep)
    closing.renew_due(at=NOON)
    first = Deal.objects.get(renews=old)
    closing.change(old, {"contract_until": old.contract_until}, by=cast.rep, at=NOON)
    first.refresh_from_db()
    assert first.outcome == "open"
    closing.change(old, {"contract_until": TODAY + 400 * DAY}, by=cast.rep, at=NOON)
    first.refresh_from_db()
    assert (first.outcome, first.outcome_reason.name, old.renewed) == (
        "lost",
        renewing.TAKEN_BACK_NAME,
        False,
    )
    later = NOON + 390 * DAY
    assert closing.renew_due(at=later) == 1
    second = Deal.objects.get(renews=old)
    closing.change(second, {"amount": Decimal(950)}, by=cast.rep, at=later)
    closing.change(old, {"contract_until": TODAY + 500 * DAY}, by=cast.rep, at=later)
    second.refresh_from_db()
    assert (second.outcome, second.renews, old.renewed) == ("open", old, True)
