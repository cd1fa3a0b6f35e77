"""What the forms of the spine share."""

from django import forms

from accounts.models import Role, User
from accounts.organisation import current
from pipeline.identities import clean_text
from ui.forms import ModelForm

OWNERS = (Role.MARKETING, Role.SALES, Role.MANAGER, Role.ADMIN)


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
