"""The form in which somebody says a forecast."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.currency import InHouse
from reports.forecast.calls import BadCall, call
from ui.forms import Form, MoneyField


class CallForm(InHouse, Form):
    """Whose deals, what will surely be won and what at best, and why that is not what the deals say."""

    subject = forms.ChoiceField(label=_("Whose deals"))
    commit = MoneyField(
        label=_("Commit, closed deals included"), min_value=0, decimal_places=2, max_digits=16
    )
    best_case = MoneyField(label=_("Best case"), min_value=0, decimal_places=2, max_digits=16)
    reason = forms.CharField(
        label=_("Why"), max_length=500, required=False, help_text=_("Needed where you differ from the deals.")
    )

    def __init__(self, subjects, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = list(subjects.items())

    def keep(self, period, by, at):
        """Keep what was said. Returns the ForecastCall, None (with the error in the form) where it cannot be kept."""
        data = self.cleaned_data
        try:
            return call(
                data["subject"],
                period,
                commit=data["commit"],
                best_case=data["best_case"],
                reason=data["reason"],
                by=by,
                at=at,
            )
        except BadCall as error:
            self.add_error(None, str(error))
            return None
