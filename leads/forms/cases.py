"""Forms of disputes over owners, clocks and deals: an argument with its clause, and a ruling."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leads import cases, clauses
from leads.consulting import possible_reps
from leads.models import OUTCOMES, CaseKind, CaseOutcome
from ui.forms import Form

MOST = 2000


def _choices():
    return [("", "–"), *clauses.choices()]  # whoever does not look rests it on nothing


def _clause(label):
    return forms.ChoiceField(
        label=label, choices=_choices, help_text=_("A clause of the agreement; rank and sales figures are none")
    )  # fmt: skip


class WordForm(Form):
    """What one side has to say, and by which clause."""

    rule = _clause(_("It rests on"))
    text = forms.CharField(
        label=_("Your argument"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What happened, and why the clause is for you"),
    )  # fmt: skip


class OwnerForm(WordForm):
    """Whose it should be; a rep asks for themselves."""

    claimant = forms.ModelChoiceField(queryset=None, label=_("Whose it should be"))

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        people = possible_reps()
        if not cases.may_ask_for(by, None):
            people = people.filter(pk=by.pk)
        self.fields["claimant"].queryset = people
        if people.filter(pk=by.pk).exists():
            self.fields["claimant"].initial = by.pk
        self.order_fields(["claimant", "rule", "text"])


class OriginForm(WordForm):
    """Who brought the deal."""

    asked = forms.ChoiceField(
        label=_("Who brought it"),
        choices=[(one.value, one.label) for one in OUTCOMES[CaseKind.ORIGIN] if one != CaseOutcome.STANDS],
    )
    field_order = ["asked", "rule", "text"]


class CaseRulingForm(Form):
    """What a head or the arbiter rules, by which clause."""

    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    rule = _clause(_("By which clause"))
    why = forms.CharField(
        label=_("Why"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Kept as a precedent and shown in similar disputes: name no customer"),
    )  # fmt: skip

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(one.value, one.label) for one in OUTCOMES[kind]]
