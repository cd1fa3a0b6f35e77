"""Two people at one form: what each of them changed is kept, and where both changed the same, the second chooses.

A form of a record that is there carries, hidden, a digest of every value that it showed. When it comes back, a value
that somebody else changed meanwhile and this person did not touch is left as it now is; one that both changed stays
undecided, with both values to choose from, and the form is not valid until somebody has chosen. Nothing needs
JavaScript; a form that comes without the digests (from a program) is taken at its word.
"""

from dataclasses import dataclass
from hashlib import blake2s
from typing import Any

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from ui import changes, formats

SEEN = "as_seen"
KEEP = "keep"


@dataclass(frozen=True)
class Difference:
    """One field that two people changed: the radio's name, the stamp of the other's value, both values as read."""

    name: str
    stamp: str
    mine: str
    theirs: str


class Shared(forms.BaseForm):
    """Mixed into a form over a record that several people change: a ModelForm, or a Form with `shared_records`."""

    instance: Model
    data: QueryDict

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.shared_records():
            hidden = forms.CharField(
                required=False, max_length=8000, widget=forms.HiddenInput, initial=self._seen
            )
            self.fields[SEEN] = hidden

    def shared_records(self):
        """The records that the form changes; none while they are new. Who changed them last is told from them."""
        return [self.instance] if self.instance.pk else []

    def _seen(self):
        return " ".join(f"{name}:{digest(shown(self, name))}" for name in self.fields if name != SEEN)

    def _clean_fields(self):
        super()._clean_fields()  # type: ignore[misc]  # private, so that the stubs leave it out
        seen = dict(pair.rpartition(":")[::2] for pair in self.cleaned_data.pop(SEEN, "").split())
        known = {name: stamp for name, stamp in seen.items() if name in self.fields and name != SEEN}
        told = [name for name, stamp in known.items() if self._undecided(name, stamp)]
        if known:
            self._remember({name: stamp for name, stamp in known.items() if name in told})
        if told:
            said = changes.who_and_when(self.shared_records(), told, timezone.now())
            kept = _("Nothing is lost and nothing is saved yet: choose for each value below, then save.")
            self.add_error(None, f"{said} {kept}")

    def _remember(self, undecided):
        """What this person has now seen, should the form come back once more for another reason."""
        fresh = dict(pair.rpartition(":")[::2] for pair in self._seen().split())
        self.data = self.data.copy()
        pairs = [f"{name}:{stamp}" for name, stamp in (fresh | undecided).items()]
        self.data[self.add_prefix(SEEN)] = " ".join(pairs)

    def _undecided(self, name, stamp):
        """Settle a field that somebody else may have changed since `stamp`; True where this person has to choose."""
        theirs, mine = shown(self, name), _posted(self, name)
        if digest(theirs) == stamp or mine == theirs or not self._differs(name):
            return False
        now = digest(theirs)
        choice = self.data.get(self.add_prefix(f"{KEEP}-{name}"))
        if choice == f"mine-{now}":
            return False
        if digest(mine) == stamp or choice == f"theirs-{now}":
            self._take(name, theirs)
            return False
        field: Any = self.fields[name]  # which the template asks for its difference
        field.difference = Difference(
            self.add_prefix(f"{KEEP}-{name}"), now, read(field, mine), read(field, theirs)
        )
        self.add_error(name, _("Somebody else changed this too. Choose which value stays."))
        return True

    def _differs(self, name):
        """Whether what was typed means something else than what the record holds: 1,500.50 is 1500.5."""
        bound = self[name]
        return bound.field.has_changed(bound.initial, bound.data)

    def _take(self, name, theirs):
        """Let the record's own value stand, in the input as in what is saved."""
        field, key = self.fields[name], self.add_prefix(name)
        self.data = self.data.copy()
        write(self.data, field, key, theirs)
        self.errors.pop(name, None)
        try:
            self.cleaned_data[name] = field.clean(
                field.widget.value_from_datadict(self.data, self.files, key)
            )
        except forms.ValidationError as error:
            self.add_error(name, error)


def digest(value):
    """Eight characters that stand for a value as a form shows it."""
    text = "\n".join(value) if isinstance(value, list) else value
    return blake2s(text.encode(), digest_size=4).hexdigest()


def shown(form, name):
    """The record's value as the form's input shows it: text, or a list for several choices."""
    bound = form[name]
    return _plain(bound.field, bound.field.prepare_value(bound.initial))


def write(data, field, key, value):
    """Put a value, as `shown` gives it, into the data of a form."""
    if isinstance(value, list):
        data.setlist(key, value)
    elif isinstance(field.widget, forms.CheckboxInput) and not value:
        data.pop(key, None)
    else:
        data[key] = value


def _posted(form, name):
    """What was typed, in the same shape."""
    field = form.fields[name]
    return _plain(field, field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name)))


def _plain(field, value):
    widget = field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "on" if value else ""
    value = widget.format_value(value)
    if getattr(widget, "allow_multiple_selected", False):
        return sorted(str(one) for one in value or [])
    value = value[0] if isinstance(value, list) and value else value
    return "" if value in (None, []) else str(value).replace("\r\n", "\n").strip()


def read(field, value):
    """A value as people read it: the names of choices, a day in words, a dash for nothing."""
    if isinstance(field.widget, forms.CheckboxInput):
        return _("Yes") if value else _("No")
    if hasattr(field, "choices"):
        chosen = value if isinstance(value, list) else [value]
        return formats.listed(_names(field, chosen)) or formats.EMPTY
    if isinstance(field, forms.DateField) and value:
        try:
            return formats.day(field.to_python(value))
        except forms.ValidationError:
            return value
    return value.replace("T", " ") if isinstance(field, forms.DateTimeField) else value or formats.EMPTY


def _names(field, chosen):
    """The labels of the choices that were made."""
    wanted = {one for one in chosen if one}
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        key = field.to_field_name or "pk"
        try:
            found = field.queryset.model._base_manager.filter(**{f"{key}__in": wanted})
            return [str(one) for one in found]
        except (ValueError, TypeError):
            return sorted(wanted)
    return [str(label) for key, label in field.choices if str(key) in wanted]
