"""What the use of a product at a customer says: rules with their thresholds, and the signs that they have found."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leads.models.moments import Outcome
from leads.visibility import UsageSignQuerySet

DAYS = [MinValueValidator(1), MaxValueValidator(1000)]


class UsageKind(models.TextChoices):
    FALLING = "falling", _("Used less than before")
    SILENT = "silent", _("Not used for long")
    ERRORS = "errors", _("Many errors")
    ENDING = "ending", _("End of life near")


class UsageRule(models.Model):
    """When the use of a unit is a sign, of one product or (None) of all that have no rule of their own.

    Falling: the use a week of the last `days` is at most `percent` of that of the `before_days` before. Silent: no use for
    `days`. Errors: at least `errors` within `days`. Ending: its life, sale or service ends within `days`.
    """

    kind = models.CharField(_("sign"), max_length=10, choices=UsageKind)
    product = models.ForeignKey(
        "pipeline.Product", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("product"),
        help_text=_("Without one the rule is for all products that have none of their own."),
    )  # fmt: skip
    days = models.PositiveSmallIntegerField(_("days"), validators=DAYS)
    before_days = models.PositiveSmallIntegerField(
        _("days before them"), default=84, validators=DAYS, help_text=_("Only asked of falling use.")
    )
    percent = models.PositiveSmallIntegerField(
        _("at most % of the use before"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("Only asked of falling use."),
    )
    errors = models.PositiveIntegerField(
        _("errors at least"),
        default=10,
        validators=[MinValueValidator(1)],
        help_text=_("Only asked of errors."),
    )
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("rule of use")
        verbose_name_plural = _("rules of use")
        ordering = ["kind", "product__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "product"],
                nulls_distinct=False,
                name="usage_rule_once",
                violation_error_message=_("There is a rule for this already: change that one."),
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="usage_rule_days"),
            models.CheckConstraint(condition=Q(before_days__gte=1), name="usage_rule_before"),
            models.CheckConstraint(condition=Q(percent__range=(1, 99)), name="usage_rule_percent"),
            models.CheckConstraint(condition=Q(errors__gte=1), name="usage_rule_errors"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.product}" if self.product else str(self.get_kind_display())


class UsageSign(models.Model):
    """What a rule has found about a unit, from the day it began until it holds no more. At most one open of a kind for a unit.

    `facts` are the figures of its sentence. Whoever looks after the account closes it for themselves, with an `outcome`;
    it stays open as long as it holds. `deal` is the renewal or replacement that was opened because of it.
    """

    unit = models.ForeignKey("pipeline.Unit", models.CASCADE, related_name="signs", db_index=False)
    kind = models.CharField(_("sign"), max_length=10, choices=UsageKind)
    facts = models.JSONField(default=dict)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("told to")
    )
    began_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, blank=True, default="", db_default=""
    )
    deal = models.ForeignKey(
        "pipeline.Deal", models.SET_NULL, null=True, related_name="+", verbose_name=_("deal")
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = UsageSignQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign of use")
        verbose_name_plural = _("signs of use")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind"], condition=Q(ended_at__isnull=True), name="one_open_sign"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-began_at"], name="sign_of_unit"),
            models.Index(fields=["kind"], condition=Q(ended_at__isnull=True), name="sign_open"),
        ]

    def __str__(self):
        return f"{self.unit_id} {self.kind}"
