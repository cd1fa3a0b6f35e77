"""The form of a new plan: its terms, and who takes part with which share."""

from datetime import date
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts import organisation
from accounts.forms.currency import InHouse
from accounts.models import Track, User
from reports import periods
from reports.commission.plans import settled_until, track_of
from reports.models import CommissionPlan, ShareRule
from ui import formats
from ui.forms import ModelForm, MoneyField, PercentField

WHOLE = Decimal(100)
PERCENT = {"min_value": Decimal("0.01"), "max_value": WHOLE, "max_digits": 5, "decimal_places": 2}


def spans(today, fiscal_start, settled=None):
    """[(key, label)] of the fiscal years and quarters that a plan may be for: those around today, and not settled (until a day) as a whole."""
    year, quarter = (periods.named(name, today, fiscal_start).first for name in ("year", "quarter"))
    years = [(periods.shifted(year, back), 12) for back in (0, 12, -12)]
    every = [*years, *((periods.shifted(quarter, back), 3) for back in range(-6, 13, 3))]
    return [
        _span(first, months)
        for first, months in every
        if settled is None or periods.shifted(first, months) > settled
    ]


def _span(first, months):
    last = periods.shifted(first, months - 1)
    label = _("Fiscal year %(months)s") if months == 12 else _("Quarter %(months)s")
    words = {"months": f"{formats.month(first)} – {formats.month(last)}"}
    return f"{first:%Y-%m}+{months}", label % words


class PlanForm(InHouse, ModelForm):
    """A new draft. Each person has a box and, where shares are named, a share."""

    span = forms.ChoiceField(label=pgettext_lazy("of a plan", "For"))
    rate = PercentField(label=gettext_lazy("Rate, in % of the incremental margin"), **PERCENT)
    cap = MoneyField(
        label=gettext_lazy("At most in a quarter"),
        required=False,
        min_value=0,
        decimal_places=2,
        max_digits=16,
    )

    class Meta:
        model = CommissionPlan
        fields = ["rate", "cap", "unproven", "baselines", "rule", "with_sales", "note"]

    field_order = ["span"]

    def __init__(self, today, *args, plan=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["span"].choices = spans(today, organisation.current().fiscal_year_start, settled_until())
        self.fields["note"].widget.attrs["rows"] = 3
        before = plan.shares.select_related("person").order_by("person__full_name", "person") if plan else ()
        shares = {share.person_id: share.percent for share in before}
        self.people = []
        for user in User.objects.filter(is_active=True).order_by("full_name", "pk"):
            if track := track_of(user.role, user.head_of):
                self._person(user, track, shares)
        self.people.sort(key=lambda one: one[1] != Track.MARKETING)
        known = {user.pk for user, *_names in self.people}
        self.gone = [(share.person, share.percent) for share in before if share.person_id not in known]

    def _person(self, user, track, shares):
        part, share = f"part-{user.pk}", f"share-{user.pk}"
        self.fields[part] = forms.BooleanField(
            label=user.full_name, required=False, initial=user.pk in shares
        )
        self.fields[share] = PercentField(
            label=_("Share of %(name)s in %%") % {"name": user.full_name},
            required=False,
            initial=shares.get(user.pk),
            **PERCENT,
        )
        self.fields[share].widget.attrs["size"] = 6
        self.people.append((user, track, part, share))

    @property
    def missing(self):
        """A sentence on those of the plan that this one begins with who can take part no more, and what was theirs; "" without any."""
        if not self.gone:
            return ""
        names = [
            str(user) if percent is None else f"{user} ({formats.hundredths(percent)})"
            for user, percent in self.gone
        ]
        said = _(
            "Left out, as they work here for neither side any more: %(names)s. Share out what was theirs."
        )
        return said % {"names": formats.listed(names)}

    @property
    def terms(self):
        """The fields above the people."""
        return [self[name] for name in ("span", *self.Meta.fields)]

    @property
    def rows(self):
        """[(track, box, share)] of the people."""
        return [(Track(track).label, self[part], self[share]) for _user, track, part, share in self.people]

    @property
    def sharers(self):
        """{user id: share in %, None where shares are equal} of those who take part."""
        data, named = self.cleaned_data, self.cleaned_data.get("rule") == ShareRule.NAMED
        return {
            user.pk: data.get(share) if named else None
            for user, _track, part, share in self.people
            if data.get(part)
        }

    def clean(self):
        """Somebody takes part, sales only where the plan says so, and named shares make a whole."""
        data = super().clean()
        if "span" in data:
            first, months = data["span"].split("+")
            self.instance.first = date.fromisoformat(f"{first}-01")
            self.instance.until = periods.shifted(self.instance.first, int(months))
        sharers = self.sharers
        if not sharers:
            raise forms.ValidationError(_("Choose who takes part."))
        sales = [user for user, track, *_names in self.people if user.pk in sharers and track == Track.SALES]
        if sales and not data.get("with_sales"):
            self.add_error(
                "with_sales", _("Somebody of sales is chosen: say that people of sales take part.")
            )
        if data.get("rule") == ShareRule.NAMED:
            self._whole(sharers)
        return data

    def _whole(self, sharers):
        if None in sharers.values():
            raise forms.ValidationError(_("Name the share of everybody who takes part."))
        if (total := sum(sharers.values())) != WHOLE:
            said = _("The shares sum to %(total)s, and not to 100%%.") % {"total": formats.hundredths(total)}
            raise forms.ValidationError(said)
