"""What one team or one person is to bring: their quota, by month."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pipeline.models.base import MoneyField, money_is_number
from reports.models.targets import Measure


class Quota(models.Model):
    """The quota of one team or one person for a measure in one month."""

    month = models.DateField(_("month"))
    measure = models.CharField(_("measure"), max_length=10, choices=Measure)
    team = models.ForeignKey(
        "accounts.Team", models.CASCADE, null=True, related_name="+", verbose_name=_("team")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", verbose_name=_("person")
    )
    amount = MoneyField(_("quota"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("set by")
    )
    set_at = models.DateTimeField(_("set"))

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "measure", "team", "person"], nulls_distinct=False, name="quota_once"
            ),
            models.CheckConstraint(
                condition=Q(team__isnull=True, person__isnull=False)
                | Q(team__isnull=False, person__isnull=True),
                name="quota_of_team_or_person",
            ),
            money_is_number("quota_is_number", "amount"),
            models.CheckConstraint(condition=Q(month__day=1), name="quota_first_of_month"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="quota_not_negative"),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.measure} {self.amount}"
