"""What a programme for existing customers is to keep: goals that both heads sign. Capability 80."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from engine.moments import day_in_reach
from leads.models.agreement import Signature
from pipeline.models.base import MoneyField, money_is_number


class KeepGoal(models.Model):
    """The margin that a programme is to keep in the months from `first` to `last`, in report currency. In force once both heads
    have signed; never changed, a newer one that both signed takes its place."""

    campaign = models.ForeignKey(
        "pipeline.Campaign", models.CASCADE, related_name="keep_goals", verbose_name=_("programme")
    )
    first = models.DateField(_("from"), validators=[day_in_reach])
    last = models.DateField(_("until"), validators=[day_in_reach])
    margin = MoneyField(_("margin to keep"), validators=[MinValueValidator(1)])
    note = models.TextField(_("note"), max_length=2000, blank=True, default="", db_default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("drafted by"),
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("goal of a programme")
        verbose_name_plural = _("goals of programmes")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first__day=1, last__day=1, last__gte=F("first")),
                name="keep_goal_months",
                violation_error_message=_("The last month is not before the first one."),
            ),
            models.CheckConstraint(condition=Q(margin__gt=0), name="keep_goal_above_nothing"),
            money_is_number("keep_goal_is_number", "margin"),
        ]

    def __str__(self):
        return f"{self.campaign_id} {self.first:%Y-%m}"


class KeepSignature(Signature):
    """A head's signature under a goal."""

    goal = models.ForeignKey(KeepGoal, models.PROTECT, related_name="signatures")

    class Meta(Signature.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["goal", "track"], name="keep_signature_once")]
