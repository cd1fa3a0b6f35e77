"""Forms of win stories: five short questions, and what the customer lets marketing do with it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import UseOfStory
from leads.stories import TEXTS
from ui.forms import Form


def question(label, required=False):
    """A sentence or two."""
    area = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, max_length=1000, required=required, widget=area)


class StoryForm(Form):
    """How it was won; only what convinced them has to be said."""

    targeted = question(_("How did we get to them?"))
    decided = question(_("Who decided?"))
    convinced = question(_("What convinced them?"), required=True)
    nearly_lost = question(_("What nearly lost it?"))
    lesson = question(_("What can others take from it?"))
    use = forms.ChoiceField(label=_("May marketing use it"), choices=UseOfStory.choices)
    use_note = forms.CharField(label=_("Who agreed, and when"), max_length=300, required=False)

    def clean(self):
        """What the customer agreed to is noted."""
        data = super().clean()
        if data.get("use") in (UseOfStory.NAMED, UseOfStory.NAMELESS) and not data.get("use_note"):
            self.add_error("use_note", _("Note who of the customer agreed, and when."))
        return data

    @property
    def said(self):
        """What `stories.tell` takes."""
        data = self.cleaned_data
        return {name: data[name] for name in TEXTS}, {"use": data["use"], "use_note": data["use_note"]}
