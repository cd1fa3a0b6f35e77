"""Forms of counsel between the tracks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leads import counsel
from ui.forms import Form


class AskCounselForm(Form):
    """Whom of the other department to ask, and what."""

    of = forms.ModelChoiceField(None, label=_("Whom"))
    question = forms.CharField(label=_("Question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, sides, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["of"].queryset = counsel.advisers(sides.advising)
        self.fields["of"].initial = sides.adviser


class CounselForm(Form):
    """What somebody advises."""

    text = forms.CharField(label=_("Advice"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
