"""What people expected of a period, kept as they said it, and the deals that they said it of."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pipeline.models.base import MoneyField, money_is_number


class ForecastCall(models.Model):
    """What somebody expected to be won in a period, closed deals included, and what the deals said at that moment.

    It is about one rep's deals (`rep`), a team's (`team`), or, with neither, about all. `by` is null for what the machine
    kept on the first day: its `commit` and `best_case` are the sums of the deals. Append-only: whoever changes their mind says so in
    another row. All amounts are in report currency. `deals`: how many it was about, null where they were not kept.
    """

    journal = True

    first = models.DateField(_("first day"))
    months = models.PositiveSmallIntegerField(_("months"))
    rep = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("rep")
    )
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, related_name="+", verbose_name=_("team")
    )
    commit = MoneyField(_("commit"))
    best_case = MoneyField(_("best case"))
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    closed = MoneyField(_("closed by then"))
    summed_commit = MoneyField(_("commit by the deals"))
    summed_best_case = MoneyField(_("best case by the deals"))
    weighted = MoneyField(_("weighted"))
    deals = models.PositiveIntegerField(_("deals"), null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("forecast said")
        verbose_name_plural = _("forecasts said")
        constraints = [
            money_is_number(
                "forecast_call_is_number",
                "commit",
                "best_case",
                "closed",
                "summed_commit",
                "summed_best_case",
                "weighted",
            ),
            models.CheckConstraint(condition=Q(first__day=1), name="forecast_call_first_of_month"),
            models.CheckConstraint(condition=Q(months__range=(1, 12)), name="forecast_call_months"),
            models.CheckConstraint(
                condition=Q(rep__isnull=True) | Q(team__isnull=True), name="forecast_call_of_one"
            ),
            models.CheckConstraint(
                condition=Q(best_case__gte=models.F("commit")), name="forecast_call_order"
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=True) | Q(commit=models.F("summed_commit")) | ~Q(reason=""),
                name="forecast_call_says_why",
            ),
        ]
        indexes = [models.Index(fields=["first", "months", "-at"], name="forecast_call_period")]

    def __str__(self):
        return f"{self.first:%Y-%m} +{self.months} {self.commit}"


class ForecastItem(models.Model):
    """One deal that a forecast was about, as it stood at that moment: `deal` is its id, `owner` and `team` whose it was (0: nobody's).

    `due_on`: the expected close, or the day of the win. What the machine keeps of reps and teams is a part of what it
    keeps of the house at the same moment, so that each deal is written once: under the call of the house.
    """

    journal = True

    call = models.ForeignKey(ForecastCall, models.CASCADE, related_name="items", db_index=False)
    deal = models.BigIntegerField(_("deal"))
    owner = models.BigIntegerField()
    team = models.BigIntegerField()
    category = models.CharField(_("forecast category"), max_length=10)
    amount = MoneyField(_("amount"), null=True)
    chance = models.DecimalField(_("probability"), max_digits=5, decimal_places=2)
    due_on = models.DateField(_("expected close"))

    class Meta:
        verbose_name = _("deal of a forecast")
        verbose_name_plural = _("deals of forecasts")
        constraints = [
            models.UniqueConstraint(fields=["call", "deal"], name="forecast_item_once"),
            money_is_number("forecast_item_is_number", "amount"),
        ]

    def __str__(self):
        return f"{self.call_id} {self.deal}"
