"""Tracking links: an opaque address that leads to a stored one, and every time it was followed."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leads.models.webforms import new_key
from leads.visibility import LinkQuerySet


class TrackingLink(models.Model):
    """An address to hand out. Where it leads is stored here, so that nobody can make it lead elsewhere.

    The campaign's code is its utm_campaign; `source`, `medium` and `content` are the other parameters.
    """

    campaign = models.ForeignKey(
        "pipeline.Campaign", models.PROTECT, related_name="links", verbose_name=_("campaign")
    )
    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    name = models.CharField(_("name"), max_length=100)
    target = models.URLField(_("leads to"), max_length=1000)
    source = models.CharField("utm_source", max_length=100, blank=True, default="")
    medium = models.CharField("utm_medium", max_length=100, blank=True, default="")
    content = models.CharField("utm_content", max_length=100, blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("tracking link")
        verbose_name_plural = _("tracking links")
        ordering = ["-id"]

    def __str__(self):
        return self.name


class PersonalLink(models.Model):
    """A copy of a link for one contact: who follows it is known."""

    link = models.ForeignKey(TrackingLink, models.CASCADE, related_name="copies")
    contact = models.ForeignKey("pipeline.Contact", models.CASCADE, related_name="links")
    key = models.CharField(max_length=22, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "contact"], name="personal_link_once")]

    def __str__(self):
        return self.key


class LinkClick(models.Model):
    """A link was followed once, by a person or by a robot (a mail scanner, a preview)."""

    link = models.ForeignKey(TrackingLink, models.CASCADE, related_name="clicks", db_index=False)
    at = models.DateTimeField()
    robot = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["link", "robot", "at"], name="link_clicks")]

    def __str__(self):
        return f"{self.link_id} {self.at:%Y-%m-%d %H:%M}"
