"""Quotas of teams and people in the REST API."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import organisation
from accounts.doors import permitted, require
from accounts.tokens import HasScope
from accounts.unheard import checked
from reports import periods, promising, quotas
from reports.api.planning import MEASURE, promise_of
from reports.api.promised import HorizonsSerializer, MonthsSerializer, PromiseSerializer
from reports.api.reports import CHOICE, asked
from reports.api.shapes import PeriodSerializer
from reports.choice import axes, bounded, one_of, parse
from reports.heeding import heeded
from reports.models import Measure


class QuotaRowSerializer(PromiseSerializer):
    """The quota of a team or a person, null without one, and what they attained."""

    kind = serializers.ChoiceField(["team", "person"])
    id = serializers.IntegerField()
    name = serializers.CharField()
    team = serializers.IntegerField()
    horizons = HorizonsSerializer()


class QuotasSerializer(PeriodSerializer):
    """Quotas of a period: each team, then its people."""

    measure = serializers.CharField()
    results = QuotaRowSerializer(many=True)


class QuotaWishSerializer(serializers.Serializer):
    """The quota of a team or a person; null takes it away."""

    kind = serializers.ChoiceField(["team", "person"])
    id = serializers.IntegerField(min_value=1)
    amount = serializers.DecimalField(16, 2, min_value=0, allow_null=True)


class QuotaWishesSerializer(MonthsSerializer):
    """Quotas over the months `first` to `last`."""

    wishes, told = "quotas", ("kind", "id")

    quotas = QuotaWishSerializer(many=True)


class Quotas(APIView):
    """Quotas of teams and people."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(parameters=[*CHOICE, MEASURE], responses=QuotasSerializer, operation_id="reports_quotas")
    def get(self, request):
        """Each team and person with quota and what was attained; the own one for whoever reads no money. Default: this quarter."""
        require(request, "reports.view_report")
        query = request.query_params.copy()
        measure = one_of(
            {"measure": "".join(query.pop("measure", [])[-1:])}, "measure", Measure.values, "won"
        )
        promising.quarterly(query)
        choice = heeded(bounded(parse(query, axes(query), timezone.now())), promising.QUOTAS)
        return Response(told(request, choice, measure))

    @extend_schema(
        request=QuotaWishesSerializer, responses=QuotasSerializer, operation_id="reports_set_quotas"
    )
    def put(self, request):
        """Set the quotas given, over the months `first` to `last`: managers those of their teams, heads all."""
        require(request, "reports.change_quota")
        data = checked(QuotaWishesSerializer(data=request.data))
        period = periods.between(data["first"], data["last"])
        span = {"from": f"{period.first:%Y-%m}", "to": f"{period.last:%Y-%m}"}
        choice = parse(span, axes(), timezone.now())
        wishes = {(one["kind"], one["id"]): one["amount"] for one in data["quotas"]}
        if not wishes.keys() <= quotas.settable(rows_of(request, choice, data["measure"])):
            raise PermissionDenied
        quotas.set_quotas(data["measure"], period, wishes, request.user, timezone.now())
        return Response(told(request, choice, data["measure"]))


def rows_of(request, choice, measure):
    """The TeamRows that the caller sees."""
    everybody, start = permitted(request, "reports.view_money"), organisation.current().fiscal_year_start
    return quotas.quotas(request.user, measure, choice.period, choice.today, start, everybody)


def told(request, choice, measure):
    """Quotas as JSON."""
    return {
        **asked(choice),
        "measure": measure,
        "results": [
            {
                "kind": row.kind,
                "id": row.id,
                "name": row.name,
                "team": one.team.id,
                **promise_of(row.promise),
                "horizons": {name: promise_of(promise) for name, promise in row.horizons.items()},
            }
            for one in rows_of(request, choice, measure)
            for row in (one.team, *one.people)
        ],
    }
