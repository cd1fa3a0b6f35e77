"""What the chiefs say of a month: how satisfied each is, and why. Only ever added to; the latest word counts."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Track

LEAST, MOST = 1, 5


class Chief(models.TextChoices):
    """Who answers for the house: its head, both tracks' heads, and finance."""

    CEO = "ceo", _("CEO")
    MARKETING = Track.MARKETING.value, _("Head of marketing")
    SALES = Track.SALES.value, _("Head of sales")
    FINANCE = "finance", _("Finance")


class ChiefWord(models.Model):
    """How satisfied a chief is with a month, from 1 to 5, in a sentence."""

    journal = True

    month = models.DateField(_("month"))
    chief = models.CharField(_("chief"), max_length=10, choices=Chief)
    satisfied = models.PositiveSmallIntegerField(
        _("satisfied"), validators=[MinValueValidator(LEAST), MaxValueValidator(MOST)]
    )
    text = models.CharField(_("why"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("said"))

    class Meta:
        verbose_name = _("word of a chief")
        verbose_name_plural = _("words of chiefs")
        indexes = [models.Index(fields=["month", "chief", "-id"], name="chief_word_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="chief_word_first_of_month"),
            models.CheckConstraint(
                condition=Q(satisfied__gte=LEAST, satisfied__lte=MOST), name="chief_word_satisfied"
            ),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.chief} {self.satisfied}"
