"""What stops talks, and what marketing answered, in the REST API."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from leads.models import ObstacleKind
from reports import hindering
from reports.api.reports import CHOICE, Report, asked
from reports.api.shapes import PeriodSerializer

HEARD = [one for one in CHOICE if one.name in ("period", "from", "to", "team", "rep")]


class ClosedDealsSerializer(serializers.Serializer):
    """Deals that closed; `rate` is the share won with its 95 % interval, null where none closed."""

    won = serializers.IntegerField()
    lost = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class MetSerializer(serializers.Serializer):
    """Obstacles of one kind (empty: all), and the deals that met them while open: closed after the answer, and without one."""

    kind = serializers.ChoiceField(ObstacleKind.choices, allow_blank=True)
    obstacles = serializers.IntegerField()
    answered = serializers.IntegerField()
    in_time = serializers.IntegerField()
    overdue = serializers.IntegerField()
    helped = serializers.IntegerField()
    after = ClosedDealsSerializer()
    without = ClosedDealsSerializer()


class ObstaclesSerializer(PeriodSerializer):
    """What stopped talks in the period, as far as the caller sees it."""

    total = MetSerializer()
    kinds = MetSerializer(many=True)


class ObstaclesReport(Report):
    """What stops talks."""

    @extend_schema(parameters=HEARD, responses=ObstaclesSerializer, operation_id="reports_obstacles")
    def get(self, request):
        """Obstacles by kind, the share that marketing answered, and whether deals that met them were won after the answer."""
        return super().get(request)

    def report(self, request, choice, at):
        whole, kinds = hindering.hindered(choice, request.user, at)
        return {**asked(choice), "total": _met(whole), "kinds": [_met(one) for one in kinds]}


def _met(one):
    names = ("kind", "answered", "in_time", "overdue", "helped")
    told = {name: getattr(one, name) for name in names}
    return {**told, "obstacles": one.n, "after": _closed(one.after), "without": _closed(one.without)}


def _closed(one):
    low, high = one.range or (None, None)
    return {"won": one.won, "lost": one.lost, "rate": one.rate, "low": low, "high": high}
