"""Decisions to move spend, kept with what was expected of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pipeline.models.base import MoneyField, money_is_number


class ShiftAxis(models.TextChoices):
    """Between what spend is moved."""

    CHANNEL = "channel", _("Channels")
    SEGMENT = "segment", _("Segments")


class Shift(models.Model):
    """A decision to move `amount` a month from one channel or segment to another for the quarter from `starts_on`.

    `source` and `target` are a channel's code or a segment's id (0: none). `expected` is what was simulated then, of
    both together over the quarter: {"leads": …, "pipeline": …, "revenue": …}, each {"before": …, "after": [estimate, low,
    high], "came": [[low, high] of what really comes in 1, 2 and 3 months]}, with "spend": {"source": …, "target": …} after the move. `due_on` is the first day after the quarter. One that was kept by
    mistake is taken back: nobody is reminded of it, and nothing is learned from it.
    """

    by = models.CharField(_("between"), max_length=10, choices=ShiftAxis)
    source = models.CharField(_("from"), max_length=20)
    target = models.CharField(_("to"), max_length=20)
    amount = MoneyField(_("amount a month"))
    starts_on = models.DateField(_("first month"))
    due_on = models.DateField(_("look again on"))
    model = models.CharField(_("model"), max_length=20)
    expected = models.JSONField(_("expected"))
    reason = models.CharField(_("why"), max_length=500)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    decided_at = models.DateTimeField(_("decided"))
    reminded_at = models.DateTimeField(_("reminded"), null=True)
    looked_at = models.DateTimeField(_("looked at again"), null=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("looked at by")
    )
    learned = models.CharField(_("what we learned"), max_length=500, blank=True, default="")
    taken_back_at = models.DateTimeField(_("taken back on"), null=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("taken back by")
    )

    class Meta:
        verbose_name = _("shift of spend")
        verbose_name_plural = _("shifts of spend")
        constraints = [
            money_is_number("shift_is_number", "amount"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="shift_moves_something"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="shift_between_two"),
            models.CheckConstraint(condition=Q(starts_on__day=1), name="shift_first_of_month"),
            models.CheckConstraint(condition=Q(due_on__gt=F("starts_on")), name="shift_due_after_start"),
            models.CheckConstraint(
                condition=Q(looked_at__isnull=True, looked_by__isnull=True, learned="")
                | Q(looked_at__isnull=False, looked_by__isnull=False),
                name="shift_looked_at_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False, looked_at__isnull=True),
                name="shift_taken_back_instead",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(looked_at__isnull=True, reminded_at__isnull=True),
                name="shift_due",
            )
        ]

    def __str__(self):
        return f"{self.source} → {self.target} {self.starts_on:%Y-%m}"
