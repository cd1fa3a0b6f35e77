"""Campaigns and their spend in the REST API."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from accounts import organisation
from accounts.bulk.api import InBulk
from accounts.resources import Writable
from pipeline import campaigns, consulting, many, money
from pipeline.api.shapes import CurrencyField, MonthField
from pipeline.models import Campaign, Spend, SpendKind
from pipeline.models.campaigns import ONLY_PAID_COMES_BACK, impossible
from ui.filters import FilterSet, WordsFilter


class CampaignSerializer(serializers.ModelSerializer):
    """A campaign and its plan; its currency is that of the reports where it is left out."""

    currency = CurrencyField()

    class Meta:
        model = Campaign
        fields = [
            "id", "code", "name", "status", "channel", "track", "parent", "owner", "segment", "region", "product",
            "starts_on", "ends_on", "budget", "currency", "expected_leads", "expected_mqls", "expected_sqls",
            "expected_pipeline", "expected_revenue", "for_existing", "note",
            "source", "external_id", "created_at", "updated_at",
        ]  # fmt: skip

    def validate(self, values):
        """A campaign ends after it starts, and is not part of itself."""
        now = {**(vars(self.instance) if self.instance else {}), **values}
        if now.get("starts_on") and now.get("ends_on") and now["ends_on"] < now["starts_on"]:
            raise serializers.ValidationError({"ends_on": _("The last day is before the first day.")})
        if self.instance and values.get("parent") and values["parent"].pk in campaigns.beneath(self.instance):
            raise serializers.ValidationError({"parent": _("A campaign cannot be part of itself.")})
        if reason := consulting.unheard(self.instance, values.get("status")):
            raise serializers.ValidationError({"status": reason})
        return values


class CampaignFilters(FilterSet):
    q = WordsFilter(columns=["name", "code"])

    class Meta:
        model = Campaign
        fields = [
            "status",
            "channel",
            "track",
            "parent",
            "owner",
            "segment",
            "region",
            "product",
            "for_existing",
            "source",
        ]


class CampaignResource(InBulk, Writable):
    """Campaigns: marketing activities with a plan."""

    queryset = Campaign.objects.all()
    serializer_class = CampaignSerializer
    filterset_class = CampaignFilters
    changes = many.CAMPAIGNS
    may = {"create": "pipeline.add_campaign", "partial_update": "pipeline.change_campaign"}


class SpendSerializer(serializers.ModelSerializer):
    """Spend by month of service. `month` is written as a month (2026-11) or as any day of it; `base_amount` follows the day's rate.

    `booked` is the month in which it counts officially: a later one where the month of service was closed before.
    The currency is that of the reports where it is left out.
    """

    month = MonthField()
    currency = CurrencyField()

    class Meta:
        model = Spend
        fields = [
            "id", "campaign", "kind", "month", "on", "booked", "amount", "currency", "base_amount", "vendor", "note",
            "impressions", "clicks", "reported_leads", "reported_orders", "reported_revenue", "source", "external_id",
            "created_at",
        ]  # fmt: skip
        read_only_fields = ["booked"]

    def validate(self, values):
        """A credit note is paid spend below zero, a year is not mistyped, and nothing is paid on a day to come."""
        now = {**(vars(self.instance) if self.instance else {}), **values}
        if wrong := impossible(
            now, organisation.today(timezone.now()), values if self.instance else ("kind", *values)
        ):
            raise serializers.ValidationError(wrong)
        if now["amount"] < 0 and now.get("kind", SpendKind.PAID) != SpendKind.PAID:
            raise serializers.ValidationError({"amount": ONLY_PAID_COMES_BACK})
        return values

    def save(self):
        """With the amount in the report currency. Raises ValidationError where no rate is known."""
        now = {**(vars(self.instance) if self.instance else {}), **self.validated_data}
        try:
            base = money.to_base(now["amount"], now["currency"], now["on"])
        except money.NoRate as error:
            raise serializers.ValidationError({"currency": str(error)}) from None
        entered = {} if self.instance else {"entered_by": self.context["request"].user}
        return super().save(base_amount=base, **entered)


class SpendFilters(FilterSet):
    month = django_filters.DateFromToRangeFilter()

    class Meta:
        model = Spend
        fields = ["campaign", "kind", "currency", "source", "booked"]


class SpendResource(Writable):
    """Spend: planned, committed and paid."""

    queryset = Spend.objects.all()
    serializer_class = SpendSerializer
    filterset_class = SpendFilters
    may = {
        "create": "pipeline.add_spend",
        "partial_update": "pipeline.change_spend",
        "destroy": "pipeline.change_spend",
    }

    def destroy(self, request, pk):
        """Take a booking back; history keeps it."""
        with self.unchanged() as spend:
            spend.delete()
        return Response(status=204)
