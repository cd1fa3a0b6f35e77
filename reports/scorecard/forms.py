"""The form in which a chief says how satisfied they are with a month."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models.chiefs import LEAST, MOST
from reports.scorecard import saying
from ui import formats
from ui.forms import Form

NOTHING = ("", "–")  # until somebody chooses
SCALE = {1: _("1: not at all"), 2: "2", 3: "3", 4: "4", 5: _("5: entirely")}


class WordForm(Form):
    """A month, a number from 1 to 5, and a sentence."""

    month = forms.TypedChoiceField(label=_("Month"))
    satisfied = forms.TypedChoiceField(
        label=_("How satisfied are you?"),
        coerce=int,
        choices=[NOTHING, *((one, SCALE[one]) for one in range(LEAST, MOST + 1))],
    )
    text = forms.CharField(label=_("Why, in a sentence"), max_length=500)

    def __init__(self, today, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = {f"{month:%Y-%m}": month for month in saying.months(today)}
        self.fields["month"].choices = [(key, formats.month(month)) for key, month in known.items()]
        self.fields["month"].coerce = known.__getitem__
