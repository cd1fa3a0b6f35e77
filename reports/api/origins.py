"""Time and conversion by source, in the REST API."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.doors import require
from reports import origins
from reports.api.reports import CHOICE, Report, asked
from reports.api.shapes import PeriodSerializer
from reports.choice import axes, one_of, parse
from reports.views.origins import exact, named

BY = OpenApiParameter("by", enum=list(origins.BY), description="default source: whose work brought them")
HEARD = [one for one in CHOICE if one.name in ("period", "from", "to")]


class PassageSerializer(serializers.Serializer):
    """Of the passes that entered a step in the period, the share that went on by today with its 95 % interval, and the days it took."""

    step = serializers.ChoiceField(origins.STEPS)
    entered = serializers.IntegerField()
    reached = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    p90 = serializers.IntegerField(allow_null=True)


class OriginSerializer(serializers.Serializer):
    """What one source brought; `key` is null for the whole house, and a side, a channel or the id of a campaign else."""

    key = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    leads = serializers.IntegerField()
    steps = PassageSerializer(many=True)


class VerdictSerializer(serializers.Serializer):
    """Median days from opening to signature of some won deals and of the rest, and the difference with its 95 % interval: null where
    either side has fewer than 20."""

    deals = serializers.IntegerField()
    rest = serializers.IntegerField()
    median = serializers.FloatField(allow_null=True)
    rest_median = serializers.FloatField(allow_null=True)
    difference = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class OriginsSerializer(PeriodSerializer):
    """Every source of an axis, the house beside them, and whether the sale is shorter with marketing."""

    by = serializers.CharField()
    house = OriginSerializer()
    sources = OriginSerializer(many=True)
    sourced = VerdictSerializer()
    influenced = VerdictSerializer()


class OriginsReport(Report):
    """Time and conversion by source."""

    @extend_schema(parameters=[*HEARD, BY], responses=OriginsSerializer, operation_id="reports_sources")
    def get(self, request):
        """Conversion and days of each step by whose work, channel or campaign, and whether marketing shortens the sale."""
        require(request, self.permission)
        given = request.query_params.copy()
        by = one_of(given, "by", origins.BY, "source")
        given.pop("by", None)
        choice = parse(given, axes(given), timezone.now())
        found = origins.origins(choice, by)
        told = {
            "by": by,
            "house": _origin(found.house, by),
            "sources": [_origin(one, by) for one in found.lines],
            "sourced": _verdict(found.sourced),
            "influenced": _verdict(found.influenced),
        }
        return Response({**asked(choice), **told})


def _origin(one, by):
    steps = [
        {"step": step, "reached": passage.reached, **_plain(exact(passage))}
        for step, passage in one.steps.items()
    ]
    return {"key": one.key, "name": named(one, by), "leads": one.leads, "steps": steps}


def _plain(figures):
    """The same figures as numbers that JSON has."""
    return {name: _float(value) if name in ("rate", "median") else value for name, value in figures.items()}


def _float(value):
    return None if value is None else float(value)


def _verdict(one):
    effect = one.effect
    return {
        "deals": one.those.total,
        "rest": one.rest.total,
        "median": _float(one.those.median()),
        "rest_median": _float(one.rest.median()),
        "difference": effect and effect.estimate,
        "low": effect and effect.low,
        "high": effect and effect.high,
    }
