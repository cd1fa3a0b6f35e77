"""The forms of measurements of the brand, and what their lists may be narrowed to."""

from decimal import Decimal

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Region, Segment
from pipeline.forms.base import SpineForm
from reports.models import BrandWave, Reputation, SearchShare
from reports.models.brand import NET
from ui import formats
from ui.filters import FilterSet, WordsFilter
from ui.forms import Form, MoneyField, MonthField

SIGNS = ("%", "％")
PLACES = Decimal("0.0001")
SCALE = ("score", "low", "high")


class Percent(Decimal):
    """A share of those asked, as it was typed."""


class PeopleField(MoneyField):
    """How many people, or which share of those asked: "118", "29,5 %"."""

    def prepare_value(self, value):
        """A share keeps its sign."""
        told = super().prepare_value(value)
        return f"{told}%" if isinstance(value, Percent) else told

    def to_python(self, value):
        """A number of people, or a Percent."""
        text = str(value if value is not None else "").strip()
        if not text.endswith(SIGNS):
            return super().to_python(value)
        share = super().to_python(text[:-1].strip())
        return share if share is None else Percent(share)


def asked_for(name, help_text=""):
    label = BrandWave._meta.get_field(name).verbose_name
    return PeopleField(label=label, required=False, min_value=0, max_digits=14, help_text=help_text)


def figure(name, help_text="", **options):
    label = BrandWave._meta.get_field(name).verbose_name
    return MoneyField(label=label, required=False, max_digits=9, help_text=help_text, **options)


class Until(SpineForm):
    """Of what was measured by today: nothing is measured on a day to come."""

    when = ""

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self):
        """Raises nothing: the day carries its error."""
        data = super().clean()
        day = data.get(self.when)
        if day and day > self.today:
            self.add_error(self.when, _("Nothing is measured on a day to come."))
        return data


class WaveForm(Until):
    """A wave: when and whom it asked, who knew the brand, and what they think of it."""

    when = "on"
    currency = ""  # people and scores are no amounts of money
    top = asked_for("top", gettext_lazy("People, or a share of those asked such as 29%."))
    other = asked_for("other", gettext_lazy("Without those who named it first."))
    prompted = asked_for("prompted", gettext_lazy("Without those who named it unaided."))
    score = figure("score")
    low = figure("low", gettext_lazy("The worst answer, such as 1."))
    high = figure("high", gettext_lazy("The best answer, such as 5."))
    deviation = figure("deviation", gettext_lazy("Of the answers; an interval is told with it."), min_value=0)

    class Meta:
        model = BrandWave
        fields = [
            "name", "on", "region", "segment", "asked", "top", "other", "prompted", "reputation", "score", "low", "high", "deviation",
            "note",
        ]  # fmt: skip
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.declared_fields:
            self.fields[name].label = capfirst(self.fields[name].label)

    def clean(self):
        """Groups within the sample, an unaided question that is whole, a score on its scale, and anything measured at all."""
        data = super().clean()
        self._in_people(data)
        self._awareness(data)
        self._reputation(data)
        if not self.errors and data.get("prompted") is None and not data.get("reputation"):
            self.add_error("prompted", _("Say what was measured: awareness, reputation or both."))
        return data

    def _in_people(self, data):
        for name in ("top", "other", "prompted"):
            value = data.get(name)
            if isinstance(value, Percent):
                people = value * (data.get("asked") or 0) / 100
                data[name] = people.quantize(PLACES)
            elif value is not None and 0 < value < 1:  # as spreadsheets hold a cell that shows 29%
                self._against(name, _("Less than one person: write a share with its sign, such as 29%."))

    def _awareness(self, data):
        unaided = [data.get(name) for name in ("top", "other")]
        if (unaided[0] is None) != (unaided[1] is None):
            name = "other" if unaided[1] is None else "top"
            self._against(name, _("Both groups of the unaided question are told, or neither."))
        elif unaided[0] is not None and data.get("prompted") is None:
            self._against("prompted", _("Say how many knew it only when prompted; 0 where nobody did."))
        known = [one for one in (*unaided, data.get("prompted")) if one is not None]
        asked = data.get("asked")
        if asked and known and sum(known) > asked:
            words = _("Together they are %(known)s of %(asked)s asked: everybody is in one group at most.")
            self._against(
                "prompted", words % {"known": formats.number(sum(known)), "asked": formats.number(asked)}
            )

    def _reputation(self, data):
        kind = data.get("reputation")
        wanted = {"": (), Reputation.MEAN: SCALE, Reputation.NET: ("score",)}.get(kind or "", ())
        for name in (*SCALE, "deviation"):
            if data.get(name) is None and name in wanted:
                self._against(name, _("This belongs to the reputation."))
            elif name not in wanted and (name != "deviation" or not kind) and data.get(name) is not None:
                self._against(name, _("This is not told of such a reputation."))
        low, high = (-NET, NET) if kind == Reputation.NET else (data.get("low"), data.get("high"))
        score = data.get("score")
        if None in (low, high, score) or not kind:
            return
        if low >= high:
            self._against("high", _("The scale ends above where it begins."))
        elif not low <= score <= high:
            words = _("A score lies between %(low)s and %(high)s.")
            self._against("score", words % {"low": formats.number(low), "high": formats.number(high)})

    def _against(self, name, words):
        if name not in self.errors:
            self.add_error(name, words)


class SearchForm(Until):
    """The searches of a month."""

    when = "month"
    month = MonthField(label=gettext_lazy("Month"))

    class Meta:
        model = SearchShare
        fields = ["month", "region", "segment", "own", "total", "tool", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def clean(self):
        """Our own are among all."""
        data = super().clean()
        own, total = data.get("own"), data.get("total")
        if own is not None and total is not None and own > total:
            self.add_error(
                "total",
                _("Our own searches are among all: there are %(own)s of them.")
                % {"own": formats.number(own)},
            )
        return data  # fmt: skip


class FileForm(Form):
    """A file of measurements."""

    kind = forms.ChoiceField(label=gettext_lazy("What are the rows?"))
    file = forms.FileField(
        label=gettext_lazy("File"), max_length=255, help_text=gettext_lazy("CSV, .xlsx or .xls")
    )

    def __init__(self, kinds, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds


class WaveFilters(FilterSet):
    """What the list of waves may be narrowed to; all of it stands in the address."""

    q = WordsFilter(columns=["name"], label=gettext_lazy("Search"))

    class Meta:
        model = BrandWave
        fields = ["region", "segment", "reputation"]


class SearchFilters(FilterSet):
    """What the list of shares of search may be narrowed to."""

    class Meta:
        model = SearchShare
        fields = ["region", "segment"]


PLACES_OF = {"region": Region, "segment": Segment}
