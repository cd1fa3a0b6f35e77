"""The common commission of marketing: plans that both heads sign, and the statements of quarters that finance settles."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leads.models.agreement import Signature
from pipeline.models.base import MoneyField, money_is_number


class ShareRule(models.TextChoices):
    """How a commission is shared among the people of a plan."""

    EQUAL = "equal", _("Equal shares")
    NAMED = "named", _("Named shares")


class CommissionPlan(models.Model):
    """The terms of a fiscal year or quarter, from the month `first` to before `until`. A quarter goes by the newest plan that
    covers it and that both tracks have signed. A plan never changes: a draft is thrown away, and another one made.

    The commission of a quarter is `rate` % of its incremental margin, `cap` at most (null: no cap). An effect counts whose
    interval lies above 0; with `unproven` any that can be told, and with `baselines` those against a baseline as well.
    """

    first = models.DateField(_("from"))
    until = models.DateField(_("until"))
    rate = models.DecimalField(
        _("rate, in % of the incremental margin"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0.01), MaxValueValidator(100)],
    )
    cap = MoneyField(_("at most in a quarter"), null=True, blank=True, validators=[MinValueValidator(0)])
    unproven = models.BooleanField(_("effects whose interval covers 0 count too"), default=False)
    baselines = models.BooleanField(_("effects against a baseline count too"), default=False)
    rule = models.CharField(_("shares"), max_length=5, choices=ShareRule, default=ShareRule.EQUAL)
    with_sales = models.BooleanField(_("people of sales take part"), default=False)
    note = models.TextField(_("note"), max_length=2000, blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("commission plan")
        verbose_name_plural = _("commission plans")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first__day=1, until__day=1, first__lt=F("until")), name="commission_plan_months"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0, rate__lte=100), name="commission_plan_rate"),
            models.CheckConstraint(condition=Q(cap__isnull=True) | Q(cap__gte=0), name="commission_plan_cap"),
            money_is_number("commission_cap_is_number", "cap"),
        ]

    def __str__(self):
        return str(_("Plan %(number)s") % {"number": self.pk})


class CommissionShare(models.Model):
    """Somebody who takes part in a plan; with their share in % where shares are named."""

    plan = models.ForeignKey(CommissionPlan, models.CASCADE, related_name="shares", db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="commission_shares", verbose_name=_("person")
    )
    percent = models.DecimalField(_("share in %"), max_digits=5, decimal_places=2, null=True)

    class Meta:
        verbose_name = _("share of a commission")
        verbose_name_plural = _("shares of commissions")
        constraints = [
            models.UniqueConstraint(fields=["plan", "person"], name="commission_share_once"),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gt=0, percent__lte=100),
                name="commission_share_percent",
            ),
        ]

    def __str__(self):
        return f"{self.plan_id} {self.person_id}"


class CommissionSignature(Signature):
    """A head's signature under a plan."""

    plan = models.ForeignKey(CommissionPlan, models.PROTECT, related_name="signatures")

    class Meta(Signature.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["plan", "track"], name="commission_signature_once")]


class CommissionStatement(models.Model):
    """A settled quarter, as it was told that day. `earned` of `margin`, by the plan; with the sum of its corrections of
    quarters settled before, and what was `carried` from the last one (never above 0), it is `paid`, or carried on.
    """

    journal = True

    plan = models.ForeignKey(CommissionPlan, models.PROTECT, related_name="statements")
    first = models.DateField(_("quarter"), unique=True)
    until = models.DateField()
    currency = models.CharField(max_length=3)
    margin = MoneyField()
    earned = MoneyField()
    corrected = MoneyField()
    carried = MoneyField()
    paid = MoneyField()
    carry = MoneyField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(_("settled"))

    class Meta:
        verbose_name = _("commission statement")
        verbose_name_plural = _("commission statements")
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first__day=1, until__day=1), name="commission_statement_months"
            ),
            models.CheckConstraint(
                condition=Q(earned__gte=0, paid__gte=0, carry__lte=0, carried__lte=0),
                name="commission_statement_signs",
            ),
            models.CheckConstraint(
                condition=Q(paid=F("earned") + F("corrected") + F("carried") - F("carry")),
                name="commission_statement_sums",
            ),
            money_is_number(
                "commission_is_number", "margin", "earned", "corrected", "carried", "paid", "carry"
            ),
        ]

    def __str__(self):
        return f"{self.first:%Y-%m}"


class CommissionLine(models.Model):
    """A campaign in a settled quarter, and how it was measured, so that it can be measured again: by the lot of an `audience`
    in the days from `first` to before `last` (on the first from the moment `since` on, where it is known), or in `regions` and a `segment` over the months from `first` to before `last`.

    `counted` is what it brought to the margin of the quarter; `why` it brought nothing ("" where it counts). `left_out`: the first days of
    its months that the baseline could not compare; empty of lines that were settled before this was kept.
    """

    journal = True

    statement = models.ForeignKey(CommissionStatement, models.PROTECT, related_name="lines", db_index=False)
    campaign = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=10)
    audience = models.BigIntegerField()
    first = models.DateField()
    last = models.DateField()
    since = models.DateTimeField(null=True)
    regions = ArrayField(models.BigIntegerField(), default=list)
    segment = models.BigIntegerField()
    estimate = MoneyField(null=True)
    low = MoneyField(null=True)
    high = MoneyField(null=True)
    cancelled = MoneyField(default=0)
    uncosted = models.PositiveIntegerField(default=0)
    left_out = ArrayField(models.DateField(), default=list, db_default=[])
    why = models.CharField(max_length=10, blank=True, default="")
    counted = MoneyField()

    class Meta:
        verbose_name = _("line of a commission statement")
        verbose_name_plural = _("lines of commission statements")
        indexes = [models.Index(fields=["statement"], name="commission_line_statement")]
        constraints = [
            models.CheckConstraint(condition=Q(why="") | Q(counted=0), name="commission_line_counts"),
            money_is_number("commission_line_is_number", "estimate", "low", "high", "cancelled", "counted"),
        ]

    def __str__(self):
        return f"{self.statement_id} {self.campaign}"


class CommissionCorrection(models.Model):
    """What a statement takes back of, or adds to, the commission of an earlier one. `changes`: [[campaign, what counted by all
    statements before, what counts now], …].
    """

    journal = True

    statement = models.ForeignKey(
        CommissionStatement, models.PROTECT, related_name="corrections", db_index=False
    )
    of = models.ForeignKey(CommissionStatement, models.PROTECT, related_name="corrected_by")
    amount = MoneyField()
    changes = models.JSONField()

    class Meta:
        verbose_name = _("correction of a commission")
        verbose_name_plural = _("corrections of commissions")
        constraints = [
            models.UniqueConstraint(fields=["statement", "of"], name="commission_correction_once"),
            money_is_number("commission_correction_is_number", "amount"),
        ]

    def __str__(self):
        return f"{self.statement_id} {self.of_id}"


class CommissionPart(models.Model):
    """What somebody was paid of a statement, to the cent."""

    journal = True

    statement = models.ForeignKey(CommissionStatement, models.PROTECT, related_name="parts", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="commission_parts")
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    amount = MoneyField()

    class Meta:
        verbose_name = _("part of a commission")
        verbose_name_plural = _("parts of commissions")
        constraints = [
            models.UniqueConstraint(fields=["statement", "person"], name="commission_part_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="commission_part_not_negative"),
            money_is_number("commission_part_is_number", "amount"),
        ]

    def __str__(self):
        return f"{self.statement_id} {self.person_id}"
