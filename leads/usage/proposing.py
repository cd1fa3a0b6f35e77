"""From a sign of use to the deal that keeps the customer: the renewal of the contract, or a replacement."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import organisation
from engine.hints import hint
from leads import funnel
from leads.closing import renewing
from leads.models import UsageSign
from leads.usage.wording import sentence
from pipeline.models import Deal, DealKind, DealLine, Outcome, Unit

SOON = timedelta(days=60)


def propose(sign, *, by, at):
    """The open deal of a sign: one that is open already for this unit, the renewal of the contract it came with, else a replacement.

    Returns (deal, whether this call opened it).
    """
    with transaction.atomic():
        _hold(sign.unit_id)
        sign = UsageSign.objects.select_related("unit__product", "unit__company__sales_owner").get(pk=sign.pk)
        made = _there(sign.unit)
        opened = made is None
        if made is None:
            made = _opened(sign, by, at)
        UsageSign.objects.open().filter(unit=sign.unit).update(deal=made)
    hint(funnel.ALWAYS_HINT)
    return made, opened


def _hold(unit):
    """Wait for the unit and the deal that it came with, so that two signs, or the contract's end, open one deal."""
    held = Unit.objects.select_for_update(no_key=True).get(pk=unit)
    list(Deal.objects.select_for_update(no_key=True).filter(units=held).values_list("pk"))


def _there(unit):
    """An open deal that somebody, or the end of the contract, has opened for this unit."""
    by_sign = UsageSign.objects.filter(unit=unit, deal__outcome=Outcome.OPEN).select_related("deal").first()
    if by_sign:
        return by_sign.deal
    return Deal.objects.open().filter(renews=unit.deal_id).first() if unit.deal_id else None


def _opened(sign, by, at):
    unit, product = sign.unit, sign.unit.product
    if renewing.may_renew(unit.deal_id):
        return renewing.renew(unit.deal, at, by=by)
    keeper = unit.company.sales_owner
    made = Deal(
        name=(_("Replacement: %(unit)s") % {"unit": unit})[:300], company=unit.company, kind=DealKind.RENEWAL, product=product,
        owner=keeper if keeper and keeper.is_active else by, amount=product.list_price, currency=product.currency,
        expected_close=organisation.today(at) + SOON,
    )  # fmt: skip
    renewing.begin(made, sentence(sign), by=by, at=at)
    if product.list_price is not None:
        DealLine.objects.create(deal=made, product=product, quantity=1, unit_price=product.list_price)
    return made
