"""The form of a market's goals in a fiscal year."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.currency import InHouse
from pipeline.forms.base import SpineForm
from reports import locks, periods
from reports.models import MarketGoal
from ui import formats
from ui.forms import MoneyField, PercentField

BACK, AHEAD = 1, 5  # fiscal years for which goals are set
PERCENT = {"required": False, "min_value": 0, "max_value": 100, "max_digits": 9, "decimal_places": 4}
WANTED = ("size", "share", "awareness", "customers")


def years(today):
    """{key: label} of the fiscal years around a day."""
    first = locks.year_of(today)
    begins = [periods.shifted(first, 12 * number) for number in range(-BACK, AHEAD + 1)]
    return {
        f"{one:%Y-%m-%d}": f"{formats.month(one)} – {formats.month(periods.shifted(one, 11))}"
        for one in begins
    }


class GoalForm(InHouse, SpineForm):
    """How large a market is, by which source, and what is aimed at in it."""

    first = forms.TypedChoiceField(label=gettext_lazy("Fiscal year"), coerce=date.fromisoformat)
    size = MoneyField(
        label=gettext_lazy("Market size of the year"),
        required=False,
        min_value=1,
        decimal_places=2,
        max_digits=16,
    )
    share = PercentField(label=gettext_lazy("Own share, in %"), **PERCENT)
    awareness = PercentField(label=gettext_lazy("Total awareness, in %"), **PERCENT)

    class Meta:
        model = MarketGoal
        fields = [
            "first",
            "region",
            "segment",
            "size",
            "source",
            "share",
            "awareness",
            "customers",
            "is_key",
            "note",
        ]

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        known = years(today)
        if self.instance.pk:  # of a year that was another one's, or that is long over
            key = f"{self.instance.first:%Y-%m-%d}"
            known = {key: formats.month(self.instance.first), **known} if key not in known else known
        self.fields["first"].choices = list(known.items())
        self.fields["note"].widget.attrs["rows"] = 3

    def clean(self):
        """Something is aimed at, a share stands beside a size, and a size beside its source."""
        data = super().clean()
        if self.errors:
            return data
        if all(data.get(name) is None for name in WANTED):
            raise forms.ValidationError(_("Give the size of the market, or at least one goal."))
        if data.get("share") is not None and data.get("size") is None:
            self.add_error("size", _("A share is a share of something: give the size of the market."))
        if data.get("size") is not None and not data.get("source"):
            self.add_error("source", _("Say where the size of the market comes from."))
        return data
