"""Obstacles: what stopped a talk, written down by a rep, and what marketing answers (capability 102)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.models.counsel import person
from leads.visibility import ObstacleQuerySet


class ObstacleKind(models.TextChoices):
    PRICE = "price", _("Too expensive")
    RIVAL = "rival", _("Prefers a competitor")
    MISSING = "missing", _("Something is missing in the product")
    NEED = "need", _("Sees no need")
    TIMING = "timing", _("Not now")
    BUDGET = "budget", _("No budget")
    TRUST = "trust", _("Wants proof or references")
    DECISION = "decision", _("Does not reach who decides")
    TERMS = "terms", _("Terms or delivery")
    OTHER = "other", _("Something else")


class AnswerKind(models.TextChoices):
    ARGUMENT = "argument", _("Argument")
    MATERIAL = "material", _("Material")
    PRICE = "price", _("Word on the price")


class Obstacle(models.Model):
    """What stopped a talk on one lead or deal, and the answer that marketing owes by `due_at`.

    An answer may have become a `statement` of One voice. `helped` are the reps whom an answer helped on.
    """

    lead = models.ForeignKey(
        "leads.Lead", models.CASCADE, null=True, related_name="obstacles", verbose_name=_("lead")
    )
    deal = models.ForeignKey(
        "pipeline.Deal", models.CASCADE, null=True, related_name="obstacles", verbose_name=_("deal")
    )
    kind = models.CharField(_("what stopped it"), max_length=10, choices=ObstacleKind)
    words = models.CharField(_("in their words"), max_length=500, blank=True, default="")
    by = person(_("written down by"))
    at = models.DateTimeField(_("at"))
    asked = person(_("who is to answer"), db_index=False)
    due_at = models.DateTimeField(_("answer by"))
    answer_kind = models.CharField(
        _("kind of answer"), max_length=10, choices=AnswerKind, blank=True, default=""
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True, default="")
    link = models.URLField(_("address of the material"), max_length=500, blank=True, default="")
    answered_by = person(_("answered by"), db_index=False)
    answered_at = models.DateTimeField(_("answered"), null=True)
    statement = models.ForeignKey(
        "pipeline.Statement", models.SET_NULL, null=True, related_name="+", verbose_name=_("in One voice")
    )
    helped = models.ManyToManyField("accounts.User", related_name="+", verbose_name=_("whom it helped"))

    objects = ObstacleQuerySet.as_manager()

    class Meta:
        verbose_name = _("obstacle")
        verbose_name_plural = _("obstacles")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lead__isnull=True, deal__isnull=False) | Q(lead__isnull=False, deal__isnull=True),
                name="obstacle_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(
                    answered_at__isnull=True, answer="", answer_kind="", link="", statement__isnull=True
                )
                | (Q(answered_at__isnull=False) & ~Q(answer="") & ~Q(answer_kind="")),
                name="obstacle_is_answered_wholly",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(answered_at__isnull=True), name="obstacle_to_answer"),
            models.Index(
                fields=["kind", "-answered_at"], condition=Q(answered_at__isnull=False), name="obstacle_answered"
            ),
            models.Index(fields=["at"], name="obstacle_at"),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.get_kind_display()}: {self.words}" if self.words else str(self.get_kind_display())

    @property
    def about(self):
        """The lead or the deal."""
        return self.deal if self.deal_id else self.lead

    def state(self, at):
        """open, late or answered, at the moment `at`."""
        if self.answered_at:
            return "answered"
        return "open" if at < self.due_at else "late"
