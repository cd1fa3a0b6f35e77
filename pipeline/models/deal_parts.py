"""What a deal is made of: its lines, its people, and the changes of its life."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from pipeline.models.base import (
    NOT_NEGATIVE,
    MoneyField,
    label_of,
    money_is_number,
)
from pipeline.models.deals import PERCENT, Deal


class DealLine(models.Model):
    """A product in a deal. `unit_cost` is copied at the win and stays as it was then."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="lines")
    product = models.ForeignKey("pipeline.Product", models.PROTECT, verbose_name=_("product"))
    quantity = models.DecimalField(
        _("quantity"),
        max_digits=12,
        decimal_places=3,
        default=1,
        validators=[MinValueValidator(Decimal("0.001"))],
    )
    unit_price = MoneyField(_("unit price"), validators=NOT_NEGATIVE)
    discount = models.DecimalField(
        _("discount in %"), max_digits=5, decimal_places=2, default=0, validators=PERCENT
    )
    unit_cost = MoneyField(_("unit cost"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("deal line")
        verbose_name_plural = _("deal lines")
        ordering = ["id"]
        constraints = [
            money_is_number("deal_line_money_is_number", "unit_price", "unit_cost"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, quantity__lt=10**9), name="deal_line_quantity"
            ),
            models.CheckConstraint(condition=Q(discount__range=(0, 100)), name="deal_line_discount"),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.product}"

    @property
    def amount(self):
        """Net amount of the line in the deal's currency."""
        return self.quantity * self.unit_price * (100 - self.discount) / 100


class DealContactRole(models.TextChoices):
    DECIDES = "decides", _("Decides")
    USES = "uses", _("Uses")
    PAYS = "pays", _("Pays")
    BLOCKS = "blocks", _("Blocks")


class DealContact(models.Model):
    """A contact's part in a deal."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="deal_contacts")
    contact = models.ForeignKey(
        "pipeline.Contact", models.CASCADE, related_name="deal_contacts", verbose_name=_("contact")
    )
    role = models.CharField(
        _("role"),
        max_length=10,
        choices=DealContactRole,
        default=DealContactRole.DECIDES,
        db_default="decides",
    )

    class Meta:
        verbose_name = _("contact of a deal")
        verbose_name_plural = _("contacts of a deal")
        constraints = [models.UniqueConstraint(fields=["deal", "contact"], name="deal_contact_once")]

    def __str__(self):
        return f"{self.contact} ({self.get_role_display()})"


class DealChange(models.Model):
    """One change in a deal's life, as text before and after. Append-only; actors are ids, never names."""

    journal = True

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="changes")
    field = models.CharField(_("field"), max_length=30)
    before = models.CharField(_("before"), max_length=200, blank=True, default="")
    after = models.CharField(_("after"), max_length=200, blank=True, default="")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    of_day = models.DateField(null=True, blank=True)  # of the cancellation that came or was taken back
    at = models.DateTimeField(_("at"))
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("deal change")
        verbose_name_plural = _("deal changes")
        ordering = ["id"]

    def __str__(self):
        return f"{self.deal_id} {self.field}: {self.before} → {self.after}"

    @property
    def label(self):
        """What changed, in the reader's language."""
        return label_of(Deal, self.field)
