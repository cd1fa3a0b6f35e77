"""Fields of one's own at work: as columns, filters, form fields, facts on a page, and what a ready lead must have.

A value stands in `attributes` under the field's code as text ("yes" for a tick, ISO for a date), however it came:
by a form, an import or the API. In lists, forms and addresses the field is called `x_<code>`.
"""

from decimal import Decimal, InvalidOperation
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models.fields.json import KeyTextTransform
from django.http import HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engine.lately import Lately
from pipeline.models import CustomField, FieldKind
from ui import formats
from ui.forms import DateInput
from ui.tables import Column

PREFIX = "x_"
LONGEST = 500
YES = "yes"


def defined(on):
    """The fields in use on "lead", "company" or "deal", in order."""
    return list(CustomField.objects.filter(on=on, active=True))


IN_USE = Lately(lambda: list(CustomField.objects.filter(active=True)))


def shown(on):
    """The same fields as of a few seconds ago: for pages that only show them."""
    return [field for field in IN_USE() if field.on == on]


# -- lists -------------------------------------------------------------------------------------------------
def columns(fields):
    """Columns that a list may be asked to show."""
    return [
        Column(
            f"{PREFIX}{field.code}",
            str(field),
            kind=_column_kind(field),
            edit=f"{PREFIX}{field.code}",
            shown=False,
        )
        for field in fields
    ]


def _column_kind(field):
    return "number" if field.kind == FieldKind.NUMBER else "text"


def values(fields, shown):
    """What values() needs for the own fields among the Columns `shown`: {name: expression}."""
    names = {column.name for column in shown}
    return {
        f"{PREFIX}{field.code}": KeyTextTransform(field.code, "attributes")
        for field in fields
        if f"{PREFIX}{field.code}" in names
    }


def complete(fields, rows):
    """Write the values of own fields in the rows as people read them."""
    for field in fields:
        name = f"{PREFIX}{field.code}"
        for row in rows:
            if name in row:
                row[name] = number(row[name]) if field.kind == FieldKind.NUMBER else told(field, row[name])


def number(text):
    """A Decimal, or None where the text is no number."""
    try:
        found = Decimal(str(text))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def told(field, value):
    """A stored value as people read it; empty where nothing is known."""
    if value in (None, ""):
        return ""
    if field.kind == FieldKind.TICK:
        return _("Yes") if is_yes(value) else _("No")
    if field.kind == FieldKind.DATE:
        day = forms.DateField(required=False).to_python(str(value)[:10]) if _is_day(value) else None
        return formats.day(day) if day else str(value)
    if field.kind == FieldKind.NUMBER and (known := number(value)) is not None:
        return formats.number(known, max(0, -known.normalize().as_tuple().exponent))
    return str(value)


def _is_day(value):
    try:
        forms.DateField().to_python(str(value)[:10])
    except forms.ValidationError:
        return False
    return True


def without_retired(request, on):
    """A redirect to the same list without the columns and filters of fields no longer in use, or None: there are none.

    Saved views and bookmarks outlive the fields that they name; the page then says what it left out.
    """
    asked = {name for name in request.GET if name.startswith(PREFIX)}
    asked.update(name for value in request.GET.getlist("columns") for name in value.split(","))
    codes = [name.removeprefix(PREFIX) for name in asked if name.startswith(PREFIX)]
    if not codes:
        return None
    gone = {
        f"{PREFIX}{field.code}": f"“{field}”"
        for field in CustomField.objects.filter(on=on, active=False, code__in=codes[:100])
    }
    if not gone:
        return None
    left = request.GET.copy()
    for name in gone:
        left.pop(name, None)
    named = [name for value in left.pop("columns", []) for name in value.split(",") if name not in gone]
    if any(named):
        left.setlist("columns", [",".join(named)])
    said = gettext("Shown without the fields that are no longer in use: %(names)s.")
    messages.info(request, said % {"names": ", ".join(gone.values())})
    # an address without any wish would open the default view instead
    return HttpResponseRedirect(f"{request.path}?{left.urlencode() or 'view='}")


class OwnFilters:
    """Mixed into a FilterSet: it takes own fields too. `own` names what they stand on."""

    own = ""
    filters: dict[str, django_filters.Filter]

    def add_filters(self):
        """One filter for each field in use; those of free text show once they are asked for."""
        self.own_fields = defined(self.own)
        for field in self.own_fields:
            self.filters[f"{PREFIX}{field.code}"] = _filter(field)


def _filter(field):
    path, label = f"attributes__{field.code}", str(field)
    if field.kind == FieldKind.CHOICE:
        return django_filters.ChoiceFilter(
            field_name=path, label=label, choices=[(one, one) for one in field.choices]
        )
    if field.kind == FieldKind.TICK:
        return django_filters.ChoiceFilter(field_name=path, label=label, choices=[(YES, _("Yes"))])
    lookup = "icontains" if field.kind == FieldKind.TEXT else "exact"
    return django_filters.CharFilter(field_name=path, label=label, lookup_expr=lookup, max_length=200)


# -- forms -------------------------------------------------------------------------------------------------
class OwnFieldsForm(forms.BaseModelForm):
    """Mixed into a ModelForm over a model with `attributes`: shows and keeps the own fields in use."""

    own = ""
    instance: Any  # a record with `attributes`

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.own_fields = defined(self.own)
        for field in self.own_fields:
            self.fields[f"{PREFIX}{field.code}"] = form_field(field)
        self.initial |= known_values(self.own_fields, self.instance.attributes)

    def clean(self):
        """What was said of own fields goes into `attributes`."""
        cleaned = super().clean() or self.cleaned_data
        self.instance.attributes = kept(self.own_fields, cleaned, self.instance.attributes)
        return cleaned


def known_values(fields, attributes):
    """The initial values of the form fields: {x_code: value}."""
    known = {f"{PREFIX}{field.code}": (attributes or {}).get(field.code, "") for field in fields}
    ticks = [f"{PREFIX}{field.code}" for field in fields if field.kind == FieldKind.TICK]
    return known | {name: is_yes(known[name]) for name in ticks}


def kept(fields, cleaned, attributes):
    """`attributes` with what a form says of own fields; what nobody names stays, what is empty goes."""
    said = {field.code: text(field, cleaned.get(f"{PREFIX}{field.code}")) for field in fields}
    merged = {**(attributes or {}), **said}
    return {code: value for code, value in merged.items() if value != "" or code not in said}


def is_yes(value):
    """Whether a stored value means yes."""
    return str(value).lower() in (YES, "true", "1")


def text(field, value):
    """A form's value as it is stored: text, empty for nothing."""
    if field.kind == FieldKind.TICK:
        return YES if value else ""
    if value in (None, ""):
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


NEEDED = _("needed before a lead is ready")


def form_field(field):
    """The form field that asks for an own field; one that a ready lead has says so, and may be left for later."""
    made = _form_field(field)
    made.needed = NEEDED if field.required else ""
    return made


def _form_field(field):
    label = str(field)
    if field.kind == FieldKind.CHOICE:
        choices = [("", "–"), *((one, one) for one in field.choices)]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if field.kind == FieldKind.TICK:
        return forms.BooleanField(label=label, required=False)
    if field.kind == FieldKind.NUMBER:
        return forms.DecimalField(label=label, required=False)
    if field.kind == FieldKind.DATE:
        return forms.DateField(label=label, required=False, widget=DateInput)
    return forms.CharField(label=label, max_length=LONGEST, required=False)


# -- pages -------------------------------------------------------------------------------------------------
def facts(fields, attributes, edit=None):
    """(label, value, pencil) of the fields that are known, and with `edit` (ui.inline) also of those to be filled."""
    found = [
        (
            str(field),
            told(field, (attributes or {}).get(field.code)),
            edit[f"{PREFIX}{field.code}"] if edit else "",
        )
        for field in fields
    ]
    return [(label, value, pencil) for label, value, pencil in found if value or pencil]
