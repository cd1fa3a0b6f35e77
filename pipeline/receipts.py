"""Recording what customers have paid."""

from django.utils.translation import gettext as _

from pipeline import money
from pipeline.models import Outcome


class Refused(Exception):
    """What cannot be recorded; the text says why."""


def check(deal):
    """Raises Refused where nothing can have been paid on the deal."""
    if deal.outcome != Outcome.WON:
        raise Refused(_("Money is received on deals that are won."))


def recorded(receipt):
    """Save a Receipt with its amount in the report currency. Raises Refused, or money.NoRate."""
    check(receipt.deal)
    receipt.base_amount = money.to_base(receipt.amount, receipt.currency, receipt.on)
    receipt.save()
    return receipt


def of_deal(deal, cancelled=0):
    """(the receipts of a deal, the oldest first; what came in report currency; what is left of the deal's, None without).

    `cancelled` of it, in report currency, is not to come any more.
    """
    found = list(deal.receipts.all())
    came = sum((one.base_amount for one in found), 0)
    return found, came, None if deal.base_amount is None else deal.base_amount - cancelled - came
