"""Forms of sales' word before launch."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leads import consulting
from ui.forms import Form


class AskForm(Form):
    """Whom to ask, and what of."""

    audience = forms.CharField(label=_("Audience"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    offer = forms.CharField(
        label=pgettext_lazy("to customers", "Offer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reps = forms.ModelMultipleChoiceField(
        None,
        label=_("Whose word"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The owners of key accounts that the campaign may touch are ticked."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reps"].queryset = consulting.possible_reps()


class AnswerForm(Form):
    """A rep's word."""

    agrees = forms.TypedChoiceField(
        label=_("Your word"),
        choices=[("yes", _("I agree")), ("no", _("I advise something else"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Advice"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What should be different; needed unless you agree."),
    )

    def clean(self):
        """Advice says something; the form keeps what was chosen."""
        said = super().clean()
        if said.get("agrees") is False and not said.get("text"):
            self.add_error("text", _("Say what should be different."))
        return said


class ReplyForm(Form):
    """What marketing makes of an advice."""

    adopted = forms.TypedChoiceField(
        choices=[("yes", _("Adopted")), ("no", _("Declined"))], coerce=lambda value: value == "yes"
    )
    sentence = forms.CharField(label=_("In a sentence"), max_length=500)
