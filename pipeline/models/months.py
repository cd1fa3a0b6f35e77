"""Which months the books are closed for. What was frozen then is kept by the reports."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pipeline.visibility import MonthCloseQuerySet


class MonthClose(models.Model):
    """A month that was closed: its official figures stand. In force until it is re-opened. Append-only.

    `number` counts the closes of the month, so that two at once cannot both be written. `deal_history`,
    `spend_history` and `campaign_history` are the last rows of history, `last_deal` and `last_spend` the last records,
    that were there.
    """

    journal = True

    month = models.DateField(_("month"))
    number = models.PositiveSmallIntegerField(_("how often"), default=1)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed"))
    deal_history = models.BigIntegerField(editable=False)
    spend_history = models.BigIntegerField(editable=False)
    campaign_history = models.BigIntegerField(editable=False, default=0, db_default=0)
    last_deal = models.BigIntegerField(editable=False)
    last_spend = models.BigIntegerField(editable=False)

    objects = MonthCloseQuerySet.as_manager()

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        ordering = ["month", "number"]
        constraints = [
            models.UniqueConstraint(fields=["month", "number"], name="month_close_once"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="month_close_first_day"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="month_close_number"),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m}"


class MonthReopening(models.Model):
    """A close was taken back, by whom and why. Append-only."""

    journal = True

    close = models.OneToOneField(
        MonthClose, models.CASCADE, related_name="reopening", verbose_name=_("closed month")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("re-opening of a month")
        verbose_name_plural = _("re-openings of months")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="month_reopening_has_reason")
        ]

    def __str__(self):
        return f"{self.close}: {self.reason}"
