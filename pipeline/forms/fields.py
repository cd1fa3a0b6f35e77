"""The form by which an administrator defines a field of one's own."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import organisation
from pipeline import own_fields
from pipeline.forms.stages import free_code
from pipeline.models import CustomField, FieldKind, FieldOwner
from ui.formats import language_name
from ui.forms import ModelForm
from ui.once import NamedOnce, taken, twin

MOST_CHOICES = 100


class FieldForm(NamedOnce, ModelForm):
    """Where a field stands, what it is called in each language, and what it takes."""

    within = ("on",)
    choose_from = forms.CharField(
        label=_("The list to choose from"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        help_text=_("One choice a line. Only for “One of a list”."),
    )

    class Meta:
        model = CustomField
        fields = ["on", "name", "kind", "required", "position", "active"]
        help_texts = {
            "required": _("Only for leads: without it a lead is not ready to be offered."),
            "active": _("Without the tick it is not asked any more; what was entered stays."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["choose_from"] = "\n".join(self.instance.choices)
        self.others = [code for code, _name in settings.LANGUAGES if code != organisation.current().language]
        for code in self.others:
            label = _("Name in %(language)s") % {"language": language_name(code)}
            self.fields[f"name_{code}"] = forms.CharField(label=label, max_length=80, required=False)
            self.initial[f"name_{code}"] = self.instance.names.get(code, "")
        if self.instance.pk:  # what was entered would lose its meaning
            del self.fields["on"], self.fields["kind"]
        names = [f"name_{code}" for code in self.others]
        self.order_fields(["on", "name", *names, "kind", "choose_from", "required", "position", "active"])

    def clean(self):
        """A list needs choices; only leads become ready; in no language is it called as another field there."""
        cleaned = super().clean()
        kind = cleaned.get("kind") or self.instance.kind
        on = cleaned.get("on") or self.instance.on
        lines = [
            line.strip()[:80] for line in (cleaned.get("choose_from") or "").splitlines() if line.strip()
        ]
        self.choices = list(dict.fromkeys(lines))[:MOST_CHOICES] if kind == FieldKind.CHOICE else []
        if kind == FieldKind.CHOICE and len(self.choices) < 2:
            self.add_error("choose_from", _("Give at least two choices, one a line."))
        if cleaned.get("required") and on != FieldOwner.LEAD:
            self.add_error("required", _("Only a lead becomes ready."))
        for name, text in list(cleaned.items()):
            if name.startswith("name_") and text and (other := twin(self.instance, text, on=on)):
                self.add_error(name, taken(other))
        return cleaned

    def save(self, commit=True):
        field = self.instance
        field.choices = self.choices
        field.names = {code: name for code in self.others if (name := self.cleaned_data[f"name_{code}"])}
        if not field.code:
            field.code = free_code(CustomField, field.name, "field", "_")
        saved = super().save(commit)
        own_fields.IN_USE.forget()
        return saved
