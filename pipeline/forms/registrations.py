"""The form of a dealer's registration."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from pipeline import registrations
from pipeline.forms.base import SpineForm
from pipeline.forms.companies import CompanyByName
from pipeline.models import Company, DealRegistration

PROTECTED = timedelta(days=90)


class RegistrationForm(SpineForm):
    """Which dealer sells what to whom, and until when nobody comes between."""

    dealer = forms.ModelChoiceField(
        Company.objects.surviving().filter(is_partner=True).order_by("name"), label=_("Dealer")
    )
    customer = CompanyByName(label=_("End customer"))

    class Meta:
        model = DealRegistration
        fields = ["dealer", "customer", "product", "registered_on", "protected_until", "note", "withdrawn"]

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["withdrawn"]
            self.initial |= {"registered_on": today, "protected_until": today + PROTECTED}

    def clean(self):
        said = super().clean()
        if said.get("dealer") and said["dealer"] == said.get("customer"):
            self.add_error("customer", _("A dealer does not register itself."))
        return said

    def _post_clean(self):
        super()._post_clean()
        changed = self.instance.pk is None or set(self.changed_data) - {"note"}
        if changed and not self.errors and (other := registrations.same(self.instance)):
            self.add_error(None, registrations.told_same(other))
