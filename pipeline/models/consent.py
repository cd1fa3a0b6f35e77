"""The consent ledger and the suppression list: records of privacy.md that exist from the first schema."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ConsentPurpose(models.TextChoices):
    MARKETING = "marketing", _("Marketing messages")
    SALES = "sales", _("Sales contact")
    SHARING = "sharing", _("Passing data to a partner")
    PROFILING = "profiling", _("Scoring")


class ConsentEvent(models.Model):
    """Consent given or withdrawn for a purpose by a channel (empty: every channel). Append-only."""

    journal = True

    contact = models.ForeignKey("pipeline.Contact", models.PROTECT, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=20, choices=ConsentPurpose)
    channel = models.CharField(_("channel"), max_length=20, blank=True, default="")
    given = models.BooleanField(_("given"))
    basis = models.CharField(_("legal basis"), max_length=50, blank=True, default="consent")
    text_version = models.CharField(_("version of the text"), max_length=50, blank=True, default="")
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    evidence = models.JSONField(_("evidence"), default=dict, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("at"))
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("consent event")
        verbose_name_plural = _("consent events")
        indexes = [models.Index(fields=["contact", "purpose", "channel", "-at"], name="consent_state")]

    def __str__(self):
        return f"{self.contact_id} {self.purpose} {self.given}"


class Suppression(models.Model):
    """A keyed hash of an address that must not be written to or imported again; it survives erasure."""

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=10)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")

    def __str__(self):
        return f"{self.kind} {self.digest[:8]}…"
