"""Offers that were only suggested: what somebody would have offered by hand while the house was in its shadow week."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Suggestion(models.Model):
    """One offer by hand that was not made: no clock runs, nobody is told, and the lead stays where it is."""

    lead = models.ForeignKey("leads.Lead", models.CASCADE, related_name="suggestions", verbose_name=_("lead"))
    rep = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("rep"), db_index=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(_("at"))
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("suggested offer")
        verbose_name_plural = _("suggested offers")
        indexes = [models.Index(fields=["-at"], name="suggestion_newest")]

    def __str__(self):
        return f"{self.lead_id} → {self.rep_id}"
