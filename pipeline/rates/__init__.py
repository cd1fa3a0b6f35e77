"""Exchange rates as people keep them: whatever is in the currency is converted anew, or nothing changes.

At once, in the same transaction; of a currency with very much money as an errand, so that no page waits for it.
"""

from django.db import transaction
from django.utils.translation import ngettext

from engine import errands
from engine.models import Errand
from pipeline import money
from pipeline.models import Deal, ExchangeRate, Receipt, Spend


class Needed(Exception):
    """The only rate of a currency in which money is recorded; the text says how much."""

    def __init__(self, currency, amounts):
        super().__init__(
            ngettext(
                "This is the only rate of %(currency)s, and %(n)d amount is converted by it. It stays until there is another.",
                "This is the only rate of %(currency)s, and %(n)d amounts are converted by it. It stays until there is another.",
                amounts,
            )
            % {"currency": currency, "n": amounts}
        )


KIND = "rate"
AT_ONCE = 20_000  # amounts that a page waits for


@transaction.atomic
def put(rate, by):
    """Save a new or changed ExchangeRate. Returns how many amounts were converted anew, None where that is still to come.

    Raises Needed, nothing is saved then. `by` is the user who wants it.
    """
    before = ExchangeRate.objects.filter(pk=rate.pk).values_list("currency", flat=True).first()
    rate.save()
    if before in (None, rate.currency):
        return _convert(rate.currency, by)
    counts = _without(before, by), _convert(rate.currency, by)
    return None if None in counts else sum(counts)


@transaction.atomic
def take_back(rate, by):
    """Delete an ExchangeRate. Returns as `put` does; raises Needed, nothing is deleted then."""
    rate.delete()
    return _without(rate.currency, by)


def waiting():
    """The currencies that are being converted anew in the background, sorted."""
    open_ones = Errand.objects.filter(kind=KIND, finished_at=None)
    return sorted(open_ones.values_list("subject", flat=True))


def carry_out(payload, _actor):
    """Convert anew what is in the currency of an errand."""
    money.rebase(payload["currency"])


def _without(currency, by):
    """Convert anew what is in a currency that has lost a rate. Raises Needed where it was the only one."""
    if not ExchangeRate.objects.filter(currency=currency).exists() and (amounts := _held(currency)):
        raise Needed(currency, amounts)
    return _convert(currency, by)


def _convert(currency, by):
    if _held(currency) <= AT_ONCE:
        return money.rebase(currency)
    errands.ask(KIND, currency, {"currency": currency}, by.pk)
    return None


def _held(currency):
    """How many amounts are in a currency."""
    held = (model.objects.filter(currency=currency, amount__isnull=False) for model in (Spend, Deal, Receipt))
    return sum(rows.count() for rows in held)
