"""What both tracks promised: one amount for each month, region and segment."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pipeline.models.base import MoneyField, money_is_number


class Measure(models.TextChoices):
    """What is promised. `kept` is the margin of existing customers: of expansions and renewals."""

    WON = "won", _("Won revenue")
    MARGIN = "margin", _("Margin")
    KEPT = "kept", _("Margin kept")
    SQLS = "sqls", _("Accepted SQLs")
    PIPELINE = "pipeline", _("Pipeline created")


class Target(models.Model):
    """The target of a measure for one month in one region and one segment (null: in none).

    Sales' target of a region is the sum over its segments, marketing's of a segment the sum over the regions: both
    read the same cells, so that they always reconcile. It is that of the region with all that is part of it.
    """

    month = models.DateField(_("month"))
    measure = models.CharField(_("measure"), max_length=10, choices=Measure)
    region = models.ForeignKey(
        "accounts.Region", models.PROTECT, null=True, related_name="+", verbose_name=_("region")
    )
    segment = models.ForeignKey(
        "accounts.Segment", models.PROTECT, null=True, related_name="+", verbose_name=_("segment")
    )
    amount = MoneyField(_("target"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("set by")
    )
    set_at = models.DateTimeField(_("set"))

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "measure", "region", "segment"], nulls_distinct=False, name="target_once"
            ),
            money_is_number("target_is_number", "amount"),
            models.CheckConstraint(condition=Q(month__day=1), name="target_first_of_month"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="target_not_negative"),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.measure} {self.amount}"
