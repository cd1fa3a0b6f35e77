"""Forms of campaigns and of spend."""

from copy import copy

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import organisation
from accounts.forms.currency import CurrencyField
from pipeline import campaigns, consulting, money
from pipeline.forms.base import SpineForm, possible_owners
from pipeline.models import Campaign, Product, Spend
from pipeline.models.campaigns import impossible
from ui import formats
from ui.forms import MoneyField, MonthField
from ui.inline import Inline


class CampaignForm(SpineForm):
    """A campaign and its plan. An empty code is made from the name."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=campaigns.LONGEST_CODE,
        required=False,
        allow_unicode=True,
        help_text=_("Stands in links and files. Leave it empty and it is made from the name."),
    )
    budget = MoneyField(label=_("Budget"), min_value=0, required=False)
    currency = CurrencyField()
    expected_pipeline = MoneyField(label=_("Expected pipeline"), min_value=0, required=False)
    expected_revenue = MoneyField(label=_("Expected revenue"), min_value=0, required=False)

    class Meta:
        model = Campaign
        fields = [
            "name", "code", "status", "channel", "track", "owner", "starts_on", "ends_on", "budget", "currency",
            "expected_leads", "expected_mqls", "expected_sqls", "expected_pipeline", "expected_revenue", "segment", "region", "product", "for_existing", "parent", "note",
        ]  # fmt: skip
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        mine = self.instance
        self.standing = copy(mine)  # as it stands: validation writes into the instance
        self.fields["owner"].queryset = possible_owners()
        self.fields["product"].queryset = Product.objects.filter(Q(active=True) | Q(pk=mine.product_id))
        parents = Campaign.objects.order_by("name")
        self.fields["parent"].queryset = (
            parents.exclude(pk__in=campaigns.beneath(mine)) if mine.pk else parents
        )

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first day."))
        if reason := consulting.unheard(self.standing, cleaned.get("status")):
            self.add_error("status", reason)
        if not cleaned.get("code") and "code" not in self.errors and cleaned.get("name"):
            cleaned["code"] = self.instance.code or campaigns.propose_code(cleaned["name"])
        return cleaned


PLAN_FIELDS = (
    "status", "starts_on", "ends_on", "budget", "expected_leads", "expected_mqls", "expected_sqls", "expected_pipeline",
    "expected_revenue", "owner", "segment", "region", "product",
)  # fmt: skip
CAMPAIGN = Inline(
    "pipeline:campaign-field",
    "pipeline:campaign",
    CampaignForm,
    PLAN_FIELDS,
    {
        "budget": lambda campaign: formats.money(campaign.budget, campaign.currency),
        "expected_pipeline": lambda campaign: formats.money(campaign.expected_pipeline, campaign.currency),
        "expected_revenue": lambda campaign: formats.money(campaign.expected_revenue, campaign.currency),
    },
)


class SpendForm(SpineForm):
    """Money planned, committed or paid, by month of service."""

    month = MonthField(label=_("Month of service"))
    amount = MoneyField(label=_("Amount"), help_text=_("Net of tax. A credit note is negative."))
    currency = CurrencyField()

    class Meta:
        model = Spend
        fields = ["kind", "amount", "currency", "month", "on", "vendor", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            today = organisation.today(timezone.now())
            self.initial |= {"on": today, "month": today.replace(day=1)}

    def clean(self):
        cleaned = super().clean()
        changed = self.changed_data if self.instance.pk else self.fields
        for name, why in impossible(cleaned, organisation.today(timezone.now()), changed).items():
            self.add_error(name, why)
        if {"amount", "currency", "on"} <= cleaned.keys():
            try:
                base = money.to_base(cleaned["amount"], cleaned["currency"], cleaned["on"])
            except money.NoRate as missing:
                self.add_error("currency", str(missing))
            else:
                self.instance.base_amount = base
        return cleaned
