"""Recording what customers have paid."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import organisation
from pipeline import money
from pipeline.models import Outcome

NOT_YET = gettext_noop("Money is received on a day that has come, not on one in the future.")


class Refused(Exception):
    """What cannot be recorded; the text says why."""


class NotYet(Refused):
    """A day to come, on which nothing can have been received."""


def check(deal):
    """Raises Refused where nothing can have been paid on the deal."""
    if deal.outcome != Outcome.WON:
        raise Refused(_("Money is received on deals that are won."))


def recorded(receipt, at):
    """Save a Receipt with its amount in the report currency. Raises Refused, NotYet of a day that is to come, or money.NoRate."""
    check(receipt.deal)
    if receipt.on > organisation.today(at):
        raise NotYet(_(NOT_YET))
    receipt.base_amount = money.to_base(receipt.amount, receipt.currency, receipt.on)
    receipt.save()
    return receipt


def of_deal(deal, left=None):
    """(the receipts of a deal, the oldest first; what came in report currency; what is still to come, None without an amount).

    `left` of its amount, in its currency, is not cancelled, None for all of it. What is still to come is told by the rate
    of the win: what other days say of the same money nobody owes.
    """
    found = list(deal.receipts.all())
    came = sum((one.base_amount for one in found), 0)
    if deal.base_amount is None:
        return found, came, None
    owed = deal.base_amount
    if left is not None and deal.amount:
        owed = (owed * left / deal.amount).quantize(money.STORED)
    return found, came, owed - came
