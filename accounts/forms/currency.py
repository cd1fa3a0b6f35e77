"""The form field of a currency."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import organisation
from accounts.models.organisation import currency_code


class CurrencyField(forms.CharField):
    """A currency's code; what people type is raised to capitals."""

    def __init__(self, **kwargs):
        super().__init__(
            **{"label": _("Currency"), "max_length": 3, "validators": [currency_code], **kwargs},
        )

    def to_python(self, value):
        return super().to_python(value).strip().upper()


class InHouse:
    """Mixed into a form whose amounts are in the report currency, so that one in another is refused."""

    @property
    def currency(self):
        return organisation.current().currency
