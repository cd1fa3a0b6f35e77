"""Campaigns, what was planned for them, what was spent, and the rates between currencies."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Track
from accounts.models.organisation import currency_code
from engine.moments import day_in_reach
from pipeline.channels import Channel
from pipeline.models.base import (
    NAN,
    NOT_NEGATIVE,
    MoneyField,
    Sourced,
    keep_history,
    money_is_number,
    once_per_source,
)
from pipeline.visibility import CampaignQuerySet, SpendQuerySet


class CampaignStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    ACTIVE = "active", _("Active")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


@keep_history(
    "CampaignEvent", "name", "code", "status", "channel", "track", "parent", "owner", "segment", "region", "product", "starts_on",
    "ends_on", "budget", "currency", "expected_leads", "expected_mqls", "expected_sqls", "expected_pipeline", "expected_revenue",
    "for_existing", "note",
)  # fmt: skip
class Campaign(Sourced):
    """A marketing activity with an owner, a code, a channel and a plan. Campaigns nest: programme → campaign.

    The plan's amounts are in `currency`; reports convert them at the rate of the first day.
    """

    name = models.CharField(_("name"), max_length=300)
    code = models.CharField(_("code"), max_length=60, unique=True)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=CampaignStatus,
        default=CampaignStatus.PLANNED,
        db_default="planned",
    )
    channel = models.CharField(_("channel"), max_length=20, choices=Channel, default=Channel.OTHER)
    track = models.CharField(
        _("track"), max_length=10, choices=Track, default=Track.MARKETING, db_default="marketing"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("programme")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("owner"),
    )
    owner_text = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)
    segment = models.ForeignKey(
        "accounts.Segment", models.PROTECT, null=True, blank=True, verbose_name=_("segment")
    )
    region = models.ForeignKey(
        "accounts.Region", models.PROTECT, null=True, blank=True, verbose_name=_("region")
    )
    product = models.ForeignKey(
        "pipeline.Product", models.PROTECT, null=True, blank=True, verbose_name=_("product")
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True, validators=[day_in_reach])
    ends_on = models.DateField(_("last day"), null=True, blank=True, validators=[day_in_reach])
    budget = MoneyField(_("budget"), null=True, blank=True, validators=NOT_NEGATIVE)
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[currency_code])
    expected_leads = models.PositiveIntegerField(_("expected leads"), null=True, blank=True)
    expected_mqls = models.PositiveIntegerField(_("expected MQLs"), null=True, blank=True)
    expected_sqls = models.PositiveIntegerField(_("expected SQLs"), null=True, blank=True)
    expected_pipeline = MoneyField(_("expected pipeline"), null=True, blank=True, validators=NOT_NEGATIVE)
    expected_revenue = MoneyField(_("expected revenue"), null=True, blank=True, validators=NOT_NEGATIVE)
    for_existing = models.BooleanField(
        _("for existing customers"),
        default=False,
        db_default=False,
        help_text=_(
            "It is to keep customers or to sell more to them; reports list it beside the margin kept."
        ),
    )
    note = models.TextField(_("note"), blank=True, default="", db_default="")

    objects = CampaignQuerySet.as_manager()
    told_by = ("name",)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            once_per_source("campaign_once_per_source"),
            money_is_number("campaign_money_is_number", "budget", "expected_pipeline", "expected_revenue"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="campaign_ends_after_start",
                violation_error_message=_("The last day is before the first day."),
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")),
                name="campaign_not_own_parent",
                violation_error_message=_("A campaign cannot be part of itself."),
            ),
        ]
        indexes = [models.Index(fields=["-starts_on", "-id"], name="campaign_newest")]

    def __str__(self):
        return self.name


class SpendKind(models.TextChoices):
    PLANNED = "planned", _("Planned")
    COMMITTED = "committed", _("Committed")
    PAID = "paid", _("Paid")


LOOK_AT_THE_YEAR = _("That is far from today: look at the year. What is older is brought by an import.")
NOT_PAID_YET = gettext_noop("Nothing is paid on a day to come: until then it is planned or committed.")
FARTHEST = timedelta(days=10 * 366)  # of spend as people enter it, before today and after
ONLY_PAID_COMES_BACK = _("Only what was paid can come back. Change the planned or committed entry itself.")


@keep_history(
    "SpendEvent", "campaign", "kind", "month", "amount", "currency", "base_amount", "vendor", "note"
)
class Spend(Sourced):
    """Money for a campaign (or for none), by month of service, and what the platform reports beside it.

    `month` is the first day of the month of service; `on` the day of the invoice or of the platform's report.
    `base_amount` is in the organisation's currency at the rate of `on`. `booked` is the month in which it counts
    officially: that of service, or the first open one where that was closed; the database sets it.
    """

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="spends", verbose_name=_("campaign")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=SpendKind, default=SpendKind.PAID)
    month = models.DateField(_("month of service"))
    on = models.DateField(_("date"))
    booked = models.DateField(_("booked in"), editable=False)
    amount = MoneyField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[currency_code])
    base_amount = MoneyField(_("amount in report currency"), editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("entered by"),
    )
    vendor = models.CharField(_("vendor"), max_length=200, blank=True, default="", db_default="")
    note = models.CharField(_("note"), max_length=500, blank=True, default="", db_default="")
    impressions = models.BigIntegerField(_("impressions"), null=True, blank=True, validators=NOT_NEGATIVE)
    clicks = models.BigIntegerField(_("clicks"), null=True, blank=True, validators=NOT_NEGATIVE)
    # Platforms share one out among several clicks, so that their counts have fractions.
    reported_leads = models.DecimalField(
        _("leads as the platform reports"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=NOT_NEGATIVE,
    )
    reported_orders = models.DecimalField(
        _("orders as the platform reports"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=NOT_NEGATIVE,
    )
    reported_revenue = MoneyField(
        _("revenue as the platform reports"), null=True, blank=True, validators=NOT_NEGATIVE
    )

    objects = SpendQuerySet.as_manager()

    class Meta:
        verbose_name = _("spend")
        verbose_name_plural = _("spend")
        constraints = [
            once_per_source("spend_once_per_source"),
            money_is_number(
                "spend_money_is_number",
                "amount",
                "base_amount",
                "reported_leads",
                "reported_orders",
                "reported_revenue",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="spend_month_is_first_day"),
        ]
        indexes = [models.Index(fields=["campaign", "month"], name="spend_campaign_month")]

    def __str__(self):
        return f"{self.amount} {self.currency}"

    def clean(self):
        """A credit note is paid spend below zero; what is only planned or committed is changed where it stands."""
        if self.amount is not None and self.amount < 0 and self.kind != SpendKind.PAID:
            raise ValidationError({"amount": ONLY_PAID_COMES_BACK})


def impossible(spent, today, changed=("kind", "month", "on")):
    """{field: why} of the days of a spend (a mapping with `kind`, `month`, `on`) that cannot be, as far as they were `changed`.

    A year that must be mistyped, and a payment on a day to come. What is paid may be for a later month.
    """
    days = {name: spent.get(name) for name in ("month", "on") if name in changed}
    wrong = {name: LOOK_AT_THE_YEAR for name, day in days.items() if day and abs(day - today) > FARTHEST}
    paid_on = spent.get("on") if spent.get("kind", SpendKind.PAID) == SpendKind.PAID else None
    if paid_on and paid_on > today and not {"kind", "on"}.isdisjoint(changed):
        return {"on": _(NOT_PAID_YET)} | wrong
    return wrong


class ExchangeRate(models.Model):
    """One unit of `currency` in the organisation's currency from `on` until the next rate."""

    currency = models.CharField(_("currency"), max_length=3, validators=[currency_code])
    on = models.DateField(_("from"))
    rate = models.DecimalField(
        _("rate"), max_digits=18, decimal_places=8, validators=[MinValueValidator(Decimal("0.00000001"))]
    )

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(fields=["currency", "on"], name="rate_once_a_day"),
            models.CheckConstraint(
                condition=Q(rate__gt=0) & ~Q(rate=NAN),
                name="rate_positive",
            ),
        ]

    def __str__(self):
        return f"{self.currency} {self.on} {self.rate}"
