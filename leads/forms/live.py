"""The form of a living audience: its name, and its conditions in the words of lists and scorecards."""

from urllib.parse import parse_qs

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, Role, Segment, User
from leads import fields
from leads.live.conditions import CODES, MOST_DAYS, cleaned
from leads.models import Grade, LiveAudience, TouchKind, UsageKind
from leads.models.score import Operator
from pipeline.channels import Channel
from pipeline.models import Campaign, Product
from pipeline.own_fields import PREFIX
from pipeline.stages import Stage
from ui.forms import Form, ModelForm

ROWS = range(1, 4)
CHOSEN = ("stages", "grades", "channels", "touch_kinds", "usage")
NUMBERS = ("engagement", "captured_days", "touch_days")
# {filter of the list of leads: the condition that it is kept as}
KEPT = {"stage": "stages", "grade": "grades", "channel": "channels", "campaign": "campaigns", "segment": "segments", "region": "regions"}  # fmt: skip

GROUPS = (
    (_("What it is"), ("name", "note", "owner")),
    (_("Who they are"), ("stages", "grades", "engagement", "customers", "usage", "segments", "regions")),
    (_("How they came"), ("channels", "campaigns", "products", "captured_days")),
    (_("What they did"), ("touch_kinds", "touch_campaigns", "touch_products", "touch_days")),
)


def _several(label, choices):
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


def _records(label, queryset, **more):
    return forms.ModelMultipleChoiceField(queryset, label=label, required=False, to_field_name="code", **more)


def _days(label, **more):
    return forms.IntegerField(label=label, min_value=1, max_value=MOST_DAYS, required=False, **more)


class LiveAudienceForm(ModelForm):
    """A name, what it is for, who answers for it; then who belongs, by all that is asked together."""

    stages = _several(_("Stage"), Stage.choices)
    grades = _several(_("Grade now"), Grade.choices)
    engagement = forms.FloatField(
        label=_("Engagement now at least"), min_value=0, max_value=MOST_DAYS, required=False
    )
    customers = forms.ChoiceField(
        label=_("Customers"),
        required=False,
        choices=[("", _("Everybody")), ("customers", _("Customers")), ("others", _("Not customers yet"))],
    )
    usage = _several(_("What the use of products says"), UsageKind.choices)
    segments = _records(_("Segment"), Segment.objects.all(), widget=forms.CheckboxSelectMultiple)
    regions = _records(
        _("Region"),
        Region.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("With all parts of it"),
    )
    channels = _several(_("Came by"), Channel.choices)
    campaigns = _records(_("Campaign that brought them"), Campaign.objects.order_by("name"))
    products = _records(_("Product asked for"), Product.objects.all())
    captured_days = _days(_("Came in within the last days"))
    touch_kinds = _several(_("Did"), TouchKind.choices)
    touch_campaigns = _records(_("for the campaign"), Campaign.objects.order_by("name"))
    touch_products = _records(
        _("about the product"), Product.objects.all(), help_text=_("By the campaign that it was done for")
    )
    touch_days = _days(_("within the last days"))

    class Meta:
        model = LiveAudience
        fields = ["name", "note", "owner"]
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = self.instance.conditions
        owners = Q(is_active=True) & ~Q(role=Role.SERVICE) | Q(pk=self.instance.owner_id)
        self.fields["owner"].queryset = User.objects.filter(owners).order_by("full_name")
        for name in (*CHOSEN, *CODES, *NUMBERS, "customers"):
            if name in known:
                self.initial[name] = known[name]
        self._add_own(known.get("own", ()))

    def _add_own(self, known):
        """Three conditions in the words of score rules."""
        names = [("", "–"), *((name, field.label) for name, field in fields.FIELDS.items())]
        for n in ROWS:
            one = known[n - 1] if n <= len(known) else {}
            attribute = str(one.get("field", "")).startswith(fields.ATTRIBUTE)
            extra = [(one["field"], fields.label(one["field"]))] if attribute else []
            self.fields[f"field_{n}"] = forms.ChoiceField(
                label=_("Field"), choices=[*names, *extra], required=False, initial=one.get("field", "")
            )
            self.fields[f"operator_{n}"] = forms.ChoiceField(
                label=_("Condition"),
                choices=Operator.choices,
                required=False,
                initial=one.get("operator", "is"),
            )
            self.fields[f"value_{n}"] = forms.CharField(
                label=_("Value"), max_length=1000, required=False, initial=_typed(one.get("value")),
                help_text=_("Several separated by commas; “50, 499” for “is between”"),
            )  # fmt: skip

    @property
    def groups(self):
        """[(legend, [bound fields])]."""
        own = [name for n in ROWS for name in (f"field_{n}", f"operator_{n}", f"value_{n}")]
        told = [*GROUPS, (_("Conditions in the words of score rules"), own)]
        return [(legend, [self[name] for name in names]) for legend, names in told]

    def clean(self):
        """The conditions must be ones that SQL can read, and say something."""
        given = super().clean()
        if self.errors:
            return given
        asked = {name: given[name] for name in (*CHOSEN, *NUMBERS, "customers")}
        asked |= {name: [one.code for one in given[name]] for name in CODES}
        asked["own"] = [one for n in ROWS if (one := self._own(given, n))]
        try:
            self.instance.conditions = cleaned(asked)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
        return given

    def _own(self, given, n):
        field, operator, text = given[f"field_{n}"], given[f"operator_{n}"], given[f"value_{n}"].strip()
        if not field:
            return None
        parts = [part.strip() for part in text.replace("，", ",").split(",")]
        value = {Operator.KNOWN: None, Operator.IS: text, Operator.BETWEEN: [part or None for part in parts]}
        return {
            "field": field,
            "operator": operator,
            "value": value.get(operator, [part for part in parts if part]),
        }


def _typed(value):
    listed = value if isinstance(value, list) else [value]
    return ", ".join("" if part is None else str(part) for part in listed)


def kept(query):
    """(conditions of the filters in the address of the list of leads, names of the filters that cannot be kept)."""
    asked, conditions, lost = parse_qs(query), {}, []
    for name, (value, *_more) in asked.items():
        if name in ("sort", "columns", "cursor", "view"):
            continue
        if name.startswith(PREFIX):
            own = {"field": fields.ATTRIBUTE + name.removeprefix(PREFIX), "operator": "is", "value": value}
            conditions.setdefault("own", []).append(own)
        elif name in KEPT:
            code = _code(KEPT[name], value)
            conditions |= {KEPT[name]: [code]} if code else {}
        else:
            lost.append(name)
    return conditions, lost


def _code(name, value):
    if name not in CODES:
        return value
    return (
        CODES[name].objects.filter(pk=value).values_list("code", flat=True).first()
        if value.isdigit()
        else None
    )


class UseForm(Form):
    """For which campaign the lot is drawn from the audience."""

    campaign = forms.ModelChoiceField(Campaign.objects.order_by("name"), label=_("Campaign"))
    held_percent = forms.IntegerField(
        label=_("held out, in %"), min_value=0, max_value=50, initial=10, required=False,
        help_text=_("Their share is drawn by lot and gets nothing of this campaign; 10 to 15 is usual."),
    )  # fmt: skip
