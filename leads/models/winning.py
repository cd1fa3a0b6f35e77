"""The learned probability of a win: each training as a numbered version, and what it says of each lead."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leads.visibility import ScoreQuerySet


class WinModel(models.Model):
    """A training on closed leads. `card` says what it is worth, `learned` holds the model as plain numbers.

    The newest version that is `shown` (better than chance) is in use; `reached` is the highest lead it has judged.
    """

    trained_at = models.DateTimeField(_("trained"), db_default=Now(), editable=False)
    card = models.JSONField(_("card"))
    learned = models.JSONField(_("learned"))
    shown = models.BooleanField(_("shown"))
    reached = models.BigIntegerField(default=0, db_default=0, editable=False)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("model of winning")
        verbose_name_plural = _("models of winning")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.pk}"


class LeadChance(models.Model):
    """The probability of a win of a running lead, by the model in use."""

    lead = models.OneToOneField("leads.Lead", models.CASCADE, primary_key=True, related_name="chance")
    model = models.ForeignKey(WinModel, models.CASCADE, related_name="+", db_index=False)
    probability = models.FloatField(_("win probability"))

    class Meta:
        verbose_name = _("win probability")
        verbose_name_plural = _("win probabilities")
        constraints = [
            models.CheckConstraint(
                condition=Q(probability__gte=0) & Q(probability__lte=1), name="chance_is_probability"
            )
        ]
        indexes = [models.Index(F("probability").desc(), name="chance_best")]

    def __str__(self):
        return f"{self.lead_id}: {self.probability}"
