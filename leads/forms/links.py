"""The form of a tracking link."""

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from leads.models import TrackingLink
from ui.forms import ModelForm


class LinkForm(ModelForm):
    """What it is called, where it leads, and what its visits are counted under."""

    target = forms.URLField(
        label=_("Leads to"),
        max_length=1000,
        assume_scheme="https",
        validators=[URLValidator(["https", "http"])],
        widget=forms.URLInput(attrs={"placeholder": "https://www.example.com/offer"}),
    )

    class Meta:
        model = TrackingLink
        fields = ["name", "target", "source", "medium", "content"]
        # as the address spells them
        labels = {"source": "utm_source", "medium": "utm_medium", "content": "utm_content"}
