"""The forecast in the REST API: what the deals say, what people said, and how right they were."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import require
from accounts.tokens import HasScope
from accounts.unheard import Heard, checked
from engine.idempotency import idempotent
from pipeline.api.shapes import MonthField
from reports import forecast, periods
from reports.api.reports import CHOICE, asked, number
from reports.api.shapes import PeriodSerializer
from reports.choice import axes, bounded, by_default, one_of, parse
from reports.forecast.calls import BadCall

BY = OpenApiParameter("by", enum=list(forecast.BY), description="what is grouped by, default rep")


class SumsSerializer(serializers.Serializer):
    """Sums by category, each by itself; `weighted` holds closed and amount × probability of the rest."""

    closed = serializers.DecimalField(22, 4)
    commit = serializers.DecimalField(22, 4)
    best_case = serializers.DecimalField(22, 4)
    pipeline = serializers.DecimalField(22, 4)
    weighted = serializers.DecimalField(22, 4)
    deals = serializers.IntegerField()
    target = serializers.DecimalField(22, 4, allow_null=True)
    coverage = serializers.DecimalField(None, 6, allow_null=True)
    reached = serializers.BooleanField()


class GroupSerializer(SumsSerializer):
    """Those of one rep, team, region with all that is part of it, segment (by id, 0 for none) or month (its first day)."""

    key = serializers.CharField()
    parent = serializers.IntegerField(allow_null=True, help_text="of a region: the one that it is part of")
    name = serializers.CharField()


class CallSerializer(serializers.Serializer):
    """A forecast that somebody said; `by` is empty for what the machine kept. `final` and `error` of past periods only."""

    id = serializers.IntegerField(help_text="under which its deals are listed")
    first = serializers.DateField()
    months = serializers.IntegerField()
    rep = serializers.IntegerField(allow_null=True)
    team = serializers.IntegerField(allow_null=True)
    by = serializers.CharField()
    at = serializers.DateTimeField()
    commit = serializers.DecimalField(22, 4)
    best_case = serializers.DecimalField(22, 4)
    summed_commit = serializers.DecimalField(22, 4, help_text="what the deals said then")
    weighted = serializers.DecimalField(22, 4)
    reason = serializers.CharField()
    deals = serializers.IntegerField(allow_null=True, help_text="how many; null where they were not kept")
    final = serializers.DecimalField(22, 4, allow_null=True)
    error = serializers.DecimalField(None, 6, allow_null=True)


class ForecastSerializer(PeriodSerializer):
    """The forecast of a period."""

    by = serializers.CharField()
    total = SumsSerializer()
    overdue = serializers.IntegerField(help_text="open deals past their expected close or without one")
    groups = GroupSerializer(many=True)
    said = CallSerializer(many=True)
    past = CallSerializer(many=True)


class SayingSerializer(Heard, serializers.Serializer):
    """A forecast to keep, over the months `first` to `last`."""

    subject = serializers.CharField(help_text="rep:7, team:3 or house")
    first = MonthField(help_text="the first month, or any day of it")
    last = MonthField(help_text="the last month, or any day of it")
    commit = serializers.DecimalField(16, 2, min_value=0)
    best_case = serializers.DecimalField(16, 2, min_value=0)
    reason = serializers.CharField(max_length=500, default="", allow_blank=True)


class Forecast(APIView):
    """The forecast of the choice that stands in the query."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(parameters=[*CHOICE, BY], responses=ForecastSerializer, operation_id="reports_forecast")
    def get(self, request):
        """Closed, commit, best case and pipeline of the deals that the caller may see. Default: this quarter."""
        require(request, "reports.view_forecast")
        query = request.query_params.copy()
        by = one_of({"by": "".join(query.pop("by", [])[-1:])}, "by", forecast.BY, "rep")
        by_default(query, "quarter")
        at = timezone.now()
        choice = bounded(parse(query, axes(query), at))
        found = forecast.board(request.user, choice, by, at)
        groups = [
            {
                "key": str(key),
                "name": found.names.get(key, ""),
                "parent": found.tree.above.get(key),
                **sums_of(sums),
            }
            for key, sums in found.groups.items()
        ]
        return Response(
            {
                **asked(choice),
                "by": by,
                "total": sums_of(found.total),
                "overdue": found.overdue.deals,
                "groups": groups,
                "said": [call_of(one) for one in found.said],
                "past": [call_of(one) for one in found.past],
            }
        )

    @extend_schema(
        request=SayingSerializer, responses={201: CallSerializer}, operation_id="reports_say_forecast"
    )
    @idempotent
    def post(self, request):
        """Say what is expected of a period; kept beside all that was said before."""
        require(request, "reports.call_forecast")
        data = checked(SayingSerializer(data=request.data))
        try:
            made = forecast.call(
                data["subject"], periods.between(data["first"], data["last"]),
                commit=data["commit"], best_case=data["best_case"], reason=data["reason"],
                by=request.user, at=timezone.now(),
            )  # fmt: skip
        except BadCall as error:
            raise serializers.ValidationError(str(error)) from None
        return Response(CallSerializer(call_told(made)).data, status=201)


KEPT = ("id", "first", "months", "at", "commit", "best_case", "summed_commit", "weighted", "reason", "deals")


def call_told(made):
    """A ForecastCall."""
    kept = {name: getattr(made, name) for name in KEPT}
    by = str(made.by) if made.by else ""
    return {**kept, "rep": made.rep_id, "team": made.team_id, "by": by, "final": None, "error": None}


def sums_of(sums):
    """A Sums."""
    amounts = ("closed", "commit", "best_case", "pipeline", "weighted", "target", "coverage")
    return {
        **{name: number(getattr(sums, name)) for name in amounts},
        "deals": sums.deals,
        "reached": sums.reached,
    }


def call_of(one):
    """A Call."""
    amounts = ("commit", "best_case", "summed_commit", "weighted", "final", "error")
    return {
        **{
            name: getattr(one, name)
            for name in ("id", "first", "months", "rep", "team", "by", "at", "reason", "deals")
        },
        **{name: number(getattr(one, name)) for name in amounts},
    }
