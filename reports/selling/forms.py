"""The form of a cost of sales, and what their list may be narrowed to."""

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import organisation
from accounts.forms.currency import CurrencyField
from accounts.models import Region, Segment, Team, Track
from pipeline import money
from pipeline.forms.base import SpineForm
from pipeline.models import Campaign, SalesCost, SalesCostFile, SpendKind
from pipeline.models.campaigns import impossible
from reports.choice import NOTHING
from ui.filters import FilterSet
from ui.forms import MoneyField, MonthField


class CostForm(SpineForm):
    """Money for selling, by month of service."""

    month = MonthField(label=_("Month of service"))
    amount = MoneyField(label=_("Amount"), help_text=_("Net of tax. What comes back is negative."))
    currency = CurrencyField()

    class Meta:
        model = SalesCost
        fields = [
            "of",
            "kind",
            "amount",
            "currency",
            "month",
            "on",
            "team",
            "segment",
            "region",
            "campaign",
            "payee",
            "note",
        ]

    def __init__(self, *args, today=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today or organisation.today(timezone.now())
        teams = Team.objects.filter(track=Track.SALES).order_by("name")
        self.fields["team"].queryset = teams
        theirs = Q(for_existing=True) | Q(pk=self.instance.campaign_id)
        self.fields["campaign"].queryset = Campaign.objects.filter(theirs).order_by("name")
        if self.instance.pk is None:
            self.initial |= {"on": self.today, "month": self.today.replace(day=1)}

    def clean(self):
        """A day that can be, and a rate of that day."""
        cleaned = super().clean()
        changed = self.changed_data if self.instance.pk else self.fields
        for name, why in impossible(cleaned, self.today, changed).items():
            self.add_error(name, why)
        if {"amount", "currency", "on"} <= cleaned.keys():
            try:
                base = money.to_base(cleaned["amount"], cleaned["currency"], cleaned["on"])
            except money.NoRate as missing:
                self.add_error("currency", str(missing))
            else:
                self.instance.base_amount = base
        return cleaned


def _whose(model, label):
    """Costs of one record, or of none."""
    return django_filters.ModelChoiceFilter(
        queryset=lambda _request: model.objects.all(), label=label, null_label=_("None"), null_value=NOTHING
    )


COUNTED = f"{SpendKind.COMMITTED.value},{SpendKind.PAID.value}"  # what counts as cost, in an address


class CostFilters(FilterSet):
    """What the list of costs may be narrowed to, for the page and the API; all of it stands in the address."""

    month = django_filters.DateFromToRangeFilter(label=_("Month of service"))
    kind = django_filters.ChoiceFilter(
        choices=[*SpendKind.choices, (COUNTED, _("Paid and committed"))], label=_("Kind"), method="of_kind"
    )
    team = _whose(Team, _("Team"))
    segment = _whose(Segment, _("Segment"))
    region = _whose(Region, _("Region"))
    campaign = _whose(Campaign, _("Programme"))
    file = django_filters.ModelChoiceFilter(
        queryset=lambda _request: SalesCostFile.objects.order_by("-pk"), label=_("File")
    )

    class Meta:
        model = SalesCost
        fields = ["of", "kind", "team", "segment", "region", "campaign", "file", "month"]

    def of_kind(self, rows, _name, kinds):
        """Of one kind, or of either of both that count."""
        return rows.filter(kind__in=kinds.split(","))
