"""A name that stands once in a short list: people choose by it, and could not tell two of the same apart.

class StageForm(NamedOnce, OurWords, ModelForm): …           # `named`: the field; `within`: only among those alike there
"""

from typing import Any

from django import forms
from django.db import models
from django.db.models.functions import Lower, Trim
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


def folded(text):
    """A name as it is compared: without the case of letters, and with one blank between words."""
    return " ".join(str(text).split()).casefold()


def twin(one, text, named="name", **within):
    """Another record of the model of `one` that stands for `text` as it is stored or read, or None.

    `within`: {field: value} that both share. Reads them all: these lists are short.
    """
    others = type(one)._default_manager.filter(**within).exclude(pk=one.pk)
    return next((other for other in others if folded(text) in map(folded, _names(other, named))), None)


def _names(record, named):
    return [getattr(record, named), str(record), *getattr(record, "names", {}).values()]


def taken(record):
    """What to say to somebody who wants the name of `record`."""
    if record.active:
        return _("“%(name)s” is in this list already.") % {"name": record}
    return _("“%(name)s” is in this list already, archived: put it in use again.") % {"name": record}


def only(name, *within, named="name"):
    """The constraint of the database: one name, whatever its case and blanks around it, among those alike in `within`."""
    said = gettext_lazy("Another record has this name already.")
    return models.UniqueConstraint(*within, Lower(Trim(named)), name=name, violation_error_message=said)


class NamedOnce(forms.BaseModelForm):
    """Mixed into a ModelForm: refuses the name of another record; one that stays as it was is not judged."""

    named = "name"
    within: tuple[str, ...] = ()
    instance: Any  # a record with `active`

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        text = cleaned.get(self.named)
        if text and (self.instance.pk is None or folded(text) != folded(getattr(self.instance, self.named))):
            alike = {name: cleaned.get(name) or getattr(self.instance, name) for name in self.within}
            if other := twin(self.instance, text, self.named, **alike):
                self.add_error(self.named, taken(other))
        return cleaned
