"""Counsel: what the other track advises on a lead, a deal or a company, asked for or offered, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Track
from leads.visibility import CounselQuerySet


def person(label, **options):
    """A link to somebody who may leave the house."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=label, **options
    )


class Counsel(models.Model):
    """One piece of advice of a track that is not responsible, to the one that is (capability 47).

    Asked for, it has a question and the moment by which it is due; offered, neither. It changes nothing by itself:
    whoever is responsible adopts or declines it in a sentence.
    """

    lead = models.ForeignKey(
        "leads.Lead", models.CASCADE, null=True, related_name="counsel", verbose_name=_("lead")
    )
    deal = models.ForeignKey(
        "pipeline.Deal", models.CASCADE, null=True, related_name="counsel", verbose_name=_("deal")
    )
    company = models.ForeignKey(
        "pipeline.Company", models.CASCADE, null=True, related_name="counsel", verbose_name=_("company")
    )
    track = models.CharField(_("adviser's track"), max_length=10, choices=Track)
    asked_by = person(_("asked by"), db_index=False)
    asked_at = models.DateTimeField(_("asked"), null=True)
    question = models.TextField(_("question"), max_length=2000, blank=True, default="")
    due_at = models.DateTimeField(_("answer by"), null=True)
    adviser = person(_("adviser"))
    text = models.TextField(_("advice"), max_length=2000, blank=True, default="")
    given_at = models.DateTimeField(_("advised"), null=True)
    adopted = models.BooleanField(_("adopted"), null=True)
    reply = models.CharField(_("reply"), max_length=500, blank=True, default="")
    replied_by = person(_("replied by"), db_index=False)
    replied_at = models.DateTimeField(_("replied"), null=True)

    objects = CounselQuerySet.as_manager()

    class Meta:
        verbose_name = _("piece of advice")
        verbose_name_plural = _("advice")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lead__isnull=False, deal__isnull=True, company__isnull=True)
                | Q(lead__isnull=True, deal__isnull=False, company__isnull=True)
                | Q(lead__isnull=True, deal__isnull=True, company__isnull=False),
                name="counsel_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=True, due_at__isnull=True, question="")
                | (Q(asked_at__isnull=False, due_at__isnull=False) & ~Q(question="")),
                name="counsel_asked_wholly",
            ),
            models.CheckConstraint(
                condition=Q(given_at__isnull=True, text="", asked_at__isnull=False)
                | (Q(given_at__isnull=False) & ~Q(text="")),
                name="counsel_says_something",
            ),
            models.CheckConstraint(
                condition=Q(adopted__isnull=True, replied_at__isnull=True)
                | (Q(adopted__isnull=False, replied_at__isnull=False, given_at__isnull=False) & ~Q(reply="")),
                name="counsel_reply_has_sentence",
            ),
        ]
        indexes = [
            models.Index(
                fields=["adviser", "due_at"], condition=Q(given_at__isnull=True), name="counsel_to_give"
            ),
            models.Index(
                fields=["given_at"], condition=Q(given_at__isnull=False, replied_at__isnull=True), name="counsel_to_answer"
            ),
        ]  # fmt: skip

    def __str__(self):
        return (self.text or self.question)[:80]

    @property
    def about(self):
        """The lead, the deal or the company."""
        return getattr(self, self.kind)

    @property
    def kind(self):
        """lead, deal or company: what it is about."""
        return "company" if self.company_id else "deal" if self.deal_id else "lead"

    def state(self, at):
        """asked, late, given (waits for an answer), adopted or declined, at the moment `at`."""
        if self.given_at is None:
            return "asked" if at < self.due_at else "late"
        return "given" if self.adopted is None else "adopted" if self.adopted else "declined"
