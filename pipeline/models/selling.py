"""What selling costs beside what campaigns cost: people, travel, tools and commissions of partners. Capability 81."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import currency_code
from pipeline.models.base import MoneyField, Sourced, keep_history, money_is_number, once_per_source
from pipeline.models.campaigns import ONLY_PAID_COMES_BACK, SpendKind
from pipeline.visibility import SharedQuerySet


class SalesCostOf(models.TextChoices):
    """What the money is spent on."""

    PEOPLE = "people", _("People")
    TRAVEL = "travel", _("Travel")
    TOOLS = "tools", _("Tools")
    COMMISSION = "commission", _("Commissions of partners")
    OTHER = "other", _("Other")


class SalesCostFileQuerySet(models.QuerySet):
    """Files of costs."""

    def kept(self):
        """Those that nobody has taken back."""
        return self.filter(taken_back_at=None)


class SalesCostFile(models.Model):
    """A table of costs that was brought and kept whole; what of it was taken back is gone from the costs."""

    name = models.CharField(_("file"), max_length=255)
    rows = models.PositiveIntegerField(_("rows"))
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("brought by")
    )
    brought_at = models.DateTimeField(_("brought at"), db_default=Now())
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("taken back by"),
    )
    taken_back_at = models.DateTimeField(_("taken back at"), null=True)
    digest = models.CharField(max_length=64, blank=True, default="", editable=False)  # SHA-256 of its bytes

    objects = SalesCostFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of costs")
        verbose_name_plural = _("files of costs")
        constraints = [
            models.UniqueConstraint(
                fields=["digest"],
                condition=models.Q(taken_back_at=None) & ~models.Q(digest=""),
                name="file_of_costs_once",
            )
        ]

    def __str__(self):
        return self.name


@keep_history(
    "SalesCostEvent", "of", "kind", "month", "on", "amount", "currency", "base_amount", "team", "segment", "region", "campaign", "payee", "note",
)  # fmt: skip
class SalesCost(Sourced):
    """Money for selling, by month of service, of a team, segment or region where it is known, or of a programme for existing customers.

    `base_amount` and `booked` are as those of Spend.
    """

    of = models.CharField(_("what for"), max_length=10, choices=SalesCostOf)
    kind = models.CharField(_("kind"), max_length=10, choices=SpendKind, default=SpendKind.PAID)
    month = models.DateField(_("month of service"))
    on = models.DateField(_("date"))
    booked = models.DateField(_("booked in"), editable=False)
    amount = MoneyField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[currency_code])
    base_amount = MoneyField(_("amount in report currency"), editable=False)
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    segment = models.ForeignKey(
        "accounts.Segment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("segment")
    )
    region = models.ForeignKey(
        "accounts.Region", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    campaign = models.ForeignKey(
        "pipeline.Campaign",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sales_costs",
        verbose_name=_("programme"),
        help_text=_("The programme for existing customers that it is for, if any."),
    )
    payee = models.CharField(_("paid to"), max_length=200, blank=True, default="", db_default="")
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
    file = models.ForeignKey(
        SalesCostFile,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="costs",
        editable=False,
        verbose_name=_("file"),
    )

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost of sales")
        verbose_name_plural = _("costs of sales")
        constraints = [
            once_per_source("sales_cost_once_per_source"),
            money_is_number("sales_cost_money_is_number", "amount", "base_amount"),
            models.CheckConstraint(condition=Q(month__day=1), name="sales_cost_month_is_first_day"),
        ]
        indexes = [models.Index(fields=["-month", "-id"], name="sales_cost_month")]

    def __str__(self):
        return f"{self.amount} {self.currency}"

    def clean(self):
        """What comes back is paid cost below zero; what is only planned or committed is changed where it stands."""
        if self.amount is not None and self.amount < 0 and self.kind != SpendKind.PAID:
            raise ValidationError({"amount": ONLY_PAID_COMES_BACK})
