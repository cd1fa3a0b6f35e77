"""Forms of the scorecard: a rule, the thresholds, what touches weigh."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leads import fields, grading
from leads.models import ScoreModel, TouchKind
from leads.models.score import Operator
from leads.scoring import editing, lines, versions
from ui.forms import Form

MOST_POINTS = 10_000


class RuleForm(Form):
    """A rule: what is asked of which field, and the points that it gives or takes."""

    field = forms.ChoiceField(label=_("Field"))
    attribute = forms.CharField(
        label=_("Name of the attribute"),
        max_length=80,
        required=False,
        help_text=_("For a field of your own"),
    )
    operator = forms.ChoiceField(label=_("Condition"), choices=Operator.choices)
    value = forms.CharField(
        label=_("Value"), max_length=1000, required=False,
        help_text=_("Several separated by commas; for “is between” the lowest number"),
    )  # fmt: skip
    upto = forms.DecimalField(label=_("and at most"), required=False)
    points = forms.IntegerField(
        label=_("Points"),
        min_value=-MOST_POINTS,
        max_value=MOST_POINTS,
        help_text=_("Below zero takes points away"),
    )
    group = forms.CharField(
        label=_("Group"), max_length=60, required=False, help_text=_("Rules of one group can share a most")
    )
    cap = forms.IntegerField(
        label=_("The group gives at most"), min_value=0, max_value=MOST_POINTS, required=False
    )

    def __init__(self, *args, model, **kwargs):
        self.model = model
        super().__init__(*args, **kwargs)
        known = [(name, field.label) for name, field in fields.FIELDS.items()]
        self.fields["field"].choices = [*known, (fields.ATTRIBUTE, _("An attribute of your own"))]

    def clean(self):
        """The rule must be one that SQL can read."""
        given = super().clean()
        if self.errors:
            return given
        try:
            self.rule = editing.rule(
                self.model, field=self._field(given), operator=given["operator"], value=self._value(given),
                points=given["points"], group=given["group"].strip(),
            )  # fmt: skip
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
        if given["cap"] is not None and not self.rule.group:
            self.add_error("group", _("Name the group that the most is for."))
        return given

    def _field(self, given):
        own = given["field"] == fields.ATTRIBUTE
        return fields.ATTRIBUTE + given["attribute"].strip() if own else given["field"]

    def _value(self, given):
        text = given["value"].strip()
        if given["operator"] == Operator.KNOWN:
            return None
        if given["operator"] == Operator.BETWEEN:
            upto = given["upto"]
            return [text or None, None if upto is None else str(upto)]
        if given["operator"] == Operator.IS:
            return text
        return [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]

    def save(self):
        """Store the rule, and the group's most where one was given."""
        return editing.add_rule(self.rule, self.cleaned_data["cap"])


class ModelForm(Form):
    """The name, the half-life, and the points from which on a letter or a digit is given."""

    name = forms.CharField(label=_("Name"), max_length=100)
    half_life = forms.FloatField(label=_("Half-life in days"), min_value=0.5, max_value=3650)
    fit_A = forms.IntegerField(label=_("Fit A from"))
    fit_B = forms.IntegerField(label=_("Fit B from"))
    fit_C = forms.IntegerField(label=_("Fit C from"))
    heat_1 = forms.FloatField(label=_("Engagement 1 from"), min_value=0)
    heat_2 = forms.FloatField(label=_("Engagement 2 from"), min_value=0)
    heat_3 = forms.FloatField(label=_("Engagement 3 from"), min_value=0)

    def __init__(self, *args, model, **kwargs):
        self.model = model
        floors = {f"fit_{key}": model.fit_floors.get(key) for key in grading.LETTERS[:-1]}
        floors |= {f"heat_{key}": model.engagement_floors.get(str(key)) for key in grading.DIGITS[:-1]}
        super().__init__(
            *args, initial={"name": model.name, "half_life": model.half_life, **floors}, **kwargs
        )

    def clean(self):
        """A better letter or digit needs more points."""
        given = super().clean()
        for names in (("fit_A", "fit_B", "fit_C"), ("heat_1", "heat_2", "heat_3")):
            steps = [given[name] for name in names if given.get(name) is not None]
            if len(steps) == 3 and (why := editing.disorder(steps)):
                self.add_error(names[1], why)
        return given

    def save(self):
        """Store them on the draft."""
        given = self.cleaned_data
        editing.set_thresholds(
            self.model, name=given["name"], half_life=given["half_life"],
            fit_floors={key: given[f"fit_{key}"] for key in grading.LETTERS[:-1]},
            engagement_floors={str(key): given[f"heat_{key}"] for key in grading.DIGITS[:-1]},
        )  # fmt: skip


class SharesForm(Form):
    """Thresholds of fit so that the best share of running leads has a letter or a better one."""

    best_A = forms.IntegerField(label=_("Best % that are A"), min_value=1, max_value=99, initial=10)
    best_B = forms.IntegerField(label=_("Best % that are A or B"), min_value=1, max_value=99, initial=30)
    best_C = forms.IntegerField(label=_("Best % that are A, B or C"), min_value=1, max_value=99, initial=60)

    def __init__(self, *args, model, **kwargs):
        self.model = model
        super().__init__(*args, **kwargs)

    def clean(self):
        """Each letter takes in the better ones; without leads there is nothing to take shares of."""
        given = super().clean()
        shares = [given.get(f"best_{letter}") for letter in grading.LETTERS[:-1]]
        if None in shares:
            return given
        if not shares[0] < shares[1] < shares[2]:
            raise forms.ValidationError(_("Each share takes in the better ones, so it must be larger."))
        try:
            told = {letter: share / 100 for letter, share in zip(grading.LETTERS, shares, strict=False)}
            self.reached = versions.floors_by_share(self.model, told)
        except versions.NotNow as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return given

    def save(self):
        """Store the points that these shares come to now."""
        editing.set_fit_floors(self.model, {one.letter: one.floor for one in self.reached})


class WeightsForm(Form):
    """What a touch of each kind adds, and the most that one kind may add on one day; empty weighs nothing."""

    def __init__(self, *args, model, **kwargs):
        self.model = model
        weights = {row.kind: row for row in model.weights.all()}
        super().__init__(*args, **kwargs)
        for kind, label in TouchKind.choices:
            row, cap = weights.get(kind), _("%(kind)s: at most a day") % {"kind": label}
            self.fields[f"weight-{kind}"] = forms.FloatField(
                label=label, min_value=0, max_value=MOST_POINTS, required=False, initial=row and row.weight
            )
            self.fields[f"cap-{kind}"] = forms.FloatField(
                label=cap, min_value=0, max_value=MOST_POINTS,
                required=False, initial=row and row.daily_cap, widget=forms.NumberInput(attrs={"aria-label": cap}),
            )  # fmt: skip

    def pairs(self):
        """[(kind in words, its weight, its ceiling)] as bound fields."""
        return [(label, self[f"weight-{kind}"], self[f"cap-{kind}"]) for kind, label in TouchKind.choices]

    def save(self):
        """Replace the draft's weights; without a ceiling, one touch of the kind counts a day."""
        given = self.cleaned_data
        editing.set_weights(
            self.model, {kind: (given[f"weight-{kind}"], given[f"cap-{kind}"]) for kind in TouchKind.values}
        )


class ScorecardField(forms.ModelChoiceField):
    """A scorecard to choose, called in the reader's language as in the list."""

    def label_from_instance(self, model):
        return " · ".join(filter(None, [str(model.number), model.line, str(_(model.name))]))


class LineForm(Form):
    """A scorecard for a product line, copied from another one."""

    line = forms.ChoiceField(
        label=_("Product line"), help_text=_("Its leads are graded by it once it is published")
    )
    source = ScorecardField(ScoreModel.objects.filter(in_force=True), label=_("Copy of"), empty_label=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [(line, line) for line in lines.without_scorecard()]

    def save(self):
        """Draft version 1 of the line's scorecard."""
        return versions.draft(line=self.cleaned_data["line"], source=self.cleaned_data["source"])
