"""Taps: what one tap of somebody logged, as long as it may be taken back."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Tap(models.Model):
    """What somebody did at one moment: the dealing or note that it logged, and what else it changed.

    Of a call in vain `tried` is the step that is done by it, `planned` the next; `moment` and `company` (the signs of its use)
    are what it answered. `handoff` is the one that the attempt counted for, with its protection before and after and
    when its rep had been warned. Whoever taps again forgets what is too old to be taken back.
    """

    # the unique constraint has the index
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    touch = models.OneToOneField("leads.Touch", models.CASCADE, null=True, related_name="tap")
    note = models.OneToOneField("leads.Note", models.CASCADE, null=True, related_name="tap")
    tried = models.ForeignKey("pipeline.Step", models.SET_NULL, null=True, related_name="+")
    planned = models.ForeignKey("pipeline.Step", models.SET_NULL, null=True, related_name="+")
    moment = models.ForeignKey("leads.Moment", models.CASCADE, null=True, related_name="+")
    company = models.ForeignKey("pipeline.Company", models.CASCADE, null=True, related_name="+")
    handoff = models.ForeignKey("leads.Handoff", models.CASCADE, null=True, related_name="+")
    protected_before = models.DateTimeField(null=True)
    protected_after = models.DateTimeField(null=True)
    warned_before = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("tap")
        verbose_name_plural = _("taps")
        constraints = [models.UniqueConstraint(fields=["by", "at"], name="one_tap_at_a_time")]

    def __str__(self):
        return f"{self.by_id} {self.at:%Y-%m-%d %H:%M}"
