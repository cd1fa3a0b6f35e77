"""Exchange rates as people keep them: whatever is in the currency is converted anew at once, or nothing changes."""

from django.db import transaction
from django.utils.translation import ngettext

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


@transaction.atomic
def put(rate):
    """Save a new or changed ExchangeRate. Returns how many amounts were converted anew; raises Needed, nothing is saved then."""
    before = ExchangeRate.objects.filter(pk=rate.pk).values_list("currency", flat=True).first()
    rate.save()
    if before in (None, rate.currency):
        return money.rebase(rate.currency)
    return _without(before) + money.rebase(rate.currency)


@transaction.atomic
def take_back(rate):
    """Delete an ExchangeRate. Returns how many amounts were converted anew; raises Needed, nothing is deleted then."""
    rate.delete()
    return _without(rate.currency)


def _without(currency):
    """Convert anew what is in a currency that has lost a rate. Raises Needed where it was the only one."""
    if not ExchangeRate.objects.filter(currency=currency).exists():
        held = (
            model.objects.filter(currency=currency, amount__isnull=False) for model in (Spend, Deal, Receipt)
        )
        if amounts := sum(rows.count() for rows in held):
            raise Needed(currency, amounts)
    return money.rebase(currency)
