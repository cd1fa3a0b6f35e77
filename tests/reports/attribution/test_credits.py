"""Credits: the path, the models, and the cents."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import Organisation
from leads.models import Lead
from pipeline.models import Contact, Deal, DealContact, DealStage, Product
from reports import attribution
from reports.models import Credit, CreditMonth
from reports.rollups import roll_all
from tests import cast as make
from tests.cast import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def win(amount="100", contacts=(), signed_on=NOON.date(), **fields):
    """A won deal of these contacts."""
    deal = make.deal(
        at=NOON - 60 * DAY,
        stage=DealStage.objects.get(outcome="won"),
        outcome="won",
        signed_on=signed_on,
        closed_at=NOON,
        amount=amount,
        base_amount=amount,
        **fields,
    )
    for contact in contacts:
        DealContact.objects.create(deal=deal, contact=contact)
    return deal


def credits(deal, model):
    """What each touch of the deal earned: a list of (touch id, amount)."""
    roll_all()
    return [(credit.touch_id, credit.amount) for credit in attribution.credits_of(deal, model)]


def test_first_last_and_linear_sum_to_the_amount():
    contact = make.contact()
    first, middle, last = (make.touch(contact, NOON - days * DAY) for days in (9, 5, 1))
    deal = win("100", [contact])
    assert credits(deal, "first") == [(first.pk, 100)]
    assert credits(deal, "last") == [(last.pk, 100)]
    assert credits(deal, "linear") == [
        (first.pk, Decimal("33.34")),
        (middle.pk, Decimal("33.33")),
        (last.pk, Decimal("33.33")),
    ]


def test_parts_of_a_cent_are_not_lost():
    contact = make.contact()
    for days in (3, 2, 1):
        make.touch(contact, NOON - days * DAY)
    amounts = [amount for _, amount in credits(win("0.0250", [contact]), "linear")]
    assert amounts == [Decimal("0.0150"), Decimal("0.01"), Decimal("0")]


def test_touches_of_every_contact_count_and_those_after_the_win_do_not():
    buyer, user = make.contact(), make.contact()
    early = make.touch(buyer, NOON - 3 * DAY)
    late = make.touch(user, NOON.replace(hour=23, minute=59))
    make.touch(user, NOON + DAY)
    make.touch(make.contact(), NOON - DAY)
    make.touch(buyer, NOON - DAY, automatic=True)
    make.touch(buyer, NOON - DAY, kind="call", outbound=True, track="sales")
    for kind in ("complaint", "service_visit", "chat", "feedback"):
        make.touch(buyer, NOON - DAY, kind=kind)
    assert [touch for touch, _ in credits(win(contacts=[buyer, user]), "linear")] == [early.pk, late.pk]


def test_feedback_that_a_campaign_asked_for_counts():
    contact, campaign = make.contact(), make.campaign("Survey")
    asked = make.touch(contact, NOON - DAY, kind="feedback", campaign=campaign)
    make.touch(contact, NOON - DAY, kind="complaint", campaign=campaign)
    assert [touch for touch, _ in credits(win(contacts=[contact]), "linear")] == [asked.pk]


def test_the_contact_of_the_pass_that_led_to_the_deal_counts():
    lead = make.lead()
    touch = make.touch(lead.contact, NOON - DAY)
    deal = win()
    assert credits(deal, "first") == [(None, 100)]
    Lead.objects.filter(pk=lead.pk).update(deal=deal)
    assert credits(deal, "first") == [(touch.pk, 100)]


def test_a_deal_without_touches_is_credited_to_unattributed():
    deal = win("70")
    roll_all()
    found = Credit.objects.filter(deal=deal).values_list(
        "model", "touch", "campaign", "channel", "share", "amount"
    )
    assert set(found) == {(name, None, None, "", 1, Decimal(70)) for name in attribution.MODELS}


def test_the_look_back_reaches_back_from_the_opening_and_covers_the_pass():
    Organisation.objects.update(lookback_days=30)
    contact = make.contact()
    touch = make.touch(contact, NOON - 60 * DAY - 31 * DAY)
    deal = win(contacts=[contact])
    assert credits(deal, "first") == [(None, 100)]
    make.lead(at=touch.at, contact=contact, deal=deal)
    assert credits(deal, "first") == [(touch.pk, 100)]


def test_the_window_begins_after_the_last_win_of_the_same_product():
    company, product = make.company(), Product.objects.create(code="p", name="P")
    contact = make.contact(company=company)
    old = make.touch(contact, NOON - 20 * DAY)
    new = make.touch(contact, NOON - 2 * DAY)
    deal = win(contacts=[contact], company=company, product=product)
    assert [touch for touch, _ in credits(deal, "linear")] == [old.pk, new.pk]
    earlier = win(contacts=[contact], company=company, signed_on=(NOON - 10 * DAY).date(), product=product)
    assert [touch for touch, _ in credits(deal, "linear")] == [new.pk]
    assert [touch for touch, _ in credits(earlier, "linear")] == [old.pk]
    Deal.objects.filter(pk=earlier.pk).update(product=None)
    assert [touch for touch, _ in credits(deal, "linear")] == [old.pk, new.pk]


def test_merged_contacts_are_one_person():
    gone, kept = make.contact(), make.contact()
    touch = make.touch(gone, NOON - DAY)
    deal = win(contacts=[kept])
    assert credits(deal, "first") == [(None, 100)]
    Contact.objects.filter(pk=gone.pk).update(merged_into=kept)
    assert credits(deal, "first") == [(touch.pk, 100)]


def test_margin_follows_the_same_shares_where_the_cost_is_known():
    contact = make.contact()
    for days in (3, 2, 1):
        make.touch(contact, NOON - days * DAY)
    deal = win("100", [contact], cost="50")
    roll_all()
    assert [c.margin for c in attribution.credits_of(deal, "linear")] == [
        Decimal("16.67"),
        Decimal("16.67"),
        Decimal("16.66"),
    ]
    Deal.objects.filter(pk=deal.pk).update(cost=None)
    roll_all()
    assert {c.margin for c in attribution.credits_of(deal, "linear")} == {None}


def test_a_deal_that_is_lost_after_all_earns_nobody_anything():
    contact = make.contact()
    make.touch(contact, NOON - DAY)
    deal = win(contacts=[contact])
    roll_all()
    Deal.objects.filter(pk=deal.pk).update(
        outcome="lost", stage=DealStage.objects.get(outcome="lost"), signed_on=None
    )
    roll_all()
    assert not Credit.objects.exists()


def test_an_open_deal_is_credited_as_pipeline_until_it_is_won_or_lost():
    contact, campaign = make.contact(), make.campaign()
    early = make.touch(contact, NOON - 9 * DAY, campaign=campaign)
    late = make.touch(contact, NOON + 90 * DAY, channel="webinar")
    deal = make.deal(at=NOON - 60 * DAY, amount="100.01", base_amount="100.01", cost="1")
    DealContact.objects.create(deal=deal, contact=contact)
    alone = make.deal(at=NOON, amount="5", base_amount="5", kind="renewal")
    assert credits(deal, "linear") == [(early.pk, Decimal("50.01")), (late.pk, Decimal("50.00"))]
    assert credits(alone, "linear") == [(None, 5)]
    assert set(Credit.objects.values_list("open", "margin")) == {(True, None)}

    def months():
        rows = CreditMonth.objects.filter(model="last").exclude(open_deals=0, deals=0)
        return set(
            rows.values_list(
                "campaign", "channel", "month", "renewal", "open_deals", "pipeline", "deals", "revenue"
            )
        )

    april, june = date(2026, 4, 1), date(2026, 6, 1)
    waiting = (0, "", june, True, 1, 5, 0, 0)
    assert months() == {(0, "webinar", april, False, 1, Decimal("100.01"), 0, 0), waiting}
    stage = DealStage.objects.get(outcome="won")
    Deal.objects.filter(pk=deal.pk).update(outcome="won", stage=stage, signed_on=NOON.date(), closed_at=NOON)
    assert credits(deal, "linear") == [(early.pk, Decimal("100.01"))]
    assert months() == {(campaign.pk, "sem", june, False, 0, 0, 1, Decimal("100.01")), waiting}
    stage = DealStage.objects.get(outcome="lost")
    Deal.objects.filter(pk=deal.pk).update(outcome="lost", stage=stage, signed_on=None)
    assert credits(deal, "linear") == []
    assert months() == {waiting}


def test_the_path_of_an_open_deal_begins_after_the_last_win_of_the_same_product():
    company, product, contact = make.company(), Product.objects.create(code="p", name="P"), make.contact()
    make.touch(contact, NOON - 20 * DAY)
    new = make.touch(contact, NOON + 2 * DAY)
    deal = make.deal(at=NOON - 30 * DAY, company=company, product=product, amount=9, base_amount=9)
    DealContact.objects.create(deal=deal, contact=contact)
    win(company=company, product=product)
    assert credits(deal, "linear") == [(new.pk, 9)]


def test_a_path_explains_itself():
    contact, campaign = make.contact(), make.campaign()
    touch = make.touch(contact, NOON - DAY, campaign=campaign)
    (only,) = attribution.path(win("9", [contact]))
    assert (only.touch_id, only.campaign_id, only.channel) == (touch.pk, campaign.pk, "sem")
    assert only.amounts == dict.fromkeys(attribution.MODELS, 9)


def test_the_touches_that_created_lead_and_deal_are_key():
    """Opened 60 days before NOON, the lead captured 80 days before: touches 100, 80, 70, 60, 50 and 1 days before."""
    lead = make.lead(at=NOON - 80 * DAY)
    touches = [
        make.touch(lead.contact, NOON - days * DAY, channel=channel)
        for days, channel in (
            (100, "sem"),
            (80, "sem"),
            (70, "webinar"),
            (60, "sem"),
            (50, "email"),
            (1, "sem"),
        )
    ]
    deal = win("600", [lead.contact])
    Lead.objects.filter(pk=lead.pk).update(deal=deal)
    roll_all()
    assert [touch for touch, _amount in credits(deal, "linear")] == [touch.pk for touch in touches]
    earned = {
        model: [float(amount) for _touch, amount in credits(deal, model)]
        for model in ("u", "w", "z", "shapley")
    }
    assert earned == {
        "u": [240, 240, 30, 30, 30, 30],
        "w": [180, 180, 20, 180, 20, 20],
        "z": [135, 135, 30, 135, 30, 135],
        "shapley": [50, 50, 200, 50, 200, 50],
    }


def test_the_half_life_of_time_decay_can_be_set():
    contact = make.contact()
    for days in (4, 2):
        make.touch(contact, NOON - days * DAY)
    deal = win("9", [contact])
    Organisation.objects.update(half_life_days=2)
    assert [amount for _touch, amount in credits(deal, "decay")] == [3, 6]
