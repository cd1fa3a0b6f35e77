"""The form of a draft of the agreement: its terms as fields, the clocks by grade."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Segment, Track
from leads import arbitration, fields, sense
from leads.clauses import KEYS
from leads.models import Agreement
from leads.models.contacting import Other, Phase, Way, rule_of
from ui.forms import ModelForm

CLOCKS = {
    "desk_minutes": (_("The desk answers within, working minutes: %(who)s"), 1, 4_800),
    "answer_minutes": (_("Answer within, working minutes: %(who)s"), 1, 20_000),
    "contact_minutes": (_("First attempt within, working minutes: %(who)s"), 1, 40_000),
    "attempts_owed": (_("Attempts owed: %(who)s"), 1, 50),
}
MAY_BE_SILENT = "desk_minutes"  # a version may promise nothing of the desk's answers
OF_NO_CUSTOMERS = {"desk_minutes", "attempts_owed"}  # customers' inquiries go past the desk


GROUPS = (
    (_("Who is responsible"), ("sales_from",)),
    (_("What an MQL is"), ("fit_floor", "engagement_floor", "touches_floor", "hand_raisers")),
    (_("What ready means"), ("required_fields",)),
    (
        _("Offers, protection and the pool"),
        (
            "reoffers", "desk_days", "protection_days", "warning_days", "extensions", "extension_days", "rest_days",
            "claims_a_day", "cooling_days", "farmer_days", "collision_days", "talk_days",
        ),
    ),
    (_("Disputes"), ("ruling_days", "arbiter", "undecided")),
)  # fmt: skip


class AgreementForm(ModelForm):
    """A draft. The groups of numbers by grade become one field each."""

    required_fields = forms.MultipleChoiceField(
        label=_("A ready lead has"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Agreement
        fields = [
            "sales_from", "fit_floor", "engagement_floor", "touches_floor", "hand_raisers", "required_fields", "around_the_clock",
            "reoffers", "desk_days", "protection_days", "warning_days",
            "extensions", "extension_days", "rest_days", "claims_a_day", "cooling_days", "farmer_days",
            "collision_days", "talk_days", "ruling_days", "arbiter", "undecided",
            "owed_sqls", "note",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["arbiter"].queryset = arbitration.arbiters()
        self.fields["required_fields"].choices = [
            (name, field.label) for name, field in fields.FIELDS.items()
        ]
        for group, (label, least, most) in CLOCKS.items():
            for key, who in KEYS.items():
                if group not in OF_NO_CUSTOMERS or key != "inquiry":
                    known, name = getattr(self.instance, group).get(key), f"{group}_{key}"
                    self._number(name, label % {"who": who}, known, least, most)
                    self.fields[name].required = group != MAY_BE_SILENT
        self._add_contact_rules()
        for segment in Segment.objects.order_by("name"):
            label = _("Of these owed to the segment %(segment)s") % {"segment": segment.name}
            self._number(
                f"owed_{segment.code}", label, self.instance.owed_by_segment.get(segment.code, 0), 0, 100_000
            )

    @property
    def groups(self):
        """[(legend, [bound fields])] of what is no number by grade."""
        return [(legend, [self[name] for name in names]) for legend, names in GROUPS]

    @property
    def clocks(self):
        """[(who, [bound field of each clock, or None])]: a row for each grade, hand-raisers and customers."""
        names = self.fields.keys()
        return [
            (who, [self[f"{group}_{key}"] if f"{group}_{key}" in names else None for group in CLOCKS])
            for key, who in KEYS.items()
        ]

    def _add_contact_rules(self):
        """Two choices for each phase and way: who is responsible, and what the other track may do."""
        for phase in Phase:
            for way in Way:
                rule = rule_of(self.instance.contact_rules, phase, way)
                said = {"phase": phase.label, "way": way.label}
                for name, label, choices in (
                    ("track", _("Responsible: %(phase)s, %(way)s"), Track.choices),
                    ("other", _("The other track: %(phase)s, %(way)s"), Other.choices),
                ):
                    self.fields[f"contact_{phase}_{way}_{name}"] = forms.ChoiceField(
                        label=label % said, choices=choices, initial=getattr(rule, name)
                    )

    @property
    def contact_rows(self):
        """[(phase, [(who is responsible, what the other may do) of each way])] as bound fields."""
        return [
            (
                phase.label,
                [(self[f"contact_{phase}_{way}_track"], self[f"contact_{phase}_{way}_other"]) for way in Way],
            )
            for phase in Phase
        ]

    @property
    def ways(self):
        """The ways of contact, in words."""
        return [way.label for way in Way]

    @property
    def owed(self):
        """The bound fields of what marketing owes: in all, then by segment."""
        return [
            self["owed_sqls"],
            *(self[name] for name in self.fields if name.startswith("owed_") and name != "owed_sqls"),
        ]

    def _number(self, name, label, initial, least, most):
        self.fields[name] = forms.IntegerField(label=label, initial=initial, min_value=least, max_value=most)

    def clean(self):
        """Gather the numbers again; what the segments are owed is part of what is owed in all, and terms go together."""
        said = super().clean()
        for group in CLOCKS:
            names = {key: f"{group}_{key}" for key in KEYS}
            given = {key: said[name] for key, name in names.items() if said.get(name) is not None}
            setattr(self.instance, group, given)
            for name in names.values() if group == MAY_BE_SILENT and given else ():
                if name in said and said[name] is None:
                    self.add_error(name, _("Say it for each of them, or for none: then nothing is promised."))
        self.instance.contact_rules = {
            phase.value: {
                way.value: {name: said.get(f"contact_{phase}_{way}_{name}") for name in ("track", "other")}
                for way in Way
            }
            for phase in Phase
        }
        owed = {code: said.get(f"owed_{code}") for code in Segment.objects.values_list("code", flat=True)}
        self.instance.owed_by_segment = {code: count for code, count in owed.items() if count}
        if sum(self.instance.owed_by_segment.values()) > (said.get("owed_sqls") or 0):
            self.add_error("owed_sqls", _("The segments are owed more than this."))
        for (name, key), words in self._nonsense(said).items():
            self.add_error(f"{name}_{key}" if key else name, words)
        return said

    def _nonsense(self, said):
        """What contradicts itself among the terms that can be read; terms that cannot have their own error."""
        names = [name for name in self.Meta.fields if name in said]
        draft = Agreement(**{name: said[name] for name in names})
        for group in CLOCKS:
            setattr(draft, group, getattr(self.instance, group))
        wrong = sense.nonsense(draft)
        return {(name, key): words for (name, key), words in wrong.items() if key or name in said}
