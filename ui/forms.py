"""Forms with inputs typed by what they ask for; `ui.markup` writes them as HTML.

`Form` and `ModelForm` below give dates a calendar, months a month picker and numbers the right keyboard.
"""

from datetime import date
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ui.amounts import narrow, other_currency, typed_amount
from ui.conflicts import Shared
from ui.markup import Select


class DateInput(forms.DateInput):
    """A calendar. The value is always ISO, whatever the language; the browser shows its own form."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """Date and time of day, in the active time zone."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class MonthInput(forms.DateInput):
    """A month picker; where a browser has none, a text field that takes YYYY-MM."""

    input_type = "month"

    def __init__(self, attrs=None):
        super().__init__({"placeholder": "2026-11", **(attrs or {})}, format="%Y-%m")


class MonthField(forms.DateField):
    """A month, as its first day."""

    widget = MonthInput
    default_error_messages = {"invalid": _("Give a month as year and month, such as 2026-11.")}

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m", "%Y-%m-%d"], **kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        return value.replace(day=1) if isinstance(value, date) else value


class MoneyField(forms.DecimalField):
    """An amount as people type it: "1 234,50", "1,234.50", "12'000", "¥12万"; NaN and infinity are refused."""

    def __init__(self, *, max_digits=18, decimal_places=4, **kwargs):
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **kwargs)
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def prepare_value(self, value):
        """1200.0000 as it is stored is typed as 1200."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) and value.is_finite() else value

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            amount = typed_amount(str(value))
        except InvalidOperation:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if not amount.is_finite():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return amount


class PercentField(MoneyField):
    """A share of a hundred as people type it, with or without its sign: "2", "2 %", "12,5%", "２％"."""

    def to_python(self, value):
        typed = narrow(value).strip() if isinstance(value, str) else value
        return super().to_python(typed.removesuffix("%") if isinstance(typed, str) else typed)


def lighten(field):
    """Give a field with a plain select the quick one."""
    if type(field.widget) is forms.Select:
        _swap_widget(field, Select(field.widget.attrs, field.widget.choices))


TYPED = {
    forms.DateField: (forms.DateInput, DateInput),
    forms.DateTimeField: (forms.DateTimeInput, MomentInput),
}


BLANK, NOTHING_CHOSEN = "-" * 9, "–"


class TypedInputs:
    """Gives plain date and time fields the inputs that browsers know, and empty choices a dash.

    A form that does not ask for a currency says as `currency` in which its amounts are.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _name_empty_choice(field)
            plain, typed = TYPED.get(type(field), (None, None))
            if plain is not None and type(field.widget) is plain:
                _swap_widget(field, typed(field.widget.attrs))
            lighten(field)

    def _clean_fields(self):
        """An amount that names another currency than the one it is in is asked about, never taken for as much of this one."""
        super()._clean_fields()
        currency = self.cleaned_data.get("currency") or getattr(self, "currency", "")
        amounts = [name for name, field in self.fields.items() if isinstance(field, MoneyField)]
        for name in amounts if currency else ():
            sign = other_currency(str(self[name].data or ""), currency)
            if sign and name in self.cleaned_data:
                said = _("“%(sign)s” stands for another currency than %(currency)s, in which this amount is.")
                self.add_error(name, said % {"sign": sign, "currency": currency})


def _name_empty_choice(field):
    """Django's nine hyphens are no word in any language."""
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == BLANK:
            field.empty_label = NOTHING_CHOSEN
    elif isinstance(field, forms.ChoiceField):
        choices = list(field.choices)
        if choices and choices[0][0] == "" and str(choices[0][1]) == BLANK:
            field.choices = [("", NOTHING_CHOSEN), *choices[1:]]


def _swap_widget(field, widget):
    widget.is_required = field.widget.is_required
    widget.is_localized = False
    field.widget = widget


class Form(TypedInputs, forms.Form):
    """A form whose inputs are typed."""


class ModelForm(Shared, TypedInputs, forms.ModelForm):
    """A model form whose inputs are typed, and which tells when two people change the same (`ui.conflicts`)."""


class OurWords:
    """Mixed into a form over a record whose `words` may be ours, which are kept in English.

    They are shown in the reader's language, and stay what they are, for every language, unless somebody changes them.
    """

    words = ("name",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= self._read()

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        unchanged = {name: text for name, text in self._read().items() if cleaned.get(name) == text}
        return cleaned | {name: getattr(self.instance, name) for name in unchanged}

    def _read(self):
        """{field: its text as this reader reads it} of a record that is there."""
        kept = {name: getattr(self.instance, name) for name in self.words if self.instance.pk}
        return {name: gettext(text) for name, text in kept.items() if text}
