"""Touches: every dealing of a contact with us, by either track."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Track
from leads.visibility import TouchQuerySet
from pipeline.channels import Channel


class TouchKind(models.TextChoices):
    CLICK = "click", _("Click")
    FORM = "form", _("Form")
    VISIT = "visit", _("Visit")
    QUOTE_REQUEST = "quote_request", _("Quote request")
    DEMO_REQUEST = "demo_request", _("Demo request")
    CALLBACK = "callback", _("Call-back request")
    HOT_AT_BOOTH = "hot_at_booth", _("Hot at the booth")
    EVENT = "event", _("Event")
    MAIL = "mail", pgettext_lazy("one", "Mail")
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    CHAT = "chat", _("Chat")
    COMPLAINT = "complaint", _("Complaint")
    SERVICE_VISIT = "service_visit", _("Service visit")
    FEEDBACK = "feedback", _("Feedback")


HAND_RAISERS = (TouchKind.QUOTE_REQUEST, TouchKind.DEMO_REQUEST, TouchKind.CALLBACK, TouchKind.HOT_AT_BOOTH)
HUMAN_ATTEMPTS = (
    TouchKind.CALL,
    TouchKind.MEETING,
    TouchKind.MAIL,
    TouchKind.CHAT,
    TouchKind.SERVICE_VISIT,
)
TALKS = (TouchKind.CALL, TouchKind.MEETING, TouchKind.SERVICE_VISIT)  # by voice or face to face
# How a rep may have met whom they found: each is the first contact.
MET = (*HUMAN_ATTEMPTS, TouchKind.EVENT)


class Touch(models.Model):
    """One dealing of a contact with us. `outbound` is ours to them; `reached` says whether an attempt met anybody.

    A touch may be corrected; it carries no weight for engagement when `automatic`, and stops no clock.
    """

    contact = models.ForeignKey(
        "pipeline.Contact", models.PROTECT, related_name="touches", verbose_name=_("contact"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=15, choices=TouchKind)
    at = models.DateTimeField(_("at"))
    channel = models.CharField(_("channel"), max_length=20, choices=Channel, default=Channel.UNKNOWN)
    campaign = models.ForeignKey(
        "pipeline.Campaign",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="touches",
        verbose_name=_("campaign"),
    )
    track = models.CharField(
        _("track"), max_length=10, choices=Track, default=Track.MARKETING, db_default="marketing"
    )
    outbound = models.BooleanField(_("from us"), default=False, db_default=False)
    automatic = models.BooleanField(_("automatic"), default=False, db_default=False)
    reached = models.BooleanField(_("reached"), null=True, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    note = models.TextField(_("note"), blank=True, default="", db_default="")
    source = models.CharField(max_length=100, blank=True, default="", db_default="")
    external_id = models.CharField(max_length=200, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = TouchQuerySet.as_manager()

    class Meta:
        verbose_name = _("touch")
        verbose_name_plural = _("touches")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=~Q(external_id=""), name="touch_once_per_source"
            )
        ]
        indexes = [
            models.Index(fields=["contact", "at"], name="touch_contact_at"),
            models.Index(
                fields=["campaign", "at"], condition=Q(campaign__isnull=False), name="touch_campaign_at"
            ),
            models.Index(fields=["-at", "-id"], name="touch_newest"),
            models.Index(
                fields=["at", "id"], condition=Q(kind="complaint", outbound=False), name="touch_complaints"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
