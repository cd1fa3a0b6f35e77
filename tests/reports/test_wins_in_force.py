"""A pass counts as won by the day of the signature, and only while its deal is won."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from accounts import organisation
from leads import closing, handoffs
from pipeline.models import OutcomeReason
from reports.behind.sources import rows
from reports.choice import axes, parse
from reports.funnel import funnel
from reports.models import CountedPass
from reports.rollups import roll_due
from reports.verify import differences as verified
from tests import cast as make
from tests.cast import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SIGNED = date(2026, 5, 20)


@pytest.fixture(autouse=True)
def afresh():
    """What another test's organisation was."""
    organisation.forget()


@pytest.fixture
def deal(cast):
    """A deal of one pass, captured and opened in April."""
    at = NOON - 60 * DAY
    lead = make.lead(at, contact=make.contact(company=make.company("Acme")))
    handoffs.own_find(lead.pk, by=cast.rep, at=at)
    lead.refresh_from_db()
    return closing.open_deal(
        lead, by=cast.rep, at=at, name="Pumps", amount=Decimal(1200), currency="EUR",
        expected_close=date(2026, 9, 30), next_step="Offer", next_step_due=NOON,
    )  # fmt: skip


def told(cast, **period):
    """(wins of the period, of those captured at any time the won ones, days from deal to win, the list behind)."""
    roll_due()
    data, ever = {"period": "custom", **period}, {"period": "all"}
    choice, all_time = parse(data, axes(data), NOON), parse(ever, axes(ever), NOON)
    listed = rows("to_won", cast.admin, all_time)[0].count()
    return (
        funnel(choice).now.wins,
        funnel(all_time).now.to_won,
        funnel(all_time).steps["deal_won"].median,
        listed,
    )


def won(deal, cast, at):
    reason = OutcomeReason.objects.filter(outcome="won").first()
    closing.win(deal, reason=reason, signed_on=SIGNED, by=cast.rep, at=at)


def lies():
    with connection.cursor() as cursor:
        return {name: found for name, found in verified(cursor).found.items() if found}


def test_a_win_entered_late_counts_by_its_signature_and_one_opened_again_not_at_all(deal, cast):
    may, june = {"from": "2026-05", "to": "2026-05"}, {"from": "2026-06", "to": "2026-06"}
    opened = deal.opened_at.date()
    won(deal, cast, NOON)
    assert told(cast, **may) == (1, 1, (SIGNED - opened).days, 1)
    assert told(cast, **june)[0] == 0
    closing.reopen(deal, reason="a slip", by=cast.manager, at=NOON)
    assert told(cast, **may) == (0, 0, None, 0)
    assert CountedPass.objects.get().deal_on == opened
    assert lies() == {}
    won(deal, cast, NOON + DAY)
    assert told(cast, **may) == (1, 1, (SIGNED - opened).days, 1)
    deal.signed_on = date(2026, 6, 2)
    deal.save()
    assert told(cast, **june)[0] == 1
    assert lies() == {}
