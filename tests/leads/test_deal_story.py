"""What changed in a deal, in words."""

from datetime import date
from decimal import Decimal

from django.utils import translation

from leads import closing
from leads.deal_story import told
from pipeline.models import DealStage, OutcomeReason
from tests import cast as make


def test_codes_and_keys_become_words(cast):
    deal = make.deal(
        owner=cast.rep, company=make.company(), amount=Decimal(100), base_amount=Decimal(100), currency="EUR"
    )
    closing.move(deal, DealStage.objects.get(code="proposal"), by=cast.rep, at=make.NOON)
    facts = {"owner": cast.teammate, "amount": Decimal(250), "expected_close": date(2027, 3, 1)}
    closing.change(deal, facts, by=cast.manager, at=make.NOON)
    story = {change.label: (change.before, change.after) for change in told(deal)}
    assert story["stage"] == ("Qualify", "Proposal")
    assert story["owner"] == ("Rep", "Teammate")
    assert story["amount"] == ("€100.00", "€250.00")


def test_our_reasons_are_told_in_the_readers_language(cast):
    deal = make.deal(owner=cast.rep, amount=Decimal(100), base_amount=Decimal(100), currency="EUR")
    reason = OutcomeReason.objects.filter(outcome="lost", later=False).first()
    closing.lose(deal, reason=reason, by=cast.rep, at=make.NOON)
    with translation.override("ru"):
        told_in_russian = {change.reason for change in told(deal) if change.reason}
        assert told_in_russian == {str(reason)} != {reason.name}
