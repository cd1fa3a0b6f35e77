"""Deal registrations: a dealer tells whom it is selling to, and is protected for a while."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from engine.moments import day_in_reach
from pipeline.models.base import keep_history
from pipeline.visibility import RegistrationQuerySet


@keep_history(
    "DealRegistrationEvent",
    "dealer",
    "customer",
    "product",
    "registered_on",
    "protected_until",
    "withdrawn",
    "note",
)
class DealRegistration(models.Model):
    """A dealer's claim on selling (one product, else anything) to an end customer, until a day. It runs out by itself.

    `customer` and `dealer` may become one record by a merge; the form refuses to enter that.
    """

    dealer = models.ForeignKey(
        "pipeline.Company", models.PROTECT, related_name="registrations", verbose_name=_("dealer")
    )
    customer = models.ForeignKey(
        "pipeline.Company", models.PROTECT, related_name="registered", verbose_name=_("end customer")
    )
    product = models.ForeignKey(
        "pipeline.Product", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    registered_on = models.DateField(_("registered on"), validators=[day_in_reach])
    protected_until = models.DateField(_("protected until"), validators=[day_in_reach])
    withdrawn = models.BooleanField(_("withdrawn"), default=False)
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("deal registration")
        verbose_name_plural = _("deal registrations")
        constraints = [
            models.CheckConstraint(
                condition=Q(protected_until__gte=F("registered_on")),
                name="registration_ends_after_it_begins",
                violation_error_message=_("It is protected until a day before it was registered."),
            )
        ]
        indexes = [
            models.Index(fields=["customer", "protected_until"], name="registration_of_customer"),
            models.Index(fields=["-registered_on", "-id"], name="registration_newest"),
        ]

    def __str__(self):
        return f"{self.dealer} → {self.customer}"

    def protects(self, on):
        """Whether it holds on a day."""
        inside = self.registered_on <= on <= self.protected_until
        return inside and not self.withdrawn and self.dealer_id != self.customer_id
