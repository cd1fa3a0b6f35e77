"""One voice: the message house of both departments, as statements that both heads have signed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Track
from pipeline.visibility import StatementQuerySet


class StatementKind(models.TextChoices):
    ROOF = "roof", _("Core message")
    PILLAR = "pillar", _("Pillar")
    CLAIM = "claim", pgettext_lazy("message house", "Claim")
    AVOID = "avoid", _("What we do not say")


class Audience(models.TextChoices):
    ALL = "all", _("everybody")
    CUSTOMERS = "customers", _("end customers")
    DEALERS = "dealers", _("dealers")


class Statement(models.Model):
    """What we say to whom, word for word; its words never change: another wording is a new one that `replaces` it.

    A claim has its `proof`; of what we do not say it tells what to say instead. Approved while both heads have signed, nobody
    has retired it and its last day (`until`) has not passed.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=StatementKind, default=StatementKind.CLAIM)
    text = models.CharField(_("words"), max_length=300)
    proof = models.CharField(
        _("proof"), max_length=500, blank=True, default="",
        help_text=_("What proves a claim; of what we do not say: what to say instead."),
    )  # fmt: skip
    pillar = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="carries", verbose_name=_("pillar")
    )
    product = models.ForeignKey(
        "pipeline.Product", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    audience = models.CharField(_("to whom"), max_length=10, choices=Audience, default=Audience.ALL)
    until = models.DateField(_("last day"), null=True, blank=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", editable=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    retired_at = models.DateTimeField(_("retired"), null=True, editable=False)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=("claim", "avoid")) | ~Q(proof=""),
                name="statement_has_proof",
                violation_error_message=_(
                    "A claim needs its proof, and what we do not say needs what to say instead."
                ),
            ),
            models.CheckConstraint(
                condition=Q(pillar=None) | Q(kind="claim"),
                name="statement_pillar_carries_claims",
                violation_error_message=_("Only claims stand on a pillar."),
            ),
        ]

    def __str__(self):
        return self.text


class StatementSignature(models.Model):
    """A head's signature under a statement. Append-only."""

    journal = True

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="signatures")
    track = models.CharField(_("track"), max_length=10, choices=Track)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("signed"))

    class Meta:
        verbose_name = _("signature under a statement")
        verbose_name_plural = _("signatures under statements")
        constraints = [models.UniqueConstraint(fields=["statement", "track"], name="statement_signed_once")]

    def __str__(self):
        return f"{self.statement} {self.track}"
