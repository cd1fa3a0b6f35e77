"""The form of a goal of a programme."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.currency import InHouse
from reports.models import KeepGoal
from ui.forms import ModelForm, MoneyField, MonthField


class GoalForm(InHouse, ModelForm):
    """A new draft: the margin to keep, from which month to which."""

    first = MonthField(label=gettext_lazy("First month"))
    last = MonthField(label=gettext_lazy("Last month"))
    margin = MoneyField(label=gettext_lazy("Margin to keep"), min_value=1)

    class Meta:
        model = KeepGoal
        fields = ["first", "last", "margin", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].widget.attrs["rows"] = 2

    def clean(self):
        """The months come in their order."""
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last month is not before the first one."))
        return data
