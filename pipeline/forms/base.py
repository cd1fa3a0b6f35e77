"""What the forms of the spine share."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.models.organisation import currency_code
from accounts.organisation import current
from pipeline.identities import clean_text
from ui.forms import ModelForm

OWNERS = (Role.MARKETING, Role.SALES, Role.MANAGER, Role.ADMIN)


class CurrencyField(forms.CharField):
    """A currency's code; what people type is raised to capitals."""

    def __init__(self, **kwargs):
        super().__init__(
            **{"label": _("Currency"), "max_length": 3, "validators": [currency_code], **kwargs},
        )

    def to_python(self, value):
        return super().to_python(value).strip().upper()


class SpineForm(ModelForm):
    """Lines of text come in clean (NFC, nothing invisible); a new record begins in the report currency."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "currency" in self.fields and self.instance.pk is None:
            self.initial["currency"] = current().currency

    def clean(self):
        cleaned = super().clean()
        for name, value in cleaned.items():
            if isinstance(value, str) and not isinstance(self.fields[name].widget, forms.Textarea):
                cleaned[name] = clean_text(value)
        return cleaned


def possible_owners():
    """People who may own a campaign or an account."""
    return User.objects.filter(is_active=True, role__in=OWNERS).order_by("full_name")
