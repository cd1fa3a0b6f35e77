"""The forms of rounds: why targets are proposed and who asked for it, and why a round is taken back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import Form


class ProposeForm(Form):
    """Why, and who asked for it."""

    why = forms.CharField(
        label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the figures rest on, for those who sign."),
    )  # fmt: skip
    asked_by = forms.CharField(label=_("Who asked for it"), max_length=200, required=False)


class TakeBackForm(Form):
    """Why it is taken back, or not signed."""

    why = forms.CharField(label=_("Why"), max_length=500)
