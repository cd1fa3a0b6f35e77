"""Disputed returns: both sides' arguments, and what the two heads ruled."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Track
from leads.visibility import DisputeQuerySet


class GoesTo(models.TextChoices):
    """Where a lead goes whose return was disputed."""

    STAYS = "stays", _("It stays where it is")
    REP = "rep", _("Back to the rep who returned it")
    ROUTE = "route", _("Routed again, as if it were new")
    DESK = "desk", _("Back to the desk")
    OUT = "out", _("Out of the funnel")


class Decider(models.TextChoices):
    """Who decided a dispute."""

    HEADS = "heads", _("both heads")
    ARBITER = "arbiter", _("the arbiter")
    CLAUSE = "clause", _("the agreement's clause on what nobody decides")


class Dispute(models.Model):
    """A return that marketing or the rep's side disputes: an argument, the other side's answer, and the decision.

    Both heads rule (`Ruling`); once they agree it is decided: `counts` says whether the return counts in the standing,
    `goes_to` where the lead went. Until `rule_by` it is the heads' to agree, or after `passed_on_at` the arbiter's to decide.
    """

    handoff = models.OneToOneField(
        "leads.Handoff", models.CASCADE, related_name="dispute", verbose_name=_("return")
    )
    track = models.CharField(_("disputed by"), max_length=10, choices=Track)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField(_("disputed"))
    argument = models.TextField(_("argument"), max_length=2000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True, default="", db_default="")
    rule_by = models.DateTimeField(_("decided by"), null=True, editable=False)
    passed_on_at = models.DateTimeField(_("passed on to the arbiter"), null=True, editable=False)
    decided_by = models.CharField(
        _("who decided"), max_length=8, choices=Decider, blank=True, default="", db_default=""
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    counts = models.BooleanField(_("the return counts"), null=True, blank=True)
    goes_to = models.CharField(
        _("the lead goes"), max_length=10, choices=GoesTo, blank=True, default="", db_default=""
    )

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("disputed return")
        verbose_name_plural = _("disputed returns")
        ordering = [F("decided_at").desc(nulls_first=True), "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, counts__isnull=True, goes_to="")
                | Q(decided_at__isnull=False, counts__isnull=False) & ~Q(goes_to=""),
                name="dispute_decided_wholly",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="dispute_answer_says_something",
            ),
        ]
        indexes = [
            models.Index(fields=["-id"], condition=Q(decided_at__isnull=True), name="dispute_open"),
            models.Index(fields=["rule_by"], condition=Q(decided_at__isnull=True), name="dispute_to_rule"),
        ]

    def __str__(self):
        return f"{self.handoff_id}: {self.argument[:40]}"

    @property
    def is_open(self):
        return self.decided_at is None


class Ruling(models.Model):
    """What the head of one track (or, without a track, the arbiter) ruled, and why; the newest of each track holds. Append-only."""

    journal = True

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="rulings")
    track = models.CharField(_("for"), max_length=10, choices=Track, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("ruled"))
    counts = models.BooleanField(_("the return counts"))
    goes_to = models.CharField(_("the lead goes"), max_length=10, choices=GoesTo)
    why = models.TextField(_("by which rule and argument"), max_length=2000)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("ruling")
        verbose_name_plural = _("rulings")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="ruling_says_why")]

    def __str__(self):
        return f"{self.track}: {self.goes_to}"
