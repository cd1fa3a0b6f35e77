"""The form of a new version: from which month, of which market, and the weight and expectation of each component."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.currency import InHouse
from reports import periods
from reports.index import versions
from reports.models import IndexKind, IndexVersion
from reports.models.index import FLOWS
from ui.forms import ModelForm, MoneyField, MonthField

AHEAD, BACK = 24, 36  # months in which a version may begin
WEIGHT = {"min_value": Decimal("0.01"), "max_value": 1000, "max_digits": 6, "decimal_places": 2}
LEAST = Decimal("0.0001")


class VersionForm(InHouse, ModelForm):
    """A new draft. A component without a weight is not in it."""

    first = MonthField(label=gettext_lazy("In force from"))

    class Meta:
        model = IndexVersion
        fields = ["first", "region", "segment", "cap", "lasts", "note"]
        help_texts = {
            "cap": gettext_lazy("100 points stand for what is expected; more than this counts for no more."),
            "lasts": gettext_lazy("So long a wave stands for its market, its own month included."),
        }

    def __init__(self, today, *args, version=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["note"].widget.attrs["rows"] = 3
        begun = {one.kind: (one.weight, one.expected) for one in version.components.all()} if version else {}
        for kind in IndexKind:
            self._component(kind, *begun.get(kind, (None, None)))

    def _component(self, kind, weight, expected):
        names = {"name": kind.label}
        self.fields[f"weight-{kind}"] = MoneyField(
            label=_("Weight: %(name)s") % names, required=False, initial=weight, **WEIGHT
        )
        most = {} if kind in FLOWS else {"max_value": 100}
        self.fields[f"expected-{kind}"] = MoneyField(
            label=_("Expected: %(name)s") % names, required=False, initial=expected, min_value=LEAST, **most
        )
        for name in ("weight", "expected"):
            self.fields[f"{name}-{kind}"].widget.attrs["size"] = 10

    @property
    def terms(self):
        """The fields above the components."""
        return [self[name] for name in self.Meta.fields]

    @property
    def rows(self):
        """[(kind, weight, expected)] of the components."""
        return [(kind, self[f"weight-{kind}"], self[f"expected-{kind}"]) for kind in IndexKind]

    @property
    def components(self):
        """{kind: (weight, expected)} of those that are in it."""
        found = {
            kind: tuple(self.cleaned_data.get(f"{name}-{kind}") for name in ("weight", "expected"))
            for kind in IndexKind
        }
        return {kind: both for kind, both in found.items() if None not in both}

    def clean_first(self):
        """Not years away, and never so that months that are over would go by another version than they went by."""
        month, now = self.cleaned_data["first"], self.today.replace(day=1)
        if not periods.shifted(now, -BACK) <= month <= periods.shifted(now, AHEAD):
            raise forms.ValidationError(_("Choose a month from three years ago to two years ahead."))
        return month

    def clean(self):
        """Each component has both figures or none, and there is one at least."""
        data = super().clean()
        for kind in IndexKind:
            weight, expected = (f"weight-{kind}", f"expected-{kind}")
            if weight in data and expected in data and (data[weight] is None) != (data[expected] is None):
                name = weight if data[weight] is None else expected
                self.add_error(name, _("Give the weight and what is expected, or neither."))
        if not self.errors and not self.components:
            raise forms.ValidationError(_("Give at least one component its weight and what is expected."))
        if "first" in data:
            begun = IndexVersion(first=data["first"], region=data.get("region"), segment=data.get("segment"))
            if versions.too_late(begun, self.today):
                self.add_error(
                    "first",
                    _(
                        "Months that are over keep the version they went by: choose this month or a later one."
                    ),
                )
        return data  # fmt: skip
