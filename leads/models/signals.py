"""What the two sides say of a signal: whether knowing it helps."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Track


class Worth(models.TextChoices):
    """What a track says of a signal."""

    USEFUL = "useful", _("Useful")
    LESS = "less", _("Ask it less")
    USELESS = "useless", _("Not useful")


class SignalVerdict(models.Model):
    """A track's word on a signal (`leads.scoring.signals`), by the key that stays the same from one version of a scorecard to
    the next. Append-only: the last word of a track counts.
    """

    journal = True

    signal = models.CharField(_("signal"), max_length=300)
    track = models.CharField(_("track"), max_length=10, choices=Track)
    worth = models.CharField(_("worth"), max_length=10, choices=Worth)
    why = models.CharField(_("why"), max_length=300, blank=True, default="", db_default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("word on a signal")
        verbose_name_plural = _("words on signals")
        ordering = ["-id"]
        indexes = [models.Index(fields=["signal", "track", "-id"], name="signal_last_word")]

    def __str__(self):
        return f"{self.signal}: {self.worth}"
