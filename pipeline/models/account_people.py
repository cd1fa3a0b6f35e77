"""The people of an account: who works for a company beside its owner and its marketing contact, and which part is theirs."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pipeline.visibility import AccountPersonQuerySet


class AccountPart(models.TextChoices):
    PRESALES = "presales", _("Presales")
    SERVICE = "service", pgettext_lazy("after the sale", "Service")
    DELIVERY = "delivery", _("Delivery")
    CONTRACTS = "contracts", _("Contracts and invoices")
    SPONSOR = "sponsor", _("Sponsor in our management")
    OTHER = "other", pgettext_lazy("part in an account", "Other")


class AccountPerson(models.Model):
    """One of our people with a part in an account. Sales' and marketing's own stand on the company itself."""

    company = models.ForeignKey(
        "pipeline.Company", models.CASCADE, related_name="account_people", verbose_name=_("company")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    part = models.CharField(pgettext_lazy("in an account", "part"), max_length=10, choices=AccountPart)
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = AccountPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person of an account")
        verbose_name_plural = _("people of accounts")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "user", "part"],
                name="account_person_once",
                violation_error_message=_("This person has this part already."),
            )
        ]

    def __str__(self):
        return f"{self.user} ({self.get_part_display()})"
