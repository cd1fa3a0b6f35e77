"""Forms of win stories: five short questions, and what the customer lets marketing do with it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import WinStory
from leads.stories import TEXTS
from ui.forms import ModelForm


class StoryForm(ModelForm):
    """How it was won; only what convinced them has to be said."""

    class Meta:
        model = WinStory
        fields = [*TEXTS, "use", "use_note"]
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in TEXTS}
        labels = {
            "targeted": _("How did we get to them?"),
            "decided": _("Who decided?"),
            "convinced": _("What convinced them?"),
            "nearly_lost": _("What nearly lost it?"),
            "lesson": _("What can others take from it?"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["convinced"].required = True

    @property
    def said(self):
        """What `stories.tell` takes."""
        data = self.cleaned_data
        return {name: data[name] for name in TEXTS}, {"use": data["use"], "use_note": data["use_note"]}
