"""Audiences that live: named conditions of both tracks, and whoever meets them at the moment that it is asked."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leads.visibility import LiveAudienceQuerySet
from pipeline.models.base import keep_history
from ui.once import only


@keep_history("LiveAudienceEvent", "name", "note", "owner", "conditions")
class LiveAudience(models.Model):
    """People by `conditions` (`leads.live.conditions`), seen by both tracks. Nobody is stored as a member: who meets
    the conditions belongs, as of now. The lot of one campaign, which keeps its people, is `leads.models.Audience`.
    """

    name = models.CharField(_("name"), max_length=100)
    note = models.TextField(_("what it is for"), max_length=1000, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    conditions = models.JSONField(_("conditions"), default=dict, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = LiveAudienceQuerySet.as_manager()

    class Meta:
        verbose_name = _("living audience")
        verbose_name_plural = _("living audiences")
        ordering = ["name", "id"]
        constraints = [only("live_audience_named_once")]

    def __str__(self):
        return self.name
