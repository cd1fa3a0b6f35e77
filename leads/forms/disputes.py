"""Forms of a disputed return: an argument, and a head's ruling."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import GoesTo
from ui.forms import Form

MOST = 2000


class ArgumentForm(Form):
    """What one side has to say."""

    text = forms.CharField(
        label=_("Your argument"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What the agreement says, and what happened with this lead"),
    )  # fmt: skip


class RulingForm(Form):
    """What a head rules."""

    counts = forms.TypedChoiceField(
        label=_("In the standing"),
        choices=[("yes", _("The return counts")), ("no", _("The return does not count"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    goes_to = forms.ChoiceField(label=_("The lead"), choices=GoesTo.choices, widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("By which rule and argument"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 4})
    )
