"""Pipeline created counts a deal with its amount at the opening, whatever became of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from leads import closing
from reports import behind, rollups
from reports.choice import axes, parse
from reports.models import CountedDeal
from tests import cast as make
from tests.cast import NOON


def opened(cast, **more):
    facts = {
        "company": make.company(), "name": "Pumps", "amount": Decimal(100), "currency": "EUR",
        "expected_close": date(2026, 9, 1), "next_step": "call", "next_step_due": NOON + timedelta(days=1), **more,
    }  # fmt: skip
    return closing.open_deal(None, by=cast.rep, at=NOON, **facts)


def opening(deal):
    while rollups.roll_due():
        pass
    return CountedDeal.objects.values_list("opening", flat=True).get(deal=deal.pk)


def test_a_deal_opened_by_a_person_counts_its_amount_then(cast):
    deal = opened(cast)
    assert opening(deal) == 100
    closing.change(deal, {"amount": Decimal(250)}, by=cast.rep, at=NOON + timedelta(days=3))
    assert opening(deal) == 100
    listed = behind.rows("created", cast.rep, parse({"period": "all"}, axes({}), NOON))[0]
    assert [(row["opening"], row["amount"]) for row in listed] == [(100, 250)]


@pytest.mark.django_db
def test_an_imported_deal_counts_what_stood_there_before_its_first_change(cast):
    deal = make.deal(owner=cast.rep, company=make.company(), amount=Decimal(70), base_amount=Decimal(70))
    assert opening(deal) == 70
    closing.change(deal, {"amount": Decimal(90)}, by=cast.rep, at=NOON + timedelta(days=3))
    assert opening(deal) == 70
