"""A deal won or lost by a slip is taken back by whoever closed it: deal, leads, hands and steps as they were."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import RepProfile
from leads import books, closing, funnel, handoffs, ownership
from leads.handoffs.undoing import WITHIN
from leads.models import Agreement, Handoff, Lead
from pipeline.models import Deal, DealLine, DealStage, Product, ProductCost, Receipt, Step
from pipeline.stages import Stage
from tests import cast as make
from tests.api import Api
from tests.cast import NOON
from tests.leads.test_closing import SOON, TERMS, accepted, lose, reason, win

pytestmark = pytest.mark.django_db
THEN = SOON + timedelta(minutes=2)
MOVED = ("seq", "updated_at")


@pytest.fixture
def deal(cast):
    Agreement.objects.update(around_the_clock=True)
    lead = accepted(cast.rep, make.contact(company=make.company("Acme")))
    found = closing.open_deal(lead, by=cast.rep, at=NOON, talked="call", **TERMS)
    closing.move(found, DealStage.objects.get(code="proposal"), by=cast.rep, at=NOON)
    Deal.objects.filter(pk=found.pk).update(category="commit")
    pump = Product.objects.create(code="p", name="Pump")
    ProductCost.objects.create(product=pump, since=NOON.date() - timedelta(days=90), unit_cost=100)
    DealLine.objects.create(deal=found, product=pump, quantity=3, unit_price=400)
    found.refresh_from_db()
    yield found
    assert ownership.recount() == []


def stands():
    models = (Deal, DealLine, Lead, Handoff, Step)
    rows = [row for model in models for row in model.objects.order_by("pk").values()]
    counters = list(RepProfile.objects.order_by("pk").values("user", "open_n"))
    return [{name: row[name] for name in row if name not in MOVED} for row in rows], counters


@pytest.mark.parametrize(
    ("end", "how"),
    [(win, {}), (lose, {}), (lose, {"code": "no_budget"}), (lose, {"wake_at": SOON + timedelta(days=9)})],
)
def test_everything_is_as_it_was(cast, deal, end, how):
    before = stands()
    end(deal, cast.rep, **how)
    assert closing.undoable(deal, by=cast.rep, at=THEN)
    closing.undo_close(deal, by=cast.rep, at=THEN)
    assert stands() == before
    trail = deal.changes.filter(field="outcome").order_by("-pk")
    said = trail.values_list("before", "after", "actor", "reason").first()
    assert said == (
        end.__name__.replace("win", "won").replace("lose", "lost"),
        "open",
        cast.rep.pk,
        "Closed by a slip: taken back at once.",
    )
    win(deal, cast.rep)


def test_once_more_it_costs_what_it_does_then(cast, deal):
    Deal.objects.update(cost=44)
    win(deal, cast.rep)
    closing.undo_close(deal, by=cast.rep, at=THEN)
    assert (deal.cost, deal.lines.get().unit_cost) == (44, None)
    ProductCost.objects.update(unit_cost=70)
    win(deal, cast.rep)
    assert (deal.cost, deal.lines.get().unit_cost) == (210, 70)
    closing.undo_close(deal, by=cast.rep, at=THEN)
    assert (deal.cost, deal.lines.get().unit_cost) == (44, None)


@pytest.mark.parametrize("end", [win, lose])
def test_a_lead_that_nobody_held_comes_back_as_well(cast, deal, end):
    """As history brings it without its rep."""
    RepProfile.objects.update(open_n=0)
    Handoff.objects.all().delete()
    end(deal, cast.rep)
    assert closing.undoable(deal, by=cast.rep, at=THEN)
    closing.undo_close(deal, by=cast.rep, at=THEN)
    lead = Lead.objects.get()
    assert (deal.outcome, lead.stage, lead.owner, lead.wake_at) == ("open", Stage.DEAL, cast.rep, None)


def test_a_short_while_and_only_whoever_closed_it(cast, deal):
    refused(deal, "The deal is open already.", by=cast.rep)
    win(deal, cast.rep)
    refused(
        deal, "Only whoever closed the deal takes that back. A manager can open it again.", by=cast.teammate
    )
    late = SOON + WITHIN + timedelta(seconds=1)
    refused(
        deal,
        "That is too long ago to be taken back. A manager can open the deal again.",
        by=cast.rep,
        at=late,
    )
    assert not closing.undoable(deal, by=cast.rep, at=late)
    closing.undo_close(deal, by=cast.rep, at=SOON + WITHIN)


def test_not_once_money_hangs_on_it(cast, deal):
    win(deal, cast.rep)
    euros = {"amount": Decimal(100), "base_amount": Decimal(100), "currency": "EUR"}
    receipt = Receipt.objects.create(deal=deal, on=SOON.date(), **euros)
    refused(deal, "Money hangs on it already. A manager can open the deal again.", by=cast.rep)
    receipt.delete()
    closing.cancel(deal, amount=Decimal(1), on=SOON.date(), reason="less", by=cast.manager, at=SOON)
    refused(deal, "Money hangs on it already. A manager can open the deal again.", by=cast.rep)


def test_not_once_somebody_has_worked_on_its_renewal(cast, deal):
    win(deal, cast.rep)
    make.deal(renews=deal, kind="renewal")
    said = "Somebody has worked on its renewal already. A manager can open the deal again."
    refused(deal, said, by=cast.rep)


def test_the_renewal_that_opened_by_itself_is_taken_back(cast, deal):
    Deal.objects.update(contract_until=SOON.date() + timedelta(days=30))
    win(deal, cast.rep)
    assert closing.renew_due(at=SOON) == 1
    closing.undo_close(deal, by=cast.rep, at=THEN)
    assert (deal.outcome, deal.renewed) == ("open", False)
    assert Deal.objects.get(renews=deal).outcome == "lost"
    win(deal, cast.rep)
    assert closing.renew_due(at=SOON) == 1
    assert Deal.objects.filter(renews=deal).get().outcome == "open"


def test_not_once_the_book_it_was_lent_with_is_back(cast, deal):
    back = SOON + timedelta(minutes=1)
    books.hand_over(cast.rep, [cast.teammate], by=cast.manager, at=NOON, until=back)
    win(deal, cast.teammate)
    assert closing.undoable(deal, by=cast.teammate, at=SOON)
    assert books.back_due(back) == 1
    said = "Meanwhile the book it came with is back with Rep. A manager can open the deal again."
    refused(deal, said, by=cast.teammate)


def test_not_once_somebody_else_has_the_lead(cast, deal):
    lose(deal, cast.rep)
    found = Lead.objects.get()
    handoffs.own_find(found.pk, by=cast.teammate, at=SOON)
    assert Lead.objects.get().stage == Stage.SQL
    refused(deal, f"Too late: {cast.teammate} has it by now.", by=cast.rep)


@pytest.mark.parametrize("code", ["no_budget", "competitor"])
def test_not_once_somebody_has_moved_the_lead_on(cast, deal, code):
    lose(deal, cast.rep, code=code)
    found = Lead.objects.get()
    move(found, Stage.MQL, cast.marketer)
    assert not closing.undoable(deal, by=cast.rep, at=THEN)
    refused(deal, "Somebody has moved it on to “MQL” since.", by=cast.rep)
    move(found, Stage.NURTURE, cast.marketer)
    refused(deal, "Somebody has moved it on to “Nurture” since.", by=cast.rep)


def test_not_once_the_lead_went_with_another_of_the_same_person(cast, deal):
    lose(deal, cast.rep)
    found = Lead.objects.get()
    newer = make.lead(contact=make.contact())
    Lead.objects.filter(pk=found.pk).update(merged_into=newer)
    refused(deal, "It was merged into another lead.", by=cast.rep)


def move(lead, to, by):
    assert not funnel.advance([lead.pk], to, actor=by, reason="came back", at=THEN).refused


def test_on_the_page_and_by_a_program(client, cast, deal):
    client.force_login(cast.rep)
    page, undo = f"/deals/{deal.pk}/", f"/deals/{deal.pk}/undo-close/"
    said = {"reason": reason("speed").pk, "signed_on": "2026-06-17"}
    shown = client.post(f"{page}win/", said, follow=True).content.decode()
    assert (f'formaction="{undo}"' in shown, f'action="{undo}"' in shown) == (True, True)
    assert client.post(undo, follow=True).redirect_chain[-1][0] == page
    assert Deal.objects.get().outcome == "open"
    api = Api(cast.rep)
    assert api.post(f"/deals/{deal.pk}/win/", {"reason": "speed", "signed_on": "2026-06-17"})[0] == 200
    status, why = Api(cast.teammate).post(f"/deals/{deal.pk}/undo-close/")
    assert (status, why["detail"].split(".")[0]) == (409, "Only whoever closed the deal takes that back")
    status, row = api.post(f"/deals/{deal.pk}/undo-close/")
    assert (status, row["outcome"], row["category"]) == (200, "open", "commit")
    assert api.post(f"/deals/{deal.pk}/undo-close/")[0] == 409
    assert Api(cast.marketer).post(f"/deals/{deal.pk}/undo-close/")[0] == 403


def refused(deal, words, *, by, at=THEN):
    before = stands()
    with pytest.raises(closing.Refused) as refusal:
        closing.undo_close(deal, by=by, at=at)
    assert (str(refusal.value), stands()) == (words, before)
