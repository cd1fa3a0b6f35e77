"""Forms of changes of the structure: what, of whom, to what, from which day on."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import dated, organisation
from accounts.models import Reorganisation
from ui.forms import Form

FROM = pgettext_lazy("day", "From")


def since(day, at):
    """The moment from which a day's change holds: the day's first in the organisation's zone, today's at once."""
    return at if day == organisation.today(at) else organisation.midnight(day)


class WhatForm(Form):
    """Which fact is to change."""

    what = forms.ChoiceField(label=_("What changes"))

    def __init__(self, *args, facts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [(fact.name, fact.label) for fact in facts]


class ChangeForm(Form):
    """To what a fact changes: of the `subject` at hand, or of one that is chosen; with `dated`, from which day on."""

    def __init__(self, *args, fact, subject=None, day=None, **kwargs):
        self.fact, self.subject, self.base_fields = fact, subject, {"value": fact.asks()}
        if subject is None:
            several = fact.subjects()
            self.base_fields = {
                "subject": forms.ModelChoiceField(several, label=_("Of whom or what"))
            } | self.base_fields
        else:
            kwargs["initial"] = {"value": fact.now([subject.pk]).get(subject.pk)}
        if day is not None:
            self.base_fields["day"] = forms.DateField(
                label=FROM,
                initial=day,
                help_text=_(
                    "A day ahead plans the change; a day gone by tells of one that was not noted then."
                ),
            )
        super().__init__(*args, **kwargs)

    def change(self):
        """The change as a reorganisation keeps it."""
        said = self.cleaned_data
        subject = self.subject or said["subject"]
        return {"what": self.fact.name, "subject": subject.pk, "value": self.fact.kept(said["value"])}


class ReorganisationForm(Form):
    """What it is called, from which day on it holds, and why."""

    name = forms.CharField(label=_("Name"), max_length=120)
    day = forms.DateField(label=FROM)
    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at

    def clean_day(self):
        """A day that has not come: only what is ahead can be taken back as one."""
        day = self.cleaned_data["day"]
        if day <= organisation.today(self.at):
            raise ValidationError(_("Give a day that is still ahead."))
        return day

    def save(self, by):
        """Keep it, with nothing in it yet."""
        said = self.cleaned_data
        return Reorganisation.objects.create(
            name=said["name"], reason=said["reason"], since=organisation.midnight(said["day"]), by=by
        )


class OnForm(Form):
    """The day that a page looks at."""

    on = forms.DateField(label=_("On"), required=False)


def changeable(subject=None):
    """The facts that can be chosen from a list; accounts are too many, and change on their own page."""
    facts = dated.of_subject(subject) if subject else dated.facts().values()
    return [fact for fact in facts if subject or fact.subject != "pipeline.Company"]
