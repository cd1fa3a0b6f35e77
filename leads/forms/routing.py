"""The form of a rule of routing, and of which rule the ledger tells."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, Track, User
from leads import fairness
from leads.assignment import ruling
from leads.models import AssignmentRule, Grade
from ui.forms import Form, ModelForm


class RuleForm(ModelForm):
    """Conditions, and the reps who get what meets them."""

    grades = forms.MultipleChoiceField(
        label=_("Grades"), choices=Grade.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = AssignmentRule
        fields = [
            "name", "position", "active", "segments", "regions", "product", "channel", "names", "grades", "team", "reps",
            "preferred",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["grades"] = list(self.instance.grades)
        sellers = User.objects.filter(rep__isnull=False, is_active=True).order_by("full_name")
        self.fields["team"].queryset = Team.objects.filter(track=Track.SALES)
        for name in ("reps", "preferred"):
            self.fields[name].queryset = sellers

    def clean_grades(self):
        """As the rule keeps them: "AB"."""
        return "".join(sorted(self.cleaned_data["grades"]))

    def clean(self):
        """Whoever comes first is one of those who are asked."""
        said = super().clean()
        if {"team", "reps", "preferred"} <= said.keys() and (
            refusal := ruling.outside(said["team"], said["reps"], said["preferred"])
        ):
            self.add_error("preferred", refusal)
        return said

    def save(self, commit=True):
        """Save the rule; one that is put where another stands comes before it."""
        rule = super().save(commit)
        if "position" in self.changed_data:
            rule.make_way()
        return rule


class LedgerForm(Form):
    """The rule whose ledger is looked at; all of them where the address names none."""

    rule = forms.ChoiceField(label=_("Rule"), initial=fairness.EVERY)

    def __init__(self, rules, asked):
        super().__init__(asked if "rule" in asked else None)
        named = [(str(one.pk), f"{one.position}. {one.name}") for one in rules]
        self.fields["rule"].choices = [
            (fairness.EVERY, _("All rules")), *named, (fairness.NONE, _("Everybody else")),
        ]  # fmt: skip

    def asked(self):
        """What the ledger is asked for: a rule's id, None for everybody else, or every rule."""
        rule = self.cleaned_data["rule"] if self.is_valid() else fairness.EVERY
        if rule == fairness.EVERY:
            return rule
        return None if rule == fairness.NONE else int(rule)
