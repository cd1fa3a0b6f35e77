"""Costs of sales, and where combined money earns most, in the REST API."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import organisation
from accounts.doors import require
from accounts.formed import Formed, Shown
from accounts.models import Region, Segment, Team
from accounts.unheard import Heard
from engine.idempotency import idempotent
from engine.parsers import RowsJSONParser
from leads.api.bulk import BulkAnswerSerializer, bulk
from pipeline.api.shapes import CurrencyField, MonthField
from pipeline.models import Campaign, SalesCost
from reports.api.reports import CHOICE, Report, asked, number
from reports.api.shapes import PeriodSerializer
from reports.choice import axes, one_of, parse
from reports.selling.combined import AXES, combined
from reports.selling.forms import CostFilters, CostForm

CHANGE = "reports.change_sales_cost"
BY = OpenApiParameter("by", enum=list(AXES), description="default segment")


class SalesCostSerializer(Heard, Formed, serializers.ModelSerializer):
    """A cost of sales by month of service, of a team, segment or region where it is known. `booked` is the month in which it counts
    officially; `base_amount` is in report currency at the rate of `on`.
    """

    month = MonthField()
    currency = CurrencyField()
    team = serializers.PrimaryKeyRelatedField(queryset=Team.objects.all(), required=False, allow_null=True)
    segment = serializers.PrimaryKeyRelatedField(
        queryset=Segment.objects.all(), required=False, allow_null=True
    )
    region = serializers.PrimaryKeyRelatedField(
        queryset=Region.objects.all(), required=False, allow_null=True
    )

    campaign = serializers.PrimaryKeyRelatedField(
        queryset=Campaign.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model, form = SalesCost, CostForm
        fields = [
            "id", "of", "kind", "month", "on", "booked", "amount", "currency", "base_amount", "team", "segment", "region", "campaign", "payee",
            "note", "file", "entered_by", "created_at",
        ]  # fmt: skip
        read_only_fields = ["booked", "base_amount", "file", "entered_by", "created_at"]
        validators: list = []

    def begin(self, *data):
        """The page's form."""
        user = self.context["user"] if "user" in self.context else self.context["request"].user
        made = self.instance or SalesCost(entered_by=user)
        return CostForm(*data, instance=made, today=organisation.today(timezone.now()))

    def asked(self, values):
        """As the form asks for a month."""
        return values | ({"month": f"{values['month']:%Y-%m}"} if "month" in values else {})

    def save(self):  # type: ignore[override]
        """Keep it, with the month that the database books it to."""
        saved = super().save()
        saved.refresh_from_db(fields=["booked", "base_amount"])
        return saved


class CostResource(Shown):
    """Costs of sales: singly or in bulk, corrected, and taken away again."""

    queryset = SalesCost.objects.all()
    serializer_class = SalesCostSerializer
    filterset_class = CostFilters
    order = ("-month", "-id")
    reads = "reports.view_sales_cost"
    may = dict.fromkeys(("create", "partial_update", "destroy", "bulk"), CHANGE)

    def destroy(self, request, pk):
        """Take it away; history keeps it."""
        with self.unchanged() as one:
            one.delete()
        return Response(status=204)

    @extend_schema(request=SalesCostSerializer(many=True), responses=BulkAnswerSerializer)
    @action(detail=False, methods=["post"], parser_classes=[RowsJSONParser])
    @idempotent
    def bulk(self, request):
        """Enter up to 1,000 costs; the answer has a result for each row."""
        return bulk(request, self.serializer_class, lambda shape, at: shape.save().pk)


class CombinedSerializer(serializers.Serializer):
    """A segment, or a region with all that is part of it (0: none): money of both teams, the margin credited to it, and where the ratio
    lies in 19 of 20 such periods."""

    place = serializers.IntegerField(allow_null=True, help_text="null: all")
    parent = serializers.IntegerField(allow_null=True, help_text="of a region: the one that it is part of")
    marketing = serializers.DecimalField(22, 4)
    sales = serializers.DecimalField(22, 4)
    margin = serializers.DecimalField(22, 4, allow_null=True)
    by_campaigns = serializers.DecimalField(22, 4)
    times = serializers.DecimalField(None, 6, allow_null=True, help_text="margin ÷ cost of both")
    low = serializers.DecimalField(None, 6, allow_null=True)
    high = serializers.DecimalField(None, 6, allow_null=True)
    deals = serializers.IntegerField()
    few = serializers.BooleanField(help_text="too few deals to compare")
    customers = serializers.IntegerField(help_text="companies with a first won deal")
    cac = serializers.DecimalField(
        None, 6, allow_null=True, help_text="marketing ÷ customers; null without either"
    )
    cac_with_sales = serializers.DecimalField(None, 6, allow_null=True)


class CombinedReportSerializer(PeriodSerializer):
    """Where combined money earns most, the most per cost first."""

    by = serializers.CharField(help_text="segment or region")
    total = CombinedSerializer()
    results = CombinedSerializer(many=True)


class CombinedReport(Report):
    """Where money of marketing and sales together earns most."""

    @extend_schema(
        parameters=[BY, *(one for one in CHOICE if one.name not in ("channel", "campaign", "team", "rep"))],
        responses=CombinedReportSerializer,
        operation_id="reports_combined",
    )
    def get(self, request):
        """Marketing spend, cost of sales and credited margin by segment or region."""
        require(request, "reports.view_money")
        query = request.query_params.copy()
        axis = one_of({"by": "".join(query.pop("by", [])[-1:])}, "by", AXES, "segment")
        found = combined(parse(query, axes(query), timezone.now()))
        return Response(
            {
                **asked(found.choice),
                "by": axis,
                "total": combined_of(None, found.total),
                "results": [
                    combined_of(pk, one, found.tree.above.get(pk) if axis == "region" else None)
                    for pk, one in found.by(axis).items()
                ],
            }
        )


def combined_of(place, one, parent=None):
    """A Combined."""
    low, high = one.interval or (None, None)
    return {
        "place": place,
        "parent": parent,
        **{
            name: number(getattr(one, name))
            for name in ("marketing", "sales", "by_campaigns", "times", "cac", "cac_with_sales")
        },
        "margin": None if one.uncosted else number(one.margin),
        "low": number(low),
        "high": number(high),
        "deals": one.deals,
        "few": one.is_few,
        "customers": one.customers,
    }
