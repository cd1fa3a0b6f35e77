"""Whom sales tries to reach, in the REST API."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.doors import require
from reports import attempting
from reports.api.reports import CHOICE, Report, asked
from reports.api.shapes import PeriodSerializer
from reports.choice import axes, parse

HEEDED = [one for one in CHOICE if one.name in ("period", "from", "to", "team", "rep")]


class AttemptsOfSerializer(serializers.Serializer):
    """Attempts by what the rep had of the person at that moment; `share` is that on handed-over leads, null without any."""

    rep = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(allow_blank=True)
    total = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    handed = serializers.IntegerField()
    pool = serializers.IntegerField()
    own = serializers.IntegerField()
    customers = serializers.IntegerField()
    cold = serializers.IntegerField()


class AttemptsSerializer(PeriodSerializer):
    """Sales' attempts, all and by rep; `cut` where only the newest were looked at."""

    cut = serializers.BooleanField()
    total = AttemptsOfSerializer()
    reps = AttemptsOfSerializer(many=True)


class AttemptsReport(Report):
    """Whom sales tries to reach."""

    permission = "leads.view_agreement"

    @extend_schema(parameters=HEEDED, responses=AttemptsSerializer, operation_id="reports_attempts")
    def get(self, request):
        """How many of sales' human attempts went to qualified leads, and to whom else, by rep."""
        require(request, self.permission)
        choice = parse(request.query_params, axes(request.query_params), timezone.now())
        found = attempting.attempts(choice)
        told = {"cut": found.cut, "total": _told(found.total), "reps": [_told(one) for one in found.reps]}
        return Response({**asked(choice), **told})


def _told(one):
    return {"rep": one.rep, "name": one.name, "total": one.total, "share": one.share, **one.counts}
