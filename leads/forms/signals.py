"""The form in which a track says what a signal is worth."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import Worth


class WordForm(forms.Form):
    """A word on one signal, and why."""

    signal = forms.CharField(max_length=300, widget=forms.HiddenInput)
    worth = forms.ChoiceField(label=_("Worth"), choices=Worth.choices)
    why = forms.CharField(label=_("Why"), max_length=300, required=False)
