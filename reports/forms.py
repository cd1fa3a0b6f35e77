"""The filters of the reports, as a form whose every control works without a script."""

from copy import deepcopy
from dataclasses import replace
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import organisation
from accounts.forms.currency import InHouse
from engine.moments import day_in_reach
from pipeline.channels import Channel
from reports import heeding, periods, promising
from reports.attribution.models import MODELS, shown
from reports.choice import NOTHING
from reports.promising import cell_name, quota_name
from reports.rounds.forms import ProposeForm
from reports.simulating import spent_now
from ui import formats
from ui.forms import Form, MoneyField, MonthField


class LockForm(Form):
    """The model by which a fiscal year is read, and the first day of that year."""

    model = forms.ChoiceField(label=_("Model"))
    year = forms.DateField(widget=forms.HiddenInput, validators=[day_in_reach])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["model"].choices = [(name, model.label) for name, model in MODELS.items()]


class ReopenForm(Form):
    """Why a closed month is opened again."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class CommentForm(Form):
    """What the head of a track says of a month."""

    text = forms.CharField(label=_("Your comment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class MoveForm(Form):
    """How much spend a month moves from where to where."""

    source = forms.ChoiceField(label=_("From"))
    target = forms.ChoiceField(label=_("To"))
    amount = MoneyField(label=_("Amount a month"), min_value=Decimal("0.01"), decimal_places=2, max_digits=14)

    def __init__(self, named, months, currency, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = {key: spent_now(of) for key, of in months.items()}
        self.currency = currency
        told = {
            key: _("%(name)s, %(spend)s a month now")
            % {"name": name, "spend": formats.money(self.now[key], currency, places=0)}
            for key, name in named.items()
        }
        self.fields["source"].choices = [(key, told[key]) for key in named if self.now[key] > 0]
        self.fields["target"].choices = list(told.items())

    def clean(self):
        """Not to where it comes from, and no more than is spent there."""
        data = super().clean()
        if data.get("source") and data["source"] == data.get("target"):
            self.add_error("target", _("Choose two different ones."))
        elif "amount" in data and data.get("source") and float(data["amount"]) > self.now[data["source"]]:
            most = formats.money(self.now[data["source"]], self.currency, places=0)
            self.add_error("amount", _("Only %(most)s a month is spent there now.") % {"most": most})
        return data


class KeepForm(Form):
    """From which month a decision holds, and why."""

    starts_on = MonthField(label=_("First month"))
    reason = forms.CharField(label=_("Why"), max_length=500)

    def __init__(self, today, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_starts_on(self):
        """This month at the earliest, a year ahead at the latest."""
        month, now = self.cleaned_data["starts_on"], self.today.replace(day=1)
        if not now <= month <= periods.shifted(now, 12):
            raise forms.ValidationError(_("Choose a month from this one to a year ahead."))
        return month


class LearnedForm(Form):
    """What a second look taught."""

    learned = forms.CharField(label=_("What we learned"), max_length=500)


class TargetsForm(InHouse, Form):
    """An amount for each region and segment of the choice, none of them required.

    Beside each goes what the page showed, so that only what somebody changed there is written. Where a change has to be agreed
    (`must_agree`), it asks why and who wants it.
    """

    def __init__(self, known, choice, *args, must_agree=False, **kwargs):
        super().__init__(*args, **kwargs)
        if must_agree:
            self._ask()
        places = promising.regions(known, choice), promising.segments(known, choice)
        self.cells = {
            cell_name(region, segment): (region, segment) for region in places[0] for segment in places[1]
        }
        for name, (region, segment) in self.cells.items():
            field = MoneyField(required=False, min_value=0, decimal_places=2, max_digits=16)
            field.label = f"{places[0][region]}, {places[1][segment]}"
            field.show_hidden_initial = True
            field.widget.attrs |= {"aria-label": field.label, "size": 9}
            self.fields[name] = field

    def _ask(self):
        self.fields |= {name: deepcopy(field) for name, field in ProposeForm.base_fields.items()}
        self.fields["why"].required = False  # of a year of which nothing is agreed nobody asks

    def refuse(self, words):
        """Say why nothing is set, beside the question why it is to change; a round may have been opened meanwhile."""
        if "why" not in self.fields:
            self._ask()
        self.add_error("why", words)

    def wishes(self):
        """{(region, segment): amount or None} of what was changed."""
        changed = [name for name in self.changed_data if name in self.cells]
        return {self.cells[name]: self.cleaned_data[name] for name in changed}

    @property
    def reasons(self):
        """The fields for why and for whom, where it has them."""
        return [self[name] for name in ProposeForm.base_fields if name in self.fields]

    @property
    def said(self):
        """{field: text} of these."""
        return {name: self.cleaned_data[name] for name in ProposeForm.base_fields if name in self.fields}


class QuotasForm(InHouse, Form):
    """An amount for each team and person whose quota the reader may set, none of them required; as in TargetsForm."""

    def __init__(self, found, *args, **kwargs):
        rows = [row for one in found for row in (one.team, *one.people) if row.may_set]
        initial = {quota_name(row): row.promise.target for row in rows}
        super().__init__(*args, initial=initial, **kwargs)
        self.keys = {quota_name(row): (row.kind, row.id) for row in rows}
        for row in rows:
            field = MoneyField(required=False, min_value=0, decimal_places=2, max_digits=16)
            field.label = row.name
            field.show_hidden_initial = True
            field.widget.attrs |= {"aria-label": row.name, "size": 9}
            self.fields[quota_name(row)] = field

    def wishes(self):
        """{("team" or "person", id): amount or None} of what was changed."""
        return {self.keys[name]: self.cleaned_data[name] for name in self.changed_data}


class ChoiceForm(Form):
    """What a report can be asked for, or `only` what the page heeds; what is in force stands in it."""

    period = forms.ChoiceField(label=_("Period"))
    model = forms.ChoiceField(label=_("Model"))
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    segment = forms.ChoiceField(label=_("Segment"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    rep = forms.ChoiceField(label=_("Person"), required=False)

    def __init__(self, choice, known, path, only=None):
        super().__init__(
            initial={
                "period": choice.period.key,
                "model": choice.model,
                "channel": NOTHING if choice.channel == "" else choice.channel,
                **{name: axis and axis.address for name, axis in _chosen(choice).items()},
            }
        )
        self.fields["period"].choices = [*periods.LABELS.items(), ("custom", _("From month to month"))]
        models = shown(organisation.current().level, choice.model)
        self.fields["model"].choices = [(name, model.label) for name, model in models.items()]
        nothing = [(NOTHING, _("None"))] if choice.channel == "" else []
        self.fields["channel"].choices = [("", _("All")), *Channel.choices, *nothing]
        for name in ("segment", "region", "campaign", "team"):
            axes = getattr(known, f"{name}s")
            chosen = getattr(choice, name)
            self.fields[name].choices = [
                ("", _("All")),
                *((_whole(axis), axis.name) for axis in axes.values()),
                *([(chosen.address, chosen.name)] if getattr(chosen, "form", "") else []),
            ]
            if getattr(chosen, "alone", False):
                known_as = {axis.address: axis.name for axis in axes.values()}
                same = chosen.id if known_as.get(chosen.id) == chosen.name else None
                self.fields[name].choices = [
                    *(one for one in self.fields[name].choices if one[0] != same),
                    (chosen.address, chosen.name),
                ]
            if not axes:
                del self.fields[name]
        self._name_the_rep(choice, known)
        if choice.period.key == "custom":
            self._ask_months(choice.period)
        self._keep_unheeded(choice, only)
        for field in self.visible_fields():
            field.field.widget.attrs |= {"hx-get": path, "hx-include": "closest form", "hx-trigger": "change"}

    def _keep_unheeded(self, choice, only):
        """What the page leaves out goes along unseen, so that the next page narrows by it again."""
        kept = heeding.unheeded(choice, only)
        for name in [*self.fields]:
            asked = "period" if name in ("from", "to") else name
            if only is None or asked in only:
                continue
            if asked in kept:
                self.fields[name].widget = self.fields[name].hidden_widget()
            else:
                del self.fields[name]

    def _name_the_rep(self, choice, known):
        """Whoever is chosen came by a link: a list of everybody would be too long to choose from."""
        self.fields["rep"].choices = [
            ("", _("All")),
            *((one.address, one.name) for one in (choice.rep,) if one),
        ]
        if choice.rep is None:
            del self.fields["rep"]

    def _ask_months(self, period):
        self.fields["from"] = MonthField(label=pgettext_lazy("of a period", "From"), initial=period.first)
        self.fields["to"] = MonthField(label=pgettext_lazy("of a period", "To"), initial=period.last)
        self.order_fields(["period", "from", "to"])


def _whole(axis):
    """How an address names it by what its track or role says, whatever is asked of it now."""
    return replace(axis, form="").address if getattr(axis, "form", "") else axis.address


def _chosen(choice):
    return {name: getattr(choice, name) for name in ("segment", "region", "campaign", "team", "rep")}


class PlanRemarkForm(Form):
    """Why a plan was changed, or came otherwise."""

    text = forms.CharField(
        label=_("Why it came otherwise"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class CostFileForm(Form):
    """A table of costs of sales."""

    file = forms.FileField(label=_("File"), max_length=255, help_text=_("CSV, .xlsx or .xls"))
