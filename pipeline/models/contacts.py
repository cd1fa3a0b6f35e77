"""Contacts, once however often they come, and the identities by which they are known again."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _

from pipeline.models.base import Sourced, keep_history
from pipeline.models.words import Bigrams, Folded
from pipeline.visibility import ContactQuerySet


@keep_history(
    "ContactEvent",
    "full_name",
    "given_name",
    "family_name",
    "job_title",
    "company",
    "country",
    "city",
    "region",
    "language",
)
class Contact(Sourced):
    """A person at a company. Readers follow `merged_into` to the survivor."""

    full_name = models.CharField(_("full name"), max_length=300, blank=True, default="")
    given_name = models.CharField(_("given name"), max_length=150, blank=True, default="", db_default="")
    family_name = models.CharField(_("family name"), max_length=150, blank=True, default="", db_default="")
    job_title = models.CharField(_("job title"), max_length=200, blank=True, default="", db_default="")
    company = models.ForeignKey(
        "pipeline.Company",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("company"),
    )
    country = models.CharField(_("country"), max_length=100, blank=True, default="", db_default="")
    city = models.CharField(_("city"), max_length=100, blank=True, default="", db_default="")
    region = models.ForeignKey(
        "accounts.Region", models.PROTECT, null=True, blank=True, verbose_name=_("region")
    )
    language = models.CharField(_("language"), max_length=10, blank=True, default="", db_default="")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            GinIndex(OpClass(Folded("full_name"), name="gin_trgm_ops"), name="contact_name_search"),
            models.Index(Upper("full_name"), name="contact_name_exact"),
            models.Index(
                Upper("full_name"), condition=models.Q(company__isnull=True), name="contact_name_alone"
            ),
            GinIndex(Bigrams("full_name"), name="contact_name_pairs"),
        ]

    def __str__(self):
        return self.full_name or str(_("Nameless contact %(pk)s") % {"pk": self.pk})


class IdentityKind(models.TextChoices):
    EMAIL = "email", _("E-mail")
    MOBILE = "mobile", _("Mobile")
    WECHAT = "wechat", _("WeChat")
    EXTERNAL = "external", _("External id")
    ROLE_EMAIL = "role_email", _("Shared mailbox")
    PHONE = "phone", _("Landline")


class Identity(models.Model):
    """One normalised way to know a contact again. Shared mailboxes and landlines are hints, not keys.

    An external identity's value is `source:key`. `raw` keeps the writing of the file or form.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="identities")
    kind = models.CharField(_("kind"), max_length=10, choices=IdentityKind)
    value = models.CharField(_("value"), max_length=320)
    raw = models.CharField(max_length=320, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value"],
                condition=models.Q(kind__in=["email", "mobile", "wechat", "external"]),
                name="identity_key_once",
            ),
            models.UniqueConstraint(
                fields=["contact", "kind", "value"],
                condition=models.Q(kind__in=["role_email", "phone"]),
                name="identity_hint_once_per_contact",
            ),
            models.CheckConstraint(condition=~models.Q(value=""), name="identity_not_empty"),
        ]
        # Found by its beginning (the pattern class serves LIKE under every collation), a number by any part of it.
        indexes = [
            models.Index(OpClass("value", name="text_pattern_ops"), name="identity_value_search"),
            GinIndex(
                OpClass("value", name="gin_trgm_ops"),
                condition=models.Q(kind__in=["mobile", "phone"]),
                name="identity_number_search",
            ),
        ]

    def __str__(self):
        return self.raw or self.value
