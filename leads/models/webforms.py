"""Capture forms: what a campaign asks of visitors, and everything that was ever sent to one."""

import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leads.models.touches import TouchKind
from leads.visibility import SubmissionQuerySet, WebFormQuerySet

KINDS = (TouchKind.FORM, TouchKind.QUOTE_REQUEST, TouchKind.DEMO_REQUEST, TouchKind.CALLBACK)
KIND_CHOICES = [(kind.value, kind.label) for kind in KINDS]


def new_key():
    """An address that nobody guesses."""
    return secrets.token_urlsafe(9)


def default_asked():
    """What a new form asks."""
    return {"full_name": "must", "company": "ask", "email": "ask", "phone": "ask", "message": "ask"}


class WebForm(models.Model):
    """A form of a campaign, open to everybody at an address of its own.

    `asked`: {field: "ask" or "must"}; agreed questions stand there as "answer-<code>". Texts left empty are the
    shipped ones, in the visitor's language. `consent_version` counts the changes of the text of consent. `hosts` are
    the sites that may embed the form or post to it, one origin a line. `per_hour`: how many posts an hour from one
    address are taken in without a look; a fair sends all of its visitors' from one.
    """

    campaign = models.ForeignKey(
        "pipeline.Campaign", models.PROTECT, related_name="web_forms", verbose_name=_("campaign")
    )
    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    title = models.CharField(_("title"), max_length=200)
    intro = models.TextField(_("introduction"), max_length=1000, blank=True, default="")
    button = models.CharField(_("words on the button"), max_length=60, blank=True, default="")
    thanks = models.TextField(_("words of thanks"), max_length=1000, blank=True, default="")
    language = models.CharField(
        _("language"), max_length=10, blank=True, default="", choices=settings.LANGUAGES
    )
    kind = models.CharField(
        _("what it is"),
        max_length=15,
        default=TouchKind.FORM,
        choices=KIND_CHOICES,
    )
    asked = models.JSONField(_("fields"), default=default_asked)
    consent_text = models.TextField(_("text of consent"), max_length=2000, blank=True, default="")
    consent_version = models.PositiveIntegerField(default=1, editable=False)
    consent_must = models.BooleanField(_("consent must be given"), default=True)
    news = models.BooleanField(_("ask for consent to news, with a tick of its own"), default=True)
    hosts = models.TextField(_("sites that may show it"), blank=True, default="")
    per_hour = models.PositiveSmallIntegerField(
        _("posts an hour from one address, taken in without a look"),
        default=20,
        db_default=20,
        validators=[MinValueValidator(1), MaxValueValidator(2000)],
    )
    active = models.BooleanField(_("open"), default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = WebFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("capture form")
        verbose_name_plural = _("capture forms")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(per_hour__range=(1, 2000)), name="web_form_per_hour")
        ]

    def __str__(self):
        return self.title


class SubmissionState(models.TextChoices):
    HELD = "held", _("Held")
    TAKEN = "taken", _("Taken in")
    DROPPED = "dropped", _("Dropped")


class Submission(models.Model):
    """One post to a capture form. It is written before anything is done with it, so that none is lost.

    `reasons` says why it is held; `data` is what was sent, emptied once the lead has it. `address` is a keyed hash of
    where it came from.
    """

    form = models.ForeignKey(
        WebForm, models.PROTECT, related_name="submissions", verbose_name=_("capture form")
    )
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField(_("sent"))
    state = models.CharField(
        _("state"), max_length=8, choices=SubmissionState, default=SubmissionState.HELD, db_default="held"
    )
    reasons = models.JSONField(_("why it is held"), default=list)
    data = models.JSONField(default=dict)
    language = models.CharField(max_length=10, blank=True, default="")
    address = models.CharField(max_length=64, blank=True, default="")
    origin = models.CharField(max_length=200, blank=True, default="")
    agent = models.CharField(max_length=200, blank=True, default="")
    lead = models.ForeignKey("leads.Lead", models.SET_NULL, null=True, blank=True, related_name="submissions")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [models.UniqueConstraint(fields=["form", "nonce"], name="submission_once")]
        indexes = [
            models.Index(fields=["-at", "-id"], condition=Q(state="held"), name="submission_held"),
            models.Index(fields=["address", "at"], name="submission_address"),
        ]

    def __str__(self):
        return f"{self.form_id} {self.at:%Y-%m-%d %H:%M}"
