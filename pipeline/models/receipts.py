"""Money that customers have paid on won deals."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import currency_code
from engine.moments import day_in_reach
from pipeline.models.base import MoneyField, Sourced, keep_history, money_is_number, once_per_source
from pipeline.models.deals import Deal
from pipeline.visibility import ReceiptQuerySet


def not_nothing(amount):
    """Money came or went back. Raises ValidationError."""
    if not amount:
        raise ValidationError(_("Nothing is no receipt: give the amount that came, or went back."))


@keep_history("ReceiptEvent", "deal", "on", "amount", "currency", "base_amount", "note")
class Receipt(Sourced):
    """Money received on a deal on the day `on`, net of tax; negative where it was paid back.

    `base_amount` is in the report currency at the rate of `on`.
    """

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="receipts", verbose_name=_("deal"))
    on = models.DateField(_("received on"), validators=[day_in_reach])
    amount = MoneyField(_("amount"), validators=[not_nothing])
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[currency_code])
    base_amount = MoneyField(_("amount in report currency"), editable=False)
    note = models.CharField(_("note"), max_length=500, blank=True, default="", db_default="")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("entered by"),
    )

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["on", "id"]
        constraints = [
            once_per_source("receipt_once_per_source"),
            money_is_number("receipt_money_is_number", "amount", "base_amount"),
            models.CheckConstraint(condition=~Q(amount=0), name="receipt_is_not_nothing"),
        ]

    def __str__(self):
        return f"{self.on} {self.amount} {self.currency}"
