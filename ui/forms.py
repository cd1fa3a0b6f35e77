"""Forms with inputs typed by what they ask for; `ui.markup` writes them as HTML.

`Form` and `ModelForm` below give dates a calendar, months a month picker and numbers the right keyboard.
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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


SCALES = {
    "万": 4, "萬": 4, "亿": 8, "億": 8, "k": 3, "m": 6, "тыс": 3, "т": 3, "млн": 6, "млрд": 9, "тысяч": 3, "тысячи": 3,
    "миллион": 6, "миллиона": 6, "миллионов": 6, "миллиард": 9, "миллиарда": 9, "миллиардов": 9,
    "thousand": 3, "mln": 6, "million": 6, "bn": 9, "billion": 9,
}  # fmt: skip
SCALED = re.compile(rf"(.*\d)\s*({'|'.join(SCALES)})\.?", re.IGNORECASE)
SIGNS = dict.fromkeys(map(ord, "¥￥€$£₽"))
CURRENCY = re.compile(r"\s*(?:руб(?:лей|ля|\.)?|р\.?|元|人民币|eur|euro|usd|rub|cny|rmb)$", re.IGNORECASE)


def typed_amount(text):
    """The Decimal of an amount as it is typed or as we write it in short: "¥12万", "1,5 млн", "€1.2M".

    Raises InvalidOperation for what is none.
    """
    digits, power = scaled(text)
    # Nobody groups "2,125" before a million, nor where the page itself writes two and an eighth like that.
    amount = Decimal(plain_decimal(digits, groups=not power and get_format("DECIMAL_SEPARATOR") != ","))
    return amount.scaleb(power) if power else amount


def scaled(text):
    """(the text without signs of currency and a scale, the power of ten that this means): "¥12万元" → ("12", 4)."""
    text = CURRENCY.sub("", text.translate(SIGNS).strip())
    found = SCALED.fullmatch(text)
    return (found[1], SCALES[found[2].lower()]) if found else (text, 0)


def plain_decimal(text, groups=True):
    """Typed digits with any grouping → Python's form. The last sign decides: "1.234,5" → "1234.5".

    A single comma or point with three digits after it is grouping for a comma ("1,234") and a decimal sign for a point
    ("1.234"), as keyboards of both kinds send it; for a comma too where nothing is grouped like that ("0,125", "12000,500",
    "1 234,567"), or unless `groups`.
    """
    digits = "".join(sign for sign in text if not sign.isspace() and sign not in "'’_")
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma <= point:
        return digits.replace(",", "")
    whole, *parts = digits.lstrip("+-").split(",")
    grouping = (
        point < 0
        and digits == text.strip()
        and len(whole) <= 3
        and whole.strip("0") != ""
        and all(len(part) == 3 for part in parts)
        and (groups or len(parts) > 1)
    )
    return digits.replace(",", "") if grouping else digits.replace(".", "").replace(",", ".")


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
    """Gives plain date and time fields the inputs that browsers know, and empty choices a dash."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _name_empty_choice(field)
            plain, typed = TYPED.get(type(field), (None, None))
            if plain is not None and type(field.widget) is plain:
                _swap_widget(field, typed(field.widget.attrs))
            lighten(field)


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
