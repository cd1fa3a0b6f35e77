"""Segments in the REST API."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from accounts import organisation
from reports import segments
from reports.api.reports import CHOICE, Report, asked, number
from reports.api.shapes import PeriodSerializer
from reports.choice import axes


class SegmentSerializer(serializers.Serializer):
    """What a segment brings, costs and is worth. Null where facts are missing or the history is too short."""

    segment = serializers.IntegerField(help_text="0: customers and spend of no segment")
    name = serializers.CharField()
    won = serializers.IntegerField()
    revenue = serializers.DecimalField(22, 4)
    margin = serializers.DecimalField(22, 4, allow_null=True)
    spend = serializers.DecimalField(22, 4)
    spend_share = serializers.DecimalField(None, 6, allow_null=True)
    earned_share = serializers.DecimalField(None, 6, allow_null=True, help_text="of the margin, or see `by`")
    customers = serializers.IntegerField(help_text="customers' years that are over")
    kept = serializers.IntegerField()
    retention = serializers.DecimalField(None, 6, allow_null=True)
    retention_low = serializers.FloatField(allow_null=True)
    retention_high = serializers.FloatField(allow_null=True)
    yearly_margin = serializers.DecimalField(22, 4, allow_null=True)
    lifetime_value = serializers.DecimalField(22, 4, allow_null=True)


class SegmentsSerializer(PeriodSerializer):
    """Segments; `lowest` are those whose customers are worth less than half of the average one."""

    discount = serializers.DecimalField(5, 4)
    by = serializers.ChoiceField(["margin", "revenue"], help_text="what earned_share is a share of")
    lowest = serializers.ListField(child=serializers.IntegerField())
    total = SegmentSerializer()
    results = SegmentSerializer(many=True)


class SegmentsReport(Report):
    """Segments."""

    permission = "reports.view_money"

    @extend_schema(
        parameters=[one for one in CHOICE if one.name not in ("channel", "segment", "model")],
        responses=SegmentsSerializer,
        operation_id="reports_segments",
    )
    def get(self, request):
        """Revenue, margin and spend of the period by segment, with retention and customer lifetime value."""
        return super().get(request)

    def report(self, request, choice, at):
        found = segments.segments(choice, axes(), organisation.current().discount)
        return {
            **asked(choice),
            "discount": number(organisation.current().discount),
            "by": "margin" if found.by_margin else "revenue",
            "lowest": [one.id for one in found.lowest],
            "total": segment_of(found.total, found),
            "results": [segment_of(one, found) for one in found.shown],
        }


def segment_of(one, found):
    """A Segment."""
    low, high = one.retention_range or (None, None)
    return {
        "segment": one.id,
        "name": one.name,
        "won": one.won,
        "revenue": number(one.revenue),
        "margin": None if one.uncosted else number(one.margin),
        "spend": number(one.spend),
        "spend_share": number(found.spend_share(one)),
        "earned_share": number(found.earned_share(one)),
        "customers": one.customers,
        "kept": one.kept,
        "retention": number(one.retention),
        "retention_low": low,
        "retention_high": high,
        "yearly_margin": number(one.yearly_margin),
        "lifetime_value": number(one.worth),
    }
