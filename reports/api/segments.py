"""Segments in the REST API."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from accounts import organisation
from reports import segments
from reports.api.reports import CHOICE, Report, asked, number
from reports.api.shapes import PeriodSerializer
from reports.choice import axes
from reports.keeping import keeping
from reports.keeping_tables import unseen


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
    margin_kept = serializers.DecimalField(22, 4, help_text="margin of expansions and renewals of the period")
    margin_kept_target = serializers.DecimalField(22, 4, allow_null=True)


class ProgrammeSerializer(serializers.Serializer):
    """A campaign for existing customers with days in the period, and its money in it."""

    campaign = serializers.IntegerField()
    name = serializers.CharField()
    status = serializers.CharField()
    segment = serializers.IntegerField(help_text="0: none")
    owner = serializers.CharField()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    planned = serializers.DecimalField(22, 4)
    spend = serializers.DecimalField(22, 4)
    goal = serializers.DecimalField(22, 4, allow_null=True, help_text="margin to keep, signed by both heads")


class SegmentsSerializer(PeriodSerializer):
    """Segments; `lowest` are those whose customers are worth less than half of the average one."""

    discount = serializers.DecimalField(5, 4)
    by = serializers.ChoiceField(["margin", "revenue"], help_text="what earned_share is a share of")
    lowest = serializers.ListField(child=serializers.IntegerField())
    total = SegmentSerializer()
    results = SegmentSerializer(many=True)
    programmes = ProgrammeSerializer(many=True)


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
        known, discount = axes(), organisation.current().discount
        found, keeps = segments.segments(choice, known, discount), keeping(choice)
        shown = [*found.shown, *unseen(found, keeps, known)]
        return {
            **asked(choice),
            "discount": number(discount),
            "by": "margin" if found.by_margin else "revenue",
            "lowest": [one.id for one in found.lowest],
            "total": segment_of(found.total, found, keeps.matrix.total),
            "results": [segment_of(one, found, keeps.segment(one.id)) for one in shown],
            "programmes": [programme_of(one) for one in keeps.programmes],
        }


def programme_of(one):
    """A Programme."""
    amounts = {name: number(getattr(one, name)) for name in ("planned", "spend", "goal")}
    return {
        "campaign": one.id,
        **{name: value for name, value in vars(one).items() if name != "id"},
        **amounts,
    }


def segment_of(one, found, kept):
    """A Segment, with the Promise of its margin kept."""
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
        "margin_kept": number(kept.attained),
        "margin_kept_target": number(kept.target),
    }
