"""Where the time goes until the first human attempt, in the REST API."""

from dataclasses import asdict

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.doors import require
from reports import delaying
from reports.api.reports import CHOICE, Report, asked
from reports.api.shapes import PeriodSerializer
from reports.choice import axes, one_of, parse

BY = OpenApiParameter("by", enum=list(delaying.BY), description="default team")


class DelaySerializer(serializers.Serializer):
    """Median working minutes of machine, desk and sales; `sales` is null where half were not tried yet."""

    key = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(allow_blank=True)
    passes = serializers.IntegerField()
    untried = serializers.IntegerField()
    system = serializers.FloatField()
    desk = serializers.FloatField()
    sales = serializers.FloatField(allow_null=True)


class DelaysSerializer(PeriodSerializer):
    """The parts of the time until the first human attempt; `cut` where only the newest passes were looked at."""

    by = serializers.CharField()
    cut = serializers.BooleanField()
    total = DelaySerializer(allow_null=True)
    groups = DelaySerializer(many=True)


class DelaysReport(Report):
    """Where the time goes."""

    permission = "leads.view_agreement"

    @extend_schema(parameters=[*CHOICE, BY], responses=DelaysSerializer, operation_id="reports_delays")
    def get(self, request):
        """Median working time of machine, desk and sales between capture and first attempt."""
        require(request, self.permission)
        given = request.query_params.copy()
        by = one_of(given, "by", delaying.BY, "team")
        given.pop("by", None)
        at = timezone.now()
        choice = parse(given, axes(given), at)
        found = delaying.delays(choice, by, at)
        return Response({**asked(choice), "by": by, **asdict(found)})
