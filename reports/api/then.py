"""Figures of teams and heads by the structure of that time, in the REST API."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.doors import require
from reports import then
from reports.api.reports import CHOICE, Report, asked
from reports.api.shapes import PeriodSerializer
from reports.choice import axes, one_of, parse

HEEDED = [one for one in CHOICE if one.name in ("period", "from", "to")]


class ThenSumsSerializer(serializers.Serializer):
    """Deals won, their amount and margin after cancellations, deals without a known cost, and passes accepted."""

    won = serializers.IntegerField()
    amount = serializers.DecimalField(18, 4)
    margin = serializers.DecimalField(18, 4)
    uncosted = serializers.IntegerField(help_text="deals that are in no margin, as their cost is unknown")
    sqls = serializers.IntegerField()


class ThenPersonSerializer(ThenSumsSerializer):
    """What somebody did while it counted there."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class ThenOneSerializer(serializers.Serializer):
    """A team or head (`id` null: none): `then` by the structure of that time, `today` by today's."""

    id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(allow_blank=True)
    then = ThenSumsSerializer()
    today = ThenSumsSerializer()
    people = ThenPersonSerializer(many=True)


class ThenSerializer(PeriodSerializer):
    """Teams or heads with what counts for them."""

    results = ThenOneSerializer(many=True)


class ThenReport(Report):
    """Figures by the structure of that time."""

    permission = "reports.view_money"

    @extend_schema(
        parameters=[*HEEDED, OpenApiParameter("by", str, enum=then.BY, description="team without it")],
        responses=ThenSerializer,
        operation_id="reports_structure",
    )
    def get(self, request):
        """What counts for each team or head by who belonged there on the day, and by today's structure."""
        require(request, self.permission)
        query, at = request.query_params.copy(), timezone.now()
        by = one_of(query, "by", then.BY, then.TEAM)
        query.pop("by", None)
        choice = parse(query, axes(query), at)
        return Response(
            {**asked(choice), "results": [_told(one) for one in then.then(choice, by, request.user, at)]}
        )


def _told(one):
    people = [{"id": pk, "name": name, **vars(sums)} for pk, (name, sums) in sorted(one.people.items())]
    return {
        "id": one.key,
        "name": one.name,
        "then": vars(one.then),
        "today": vars(one.today),
        "people": people,
    }
