"""Sales' word on a campaign before its launch: who was asked, what they said, and what marketing made of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pipeline.visibility import ConsultationQuerySet


def person(label, **options):
    """A link to somebody who may leave the house."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=label, **options
    )


class Consultation(models.Model):
    """One round of asking named reps for their view of a campaign: its plan, its audience, its offer."""

    campaign = models.ForeignKey(
        "pipeline.Campaign", models.CASCADE, related_name="consultations", verbose_name=_("campaign")
    )
    audience = models.TextField(_("audience"), max_length=2000)
    offer = models.TextField(_("offer"), max_length=2000)
    asked_by = person(_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    closed_by = person(_("closed by"))
    closed_at = models.DateTimeField(_("closed"), null=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("sales' word before launch")
        verbose_name_plural = _("sales' words before launch")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(closed_at__isnull=True), name="consultation_one_open"
            )
        ]

    def __str__(self):
        return str(self.campaign)


class Advice(models.Model):
    """What one rep says. No answer by `due_at` counts as agreement; advice is answered by marketing in a sentence."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="advice")
    rep = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("rep"))
    due_at = models.DateTimeField(_("answer by"))
    agrees = models.BooleanField(_("agrees"), null=True)
    text = models.TextField(_("advice"), max_length=2000, blank=True, default="")
    answered_at = models.DateTimeField(_("answered"), null=True)
    adopted = models.BooleanField(_("adopted"), null=True)
    reply = models.CharField(_("reply"), max_length=500, blank=True, default="")
    replied_by = person(_("replied by"))
    replied_at = models.DateTimeField(_("replied"), null=True)

    class Meta:
        verbose_name = _("advice")
        verbose_name_plural = _("advice")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "rep"], name="advice_once"),
            models.CheckConstraint(
                condition=Q(agrees__isnull=True, answered_at__isnull=True)
                | Q(agrees__isnull=False, answered_at__isnull=False),
                name="advice_answered",
            ),
            models.CheckConstraint(condition=~Q(agrees=False, text=""), name="advice_says_something"),
            models.CheckConstraint(
                condition=Q(adopted__isnull=True, replied_at__isnull=True)
                | (Q(adopted__isnull=False, replied_at__isnull=False, agrees=False) & ~Q(reply="")),
                name="advice_reply_has_sentence",
            ),
        ]

    def __str__(self):
        return f"{self.consultation_id} {self.rep_id}"

    def state(self, at):
        """waiting, silent (which counts as agreement), agrees, advises, adopted or declined, at the moment `at`."""
        if self.agrees is None:
            return "waiting" if at < self.due_at else "silent"
        if self.agrees:
            return "agrees"
        return "advises" if self.adopted is None else "adopted" if self.adopted else "declined"
