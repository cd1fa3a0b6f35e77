"""Forms as HTML: rows, inputs and options written in one pass.

Django renders a template for each row, input and option, and a list's filters have dozens of them on every page.
"""

from django import forms
from django.forms.models import ModelChoiceField, ModelChoiceIterator
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from ui.escaping import html

ROW, STACK, DIFFERENCE = "django/forms/row.html", "django/forms/stack.html", "ui/difference.html"
# Django's templates of these all include the same two others.
INPUTS = frozenset(
    f"django/forms/widgets/{name}.html"
    for name in ("input", "text", "number", "email", "url", "password", "hidden", "date", "datetime", "time")
)


class FormRenderer(TemplatesSetting):
    """Renders forms, their fields and plain inputs; what asks for another template gets it."""

    form_template_name = STACK
    field_template_name = ROW

    def render(self, template_name, context, request=None):
        """The HTML of a form, a field or a widget."""
        if template_name in INPUTS:
            return _input(context["widget"])
        if template_name == ROW:
            return self._row(context["field"])
        if template_name == STACK:
            return _stack(context)
        return super().render(template_name, context, request)

    def _row(self, bound):
        """One field: its label, input, hint and errors, and which value stays where two people changed it."""
        errors, field = bound.errors, bound.field
        ticked = bound.widget_type == "checkbox"
        help_text, both = bound.help_text, getattr(field, "difference", None)
        body = [
            _labelled(bound, ticked),
            f'<div class="hint" id="{bound.auto_id}_helptext">{html(help_text)}</div>' if help_text else "",
            str(errors) if errors else "",
            super().render(DIFFERENCE, {"both": both, "field": bound}) if both else "",
        ]
        if bound.use_fieldset:
            described = bound.aria_describedby
            named = f' aria-describedby="{html(described)}"' if described else ""
            body = [f"<fieldset{named}>", *body, "</fieldset>"]
        css = f"field{' check' if ticked else ''}{' wrong' if errors else ''}"
        return mark_safe(f'<div class="{css}">\n{"".join(body)}\n</div>\n')


def _stack(form):
    """All rows of a form under the errors of the whole."""
    errors = form["errors"]
    rows = "".join([bound.as_field_group() for bound, _errors in form["fields"]])
    hidden = "".join([str(bound) for bound in form["hidden_fields"]])
    return mark_safe(f"{errors if errors else ''}{rows}{hidden}")


def _labelled(bound, ticked):
    """The input with its label: around a tick box, a legend over several inputs, else before it.

    A field that may stay empty says so, or by its `needed` for what it must be filled later on.
    """
    label, needed = html(bound.label), getattr(bound.field, "needed", "")
    noted = f' <span class="optional">{html(needed or _("optional"))}</span>'
    if bound.use_fieldset:
        return f"<legend>{label}</legend>\n{bound}"
    pointing = f'<label for="{html(bound.id_for_label)}">'
    if ticked:
        return f"{pointing}{bound}<span>{label}{noted if needed else ''}</span></label>"
    if not label:
        return str(bound)
    return f"{pointing}{label}{'' if bound.field.required else noted}</label>\n{bound}"


def _input(widget):
    value = "" if widget["value"] is None else f' value="{html(widget["value"])}"'
    return mark_safe(
        f'<input type="{widget["type"]}" name="{html(widget["name"])}"{value}{attributes(widget["attrs"])}>'
    )


def attributes(attrs):
    """Attributes as in a tag, those with a value first: {"id": "x", "required": True} → ' id="x" required'."""
    valued = [
        (name, value) for name, value in attrs.items() if value is not None and not isinstance(value, bool)
    ]
    said = "".join([f' {name}="{html(value)}"' for name, value in sorted(valued, key=_name)])
    return said + "".join([f" {name}" for name in sorted(attrs) if attrs[name] is True])


def _name(pair):
    return pair[0]


class Select(forms.Select):
    """Django's select written in one pass."""

    def render(self, name, value, attrs=None, renderer=None):
        """The same HTML as Django's, groups of options included."""
        attrs = self.build_attrs(self.attrs, attrs)
        chosen = set(self.format_value(value))
        options = "".join(_options(_read(self.choices), chosen))
        return mark_safe(f'<select name="{html(name)}"{attributes(attrs)}>{options}</select>')


def _options(choices, chosen):
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield f'<optgroup label="{html(value)}">'
            yield from _options(label, chosen)
            yield "</optgroup>"
        else:
            text = "" if value is None else str(value)
            selected = " selected" if text in chosen else ""
            yield f'<option value="{html(text)}"{selected}>{html(label)}</option>'


def _read(choices):
    """(value, label) of choices; records are read at once and no wider than their names need.

    Django reads them through a cursor on the server: three trips for a few dozen names. A model says in `told_by` which
    of its fields str() reads.
    """
    if not isinstance(choices, ModelChoiceIterator):
        return choices
    field, records = choices.field, choices.queryset.all()
    told_by = getattr(records.model, "told_by", None)
    if told_by and _is_plain(field, records.query):
        records = records.only(*told_by, *filter(None, [field.to_field_name]))
    first = []
    if field.empty_label is not None:
        first.append(("", field.empty_label))
    null = getattr(field, "null_label", None)  # of a filter: those without
    if null is not None:
        first.append((getattr(field, "null_value", ""), null))
    return first + [(field.prepare_value(one), field.label_from_instance(one)) for one in records]


def _is_plain(field, query):
    """Whether nothing but str() reads the records."""
    labels = type(field).label_from_instance
    untouched = query.deferred_loading == (frozenset(), True) and not query.select_related
    return untouched and labels is ModelChoiceField.label_from_instance
