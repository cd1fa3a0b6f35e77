"""Forms of the organisation, its calendars and its planning axes."""

import re

from django import forms
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts import holidays
from accounts.calendars import spans
from accounts.forms.currency import CurrencyField
from accounts.forms.people import ZONES
from accounts.models import CalendarDay, Organisation, Region, Segment, WorkingCalendar
from ui.forms import ModelForm, OurWords

SPAN = re.compile(r"(\d{1,2}:\d{2})\s*[-–—]\s*(\d{1,2}:\d{2})")
WEEKDAYS = [
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
]
MONTHS = [
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
]


class OrganisationForm(ModelForm):
    """What holds for the whole house."""

    zone = forms.ChoiceField(label=_("Time zone"), choices=[(name, name) for name in ZONES])
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    site_url = forms.URLField(label=_("Site address"), required=False, assume_scheme="https")
    week_start = forms.TypedChoiceField(
        label=_("First day of the week"), choices=list(enumerate(WEEKDAYS)), coerce=int
    )
    fiscal_year_start = forms.TypedChoiceField(
        label=_("First month of the fiscal year"), choices=list(enumerate(MONTHS, 1)), coerce=int
    )

    class Meta:
        model = Organisation
        fields = [
            "name", "currency", "zone", "language", "week_start", "fiscal_year_start", "level", "lookback_days", "half_life_days",
            "markov_order", "renewal_days", "usage_days", "discount_percent", "word_first", "story_from", "site_url",
        ]  # fmt: skip
        field_classes = {"currency": CurrencyField}
        help_texts = {
            "level": _("Hides pages and fields that are not needed yet; never data."),
            "lookback_days": _("How long before a deal a touch may have earned a share of it."),
            "half_life_days": _(
                "Under time decay a touch earns half as much for each such span before the last one."
            ),
            "markov_order": _(
                "1 to 3: how many channels met last decide where a path leads next. All is learned anew and credited again at once."
            ),
            "discount_percent": _(
                "By how much a year money to come is worth less: for customer lifetime value."
            ),
            "currency": _("Stays as it is once money is recorded."),
        }

    def clean_currency(self):
        """Recorded amounts carry their value in the report currency, so it cannot change under them."""
        currency = self.cleaned_data["currency"]
        if currency != self.initial["currency"] and _money_is_recorded():
            raise ValidationError(_("Money is recorded already in %(currency)s."), params=self.initial)
        return currency


def _money_is_recorded():
    """Asked by name: money lives on a higher floor."""
    return any(
        apps.get_model("pipeline", name).objects.exists() for name in ("Spend", "Deal", "ExchangeRate")
    )


class AxisForm(ModelForm):
    """A segment or region; its code is made from the name."""

    class Meta:
        fields = ["name"]

    def clean_name(self):
        name = self.cleaned_data["name"].strip()
        code = slugify(name, allow_unicode=True)[:50] or name[:50]
        if type(self.instance).objects.filter(code=code).exists():
            raise ValidationError(_("This one is there already."))
        self.instance.code = code
        return name


class SegmentForm(AxisForm):
    class Meta(AxisForm.Meta):
        model = Segment


class RegionForm(AxisForm):
    class Meta(AxisForm.Meta):
        model = Region
        fields = ["name", "parent"]


class HoursField(forms.CharField):
    """Hours of a day as people write them: "9:00–12:30, 13:30–18:00"; empty is a day off."""

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "max_length": 200, **kwargs})

    def prepare_value(self, value):
        if isinstance(value, list):
            return ", ".join(f"{first}–{last}" for first, last in value)
        return value

    def to_python(self, value):
        text = super().to_python(value)
        found = SPAN.findall(text)
        if SPAN.sub("", text).strip(" ,;"):
            raise ValidationError(_("Write hours like 9:00–12:30, 13:30–18:00."))
        hours = [[_padded(first), _padded(last)] for first, last in found]
        try:
            spans(hours)
        except ValueError:
            raise ValidationError(_("These are not hours of one day, in order.")) from None
        return hours

    def has_changed(self, initial, data):
        return True


def _padded(clock):
    return clock.rjust(5, "0")


def _countries(kept=""):
    """No country, and all by name; one that was kept under another of its codes stays."""
    named = holidays.named()
    other = [(kept, kept)] if kept and kept not in dict(named) else []
    return [("", _("no country")), *other, *named]


class CalendarForm(OurWords, ModelForm):
    """Working hours in a zone, with the holidays of a country."""

    zone = forms.ChoiceField(label=_("Time zone"), choices=[(name, name) for name in ZONES])
    country = forms.ChoiceField(
        label=_("Holidays of"),
        required=False,
        help_text=_("Holidays and moved working days of this year and the next are entered by themselves."),
    )

    class Meta:
        model = WorkingCalendar
        fields = ["name", "zone", "country"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = _countries(self.instance.country)
        for number, name in enumerate(WEEKDAYS):
            self.fields[f"day{number}"] = HoursField(label=name)
            self.initial[f"day{number}"] = self.instance.hours[number]

    def clean(self):
        cleaned = super().clean()
        hours = [cleaned.get(f"day{number}", []) for number in range(7)]
        if not any(hours) and not self.errors:
            raise ValidationError(_("A calendar needs hours on some day."))
        self.instance.hours = hours
        return cleaned


class SpecialDayForm(ModelForm):
    """A day that differs from its weekday."""

    hours = HoursField(label=_("Hours"), help_text=_("Empty: a day off."))

    class Meta:
        model = CalendarDay
        fields = ["day", "name", "hours"]

    def clean_day(self):
        day = self.cleaned_data["day"]
        if self.instance.calendar.days.filter(day=day).exists():
            raise ValidationError(_("This day is entered already."))
        return day
