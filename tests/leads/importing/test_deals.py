"""Deals and touches: what they mean for the lead, its contact and its campaign."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from leads import because, closing, ownership
from leads.models import Handoff, Lead, LeadScore, StageChange, Touch
from leads.terms import in_force
from pipeline import receipts
from pipeline.models import Deal, DealChange, ExchangeRate, Product, Receipt
from tests import cast as people
from tests.cast import NOON
from tests.leads.importing.running import figures, rejects

pytestmark = pytest.mark.django_db

DEALS = {
    "kind": "deals",
    "source": "crm",
    "mode": "history",
    "formats": ["%Y-%m-%d"],
    "columns": {
        "id": "external_id",
        "lead": "lead_key",
        "name": "name",
        "stage": "stage",
        "opened": "opened_at",
        "closed": "closed_at",
        "sum": "amount",
        "campaign": "campaign",
        "company": "company",
        "owner": "owner",
    },
}
HEADER = "id,lead,name,stage,opened,closed,sum,campaign,company,owner\n"


@pytest.fixture
def leads(db):
    """Three leads of history known to the file as L1, L2, L3, first met in January 2026."""
    return [
        people.lead(
            at=datetime(2026, 1, 10, tzinfo=UTC), source="crm", external_id=f"L{number}", history=True,
            contact=people.contact(f"Person {number}", f"p{number}@x.de", company=people.company(f"firm {number}")),
        )
        for number in (1, 2, 3)
    ]  # fmt: skip


def test_leads_follow_their_deals(load, leads, cast):
    campaign = people.campaign(name="Spring", code="spring")
    run = load(
        HEADER
        + "1,L1,Big,Won,2026-01-05,2026-02-01,100,spring,,Rep\n2,L2,Small,Lost,2026-01-20,2026-02-02,50,,,\n"
        "3,L3,Open,proposal,2026-01-20,2026-09-30,70,,,Nobody\n",
        DEALS,
    )
    connection.check_constraints()
    won, lost, opened = Deal.objects.order_by("external_id")
    assert (won.outcome, won.signed_on, won.base_amount, won.owner, won.company.key) == (
        "won", date(2026, 2, 1), Decimal(100), cast.rep, "firm 1",
    )  # fmt: skip
    assert (lost.outcome, lost.outcome_reason.code, lost.closed_at) == (
        "lost",
        "imported",
        datetime(2026, 2, 2, tzinfo=UTC),
    )
    assert (opened.outcome, opened.closed_at, opened.expected_close, opened.owner_text) == (
        "open", None, date(2026, 9, 30), "Nobody",
    )  # fmt: skip
    assert dict(Lead.objects.values_list("external_id", "stage")) == {
        "L1": "won",
        "L2": "nurture",
        "L3": "deal",
    }
    assert list(Lead.objects.order_by("external_id").values_list("deal", flat=True)) == [
        won.pk,
        lost.pk,
        opened.pk,
    ]
    steps = StageChange.objects.filter(lead=leads[1]).order_by("seq")
    assert [(one.to_stage, one.inferred, one.at.date()) for one in steps] == [
        ("new", False, date(2026, 1, 10)),
        ("mql", True, date(2026, 1, 10)),
        ("ready", True, date(2026, 1, 10)),
        ("sql", True, date(2026, 1, 10)),
        ("deal", False, date(2026, 1, 20)),
        ("nurture", False, date(2026, 2, 2)),
    ]
    touch = Touch.objects.get()
    assert (touch.contact, touch.campaign, touch.at, touch.channel) == (
        leads[0].contact, campaign, datetime(2026, 1, 5, tzinfo=UTC), campaign.channel,
    )  # fmt: skip
    assert [contact for deal in (won, lost, opened) for contact in deal.contacts.all()] == [
        lead.contact for lead in leads
    ]
    assert rejects(run, warning=True) == [(2, "opened", "2026-01-05", "the deal is older than its lead")]
    assert set(DealChange.objects.filter(deal=won).values_list("field", "before", "after")) == {
        ("stage", "", "won"), ("outcome", "open", "won"),
    }  # fmt: skip


def test_the_same_deals_change_nothing_and_news_are_taken(load, leads):
    people.campaign(name="Spring", code="spring")
    rows = HEADER + "1,L1,Big,proposal,2026-01-15,,100,spring,,\n"
    load(rows, DEALS)
    tables = (Deal, DealChange, Lead, StageChange, Touch)
    before = [list(model.objects.order_by("pk").values()) for model in tables]
    again = load(rows, DEALS)
    assert [list(model.objects.order_by("pk").values()) for model in tables] == before
    assert figures(again) == {"unchanged": 1}
    run = load(HEADER + "1,L1,Big,won,2026-01-15,2026-03-01,120,spring,,\n", DEALS)
    connection.check_constraints()
    deal = Deal.objects.get()
    assert (deal.outcome, deal.amount, deal.base_amount, run.counts["updated"]) == ("won", 120, 120, 1)
    assert Lead.objects.get(external_id="L1").stage == "won"
    assert set(DealChange.objects.exclude(before="").values_list("field", "before", "after")) == {
        ("stage", "proposal", "won"), ("amount", "100.0000", "120.0000"), ("outcome", "open", "won"),
    }  # fmt: skip


def test_a_lead_in_somebodys_hands_stays_where_it_is(load, leads, cast):
    Handoff.objects.create(lead=leads[0], rep=cast.rep, agreement=in_force(), offered_at=NOON)
    run = load(HEADER + "1,L1,Big,won,2026-01-15,2026-03-01,120,,,\n", DEALS)
    assert Lead.objects.get(external_id="L1").stage == "new"
    assert [reason for *_rest, reason in rejects(run, warning=True)] == [
        "the lead stays at its stage, because a rep holds it"
    ]


def test_a_live_lead_that_nobody_holds_goes_to_whoever_has_the_deal(load, leads, cast):
    Lead.objects.update(history=False)
    rows = "1,L1,Big,proposal,2026-01-15,,120,,,Rep\n2,L2,Lost,lost,2026-01-15,2026-02-01,9,,,Rep\n"
    run = load(HEADER + rows + "3,L3,Small,proposal,2026-01-15,,50,,,Finance\n", DEALS)
    connection.check_constraints()
    [given] = Handoff.objects.all()
    assert (given.lead, given.rep, given.kind, given.because) == (
        leads[0],
        cast.rep,
        "imported",
        because.IMPORTED,
    )
    assert (given.ended_at, given.contact_due_at, Lead.objects.get(pk=leads[0].pk).owner) == (
        None,
        None,
        cast.rep,
    )
    told = [(line, field, reason) for line, field, _value, reason in rejects(run, warning=True)]
    assert told == [(4, "owner", "no rep holds it: the file names nobody who sells here")]
    assert run.counts["held"] == 1
    load(HEADER + "1,L1,Big,won,2026-01-15,2026-03-01,120,,,Rep\n", DEALS)
    given.refresh_from_db()
    assert (given.end, Lead.objects.get(pk=leads[0].pk).stage) == ("finished", "won")
    assert ownership.recount() == []


def test_deals_without_leads(load):
    people.campaign(name="Spring", code="spring")
    run = load(
        HEADER
        + "1,,,won,,2026-03-01,120,spring,Acme GmbH,\n2,,,,2026-03-01,,,,,\n3,,,won,2026-03-01,,5,,,\n4,L9,,,,,,,,\n5,,,unheard,,,,,,\n6,,,,,,N/A,,,\n",
        DEALS,
    )
    assert set(Deal.objects.values_list("name", "company__key", "stage__code", "amount")) == {
        ("Acme GmbH", "acme", "won", 120), ("Imported deal", None, "qualify", None),
    }  # fmt: skip
    assert rejects(run) == [
        (4, "closed", "", "a deal that is won or lost needs the day on which it closed"),
        (5, "lead", "L9", "no lead with this external id is known"),
        (6, "stage", "unheard", "is not known here"),
    ]
    assert {(line, value, reason) for line, _column, value, reason in rejects(run, warning=True)} == {
        (2, "spring", "the campaign gets no credit, because the deal names no person"),
        (7, "N/A", "is no amount: the field stays empty"),
    }
    by_mail = {**DEALS, "columns": {**DEALS["columns"], "mail": "email"}}
    rows = HEADER.strip() + ",mail\n7,,,won,,2026-03-01,120,,,,eve@nowhere.ex\n8,,,won,,2026-03-01,-5,,,,\n"
    run = load(rows, by_mail)
    told = [(2, "mail", "eve@nowhere.ex", "nobody is known by this: the deal has no person")]
    assert (rejects(run, warning=True), run.counts["created"]) == (told, 1)
    below = "is below zero: what was cancelled of a deal is recorded on the page of the deal, or by the API"
    assert rejects(run) == [(3, "sum", "-5", below)]


def test_what_is_cancelled_of_a_deal_keeps_it_won(load, leads, cast):
    """A later file neither opens it again nor makes it less than that."""
    load(HEADER + "1,L1,Big,proposal,2026-01-05,,100,,,Rep\n", DEALS)
    load(HEADER + "1,L1,Big,Won,2026-01-05,2026-02-01,100,,,Rep\n", DEALS)
    deal = Deal.objects.get()
    closing.cancel(deal, amount=Decimal(60), on=date(2026, 3, 1), reason="gone", by=cast.manager, at=NOON)
    gone = "60.00 EUR of this deal was cancelled: take that back on its page first"
    later = f"is after 2026-03-01, when {gone}"
    ExchangeRate.objects.create(currency="USD", on=date(2026, 1, 1), rate=1)
    with_currency = {**DEALS, "columns": {**DEALS["columns"], "money": "currency"}}
    for change, money, column, value, why in (
        ("proposal,2026-01-05,,100", "EUR", "stage", "proposal", gone),
        ("Won,2026-01-05,2026-02-01,59", "EUR", "sum", "59", gone),
        ("Won,2026-01-05,2026-03-02,100", "EUR", "closed", "2026-03-02", later),
        ("Won,2026-01-05,2026-02-01,100", "USD", "money", "USD", gone),
        ("Won,2026-01-05,2026-03-02,59", "USD", "money", "USD", gone),
    ):
        run = load(HEADER.strip() + f",money\n1,L1,Big,{change},,,Rep,{money}\n", with_currency)
        assert rejects(run) == [(2, column, value, why)], change
    assert rejects(load(HEADER + "1,L1,Bigger,Won,2026-01-05,2026-02-01,90,,,Rep\n", DEALS)) == []
    deal.refresh_from_db()
    assert (deal.name, deal.outcome, deal.amount) == ("Bigger", "won", 90)


def test_money_that_comes_on_a_day_to_come_is_refused(load, leads):
    paid = {**DEALS, "columns": {**DEALS["columns"], "got": "collected", "got on": "collected_on"}}
    rows = HEADER.strip() + ",got,got on\n"
    row, tomorrow = "1,L1,Big,Won,2026-01-05,2026-02-01,100,,,Rep,5,", NOON.date() + timedelta(days=1)
    assert rejects(load(rows + row + f"{tomorrow}\n", paid)) == [
        (2, "got on", str(tomorrow), receipts.NOT_YET)
    ]
    assert rejects(load(rows + row + f"{NOON.date()}\n", paid)) == []
    assert Receipt.objects.get().on == NOON.date()


def test_the_cost_of_what_is_cancelled_follows_that_of_the_deal(load, leads, cast):
    """Its part of it: nothing stays where nothing is left of the deal."""
    load(HEADER + "1,L1,Big,Won,2026-01-05,2026-02-01,100,,,Rep\n", DEALS)
    deal = Deal.objects.get()
    Deal.objects.update(cost=40)
    for part, day in ((20, 2), (40, 1)):
        told = {"on": date(2026, 3, day), "reason": "gone", "by": cast.manager, "at": NOON}
        closing.cancel(deal, amount=Decimal(part), **told)
    load(HEADER + "1,L1,Big,Won,2026-01-05,2026-02-01,60,,,Rep\n", DEALS)
    deal.refresh_from_db()
    parts = Deal.with_cancellations.cancellations().order_by("pk").values_list("amount", "cost")
    assert (deal.amount, deal.cost, list(parts)) == (
        60, 40, [(-20, Decimal("-13.3333")), (-40, Decimal("-26.6667"))],
    )  # fmt: skip


def test_the_id_of_a_row_that_joined_a_pass_finds_its_lead(load):
    """As that of the row which made it: for deals and touches, again after the deal has ended the pass."""
    mapping = {
        "kind": "leads", "source": "crm", "mode": "history",
        "columns": {"id": "external_id", "email": "email", "day": "captured_at"},
    }  # fmt: skip
    load("id,email,day\nj1,jay@rt.ex,2026-01-10\n", mapping)
    run = load("id,email,day\nj2,jay@rt.ex,2026-01-11\nj3,jay@rt.ex,2026-01-12\n", mapping)
    assert figures(run) == {"joined": 2}
    rows = HEADER + "1,j2,Big,won,2026-01-15,2026-02-01,120,,,\n2,j4,Lost,,,,,,,\n"
    run = load(rows, DEALS)
    lead = Lead.objects.get()
    assert (lead.external_id, lead.stage, lead.deal.external_id) == ("j1", "won", "1")
    assert list(lead.deal.contacts.all()) == [lead.contact]
    assert rejects(run) == [(3, "lead", "j4", "no lead with this external id is known")]
    load("id,email,day\nj5,jay@rt.ex,2026-03-01\n", mapping)
    assert figures(load(rows, DEALS)) == {"unchanged": 1, "rejected": 1}
    load("id,lead,mail,what,when,by,note\n1,j3,,call,2026-06-01 10:30,,\n", TOUCHES)
    assert Touch.objects.get(external_id="1").contact == lead.contact


def test_deals_find_people_by_address_and_make_products(load, leads):
    load(
        "id,email,product,sum\n1,P1@x.de,Pump,5\n2,new@x.de,pump,6\n",
        {
            **DEALS, "create": ["products"],
            "columns": {"id": "external_id", "email": "email", "product": "product", "sum": "amount"},
        },
    )  # fmt: skip
    assert Product.objects.get().name == "Pump"
    assert list(Deal.objects.order_by("pk").values_list("contacts", flat=True)) == [leads[0].contact.pk, None]


# -- touches ---------------------------------------------------------------------------------------------
TOUCHES = {
    "kind": "touches",
    "source": "crm",
    "formats": ["%Y-%m-%d %H:%M"],
    "columns": {
        "id": "external_id", "lead": "lead_key", "mail": "email", "what": "kind", "when": "at", "by": "actor", "note": "note",
    },
}  # fmt: skip


def test_touches_of_known_people(load, leads, cast):
    LeadScore.objects.update(scored_at=NOON, touched_at=NOON)
    run = load(
        "id,lead,mail,what,when,by,note\n1,L1,,call,2026-06-01 10:30,Rep,hello\n2,,P2@x.de,Form,2026-06-01 11:00,,\n"
        "3,,who@x.de,form,2026-06-01 11:00,,\n4,L1,,dance,2026-06-01 11:00,,\n"
        "5,L8,who@x.de,form,2026-06-01 11:00,,\n6,,,form,2026-06-01 11:00,,\n",
        TOUCHES,
    )
    assert set(Touch.objects.values_list("contact", "kind", "actor", "track", "note")) == {
        (leads[0].contact.pk, "call", cast.rep.pk, "sales", "hello"), (leads[1].contact.pk, "form", None, "marketing", ""),
    }  # fmt: skip
    assert [found[:3] for found in rejects(run)] == [
        (4, "mail", "who@x.de"),
        (5, "what", "dance"),
        (6, "lead", "L8"),
        (7, "", ""),
    ]
    due = LeadScore.objects.filter(touched_at__gt=NOON).values_list("lead__external_id", flat=True)
    assert set(due) == {"L1", "L2"}


def test_the_same_touches_change_nothing_without_ids_too(load, leads):
    mapping = {**TOUCHES, "columns": {"lead": "lead_key", "what": "kind", "when": "at"}}
    mapping["columns"]["got"] = "reached"
    rows = "lead,what,when,got\nL1,call,2026-06-01 10:30,no\nL1,call,2026-06-01 10:31,\n"
    load(rows, mapping)
    before = list(Touch.objects.values())
    # an attempt is ours, whether it met anybody or not, as in the API
    assert sorted((one["outbound"], one["reached"]) for one in before) == [(False, None), (True, False)]
    again = load(rows, mapping)
    assert (list(Touch.objects.values()), figures(again)) == (before, {"unchanged": 2})
