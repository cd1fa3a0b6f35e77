"""Rounds of targets: what the targets of a fiscal year are to be, proposed by one side and signed by all."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Track
from leads.models.agreement import Signature
from pipeline.models.base import MoneyField, money_is_number
from reports.models.targets import Measure

OPEN = Q(agreed_at=None, closed_at=None)


class Side(models.TextChoices):
    """Who signs a round: both tracks, and finance where the house has it."""

    MARKETING = Track.MARKETING.value, Track.MARKETING.label
    SALES = Track.SALES.value, Track.SALES.label
    FINANCE = "finance", _("Finance")


class TargetRound(models.Model):
    """A round of the targets of the twelve months from `first` on: open until every side has signed it (`agreed_at`), or
    somebody took it back (`closed_at`). One is open at a time for a year; until it is agreed the figures of before count.
    """

    first = models.DateField(_("fiscal year"))
    number = models.PositiveSmallIntegerField(_("number"))
    why = models.TextField(_("why"), max_length=1000)
    asked_by = models.TextField(_("who asked for it"), max_length=200, blank=True, default="")
    with_finance = models.BooleanField(_("finance signs too"), default=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"))
    agreed_at = models.DateTimeField(_("agreed on"), null=True)
    closed_at = models.DateTimeField(_("taken back"), null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_why = models.CharField(_("why it was taken back"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("round of targets")
        verbose_name_plural = _("rounds of targets")
        ordering = ["-first", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["first", "number"], name="target_round_number_once"),
            models.UniqueConstraint(fields=["first"], condition=OPEN, name="target_round_open_once"),
            models.CheckConstraint(condition=Q(first__day=1), name="target_round_first_of_month"),
            models.CheckConstraint(
                condition=Q(agreed_at=None) | Q(closed_at=None), name="target_round_agreed_or_closed"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="target_round_closed_by_somebody",
            ),
        ]

    def __str__(self):
        return str(_("Round %(number)s") % {"number": self.number})

    @property
    def sides(self):
        """The sides whose signatures it needs."""
        return [side for side in Side if side != Side.FINANCE or self.with_finance]


class RoundTarget(models.Model):
    """A target of one month as a round would have it, null for none; `before`: what was agreed of it by then, null for nothing.

    `set_by`: who asked for it in a round that waited; null for what was proposed with the round as it was set.
    """

    round = models.ForeignKey(TargetRound, models.CASCADE, related_name="cells", db_index=False)
    month = models.DateField()
    measure = models.CharField(max_length=10, choices=Measure)
    region = models.ForeignKey("accounts.Region", models.PROTECT, null=True, related_name="+")
    segment = models.ForeignKey("accounts.Segment", models.PROTECT, null=True, related_name="+")
    before = MoneyField(null=True)
    amount = MoneyField(null=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("set by")
    )

    class Meta:
        verbose_name = _("target of a round")
        verbose_name_plural = _("targets of a round")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "month", "measure", "region", "segment"],
                nulls_distinct=False,
                name="round_target_once",
            ),
            money_is_number("round_target_is_number", "before", "amount"),
            models.CheckConstraint(condition=Q(month__day=1), name="round_target_first_of_month"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="round_target_not_negative"
            ),
        ]

    def __str__(self):
        return f"{self.round_id} {self.month:%Y-%m} {self.measure} {self.amount}"


class RoundSignature(Signature):
    """A side's signature under a round."""

    round = models.ForeignKey(TargetRound, models.PROTECT, related_name="signatures")
    track = models.CharField(_("side"), max_length=10, choices=Side)

    class Meta(Signature.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["round", "track"], name="round_signature_once")]
