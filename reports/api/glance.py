"""The first screens in the REST API."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import require
from accounts.tokens import HasScope
from reports import glance
from reports.api.mine import NumberSerializer
from reports.api.reports import CHOICE, asked, number
from reports.api.shapes import PeriodSerializer
from reports.choice import axes, by_default, one_of, parse
from reports.glance import tiles, week

SCREEN = OpenApiParameter("screen", enum=list(glance.SCREENS), description="default: the caller's own")


class AmountsSerializer(serializers.Serializer):
    """Exact amounts of the period so far, and of the same days a year before."""

    won_new = serializers.DecimalField(22, 4)
    won_existing = serializers.DecimalField(22, 4)
    sourced = serializers.DecimalField(22, 4)
    influenced = serializers.DecimalField(22, 4)
    customers = serializers.IntegerField()


class LeakSerializer(serializers.Serializer):
    """A step of the funnel, now and a year before; null until the period is over and its passes had the usual time, and where records do not reach back to its first month."""

    step = serializers.CharField()
    entered = serializers.IntegerField()
    reached = serializers.IntegerField()
    entered_before = serializers.IntegerField(allow_null=True)
    reached_before = serializers.IntegerField(allow_null=True)


class GlanceSerializer(PeriodSerializer):
    """A first screen."""

    screen = serializers.CharField()
    figures = NumberSerializer(many=True)
    now = AmountsSerializer()
    year_before = AmountsSerializer()
    cac = serializers.DecimalField(None, 6, allow_null=True)
    cac_with_sales = serializers.DecimalField(
        None, 6, allow_null=True, help_text="with the cost of sales; null where none is entered, or of a part"
    )
    renewal_rate = serializers.DecimalField(None, 6, allow_null=True)
    steps = LeakSerializer(many=True)
    week = serializers.ListField(
        child=serializers.CharField(), help_text="what changed since last week, in words"
    )


class Glance(APIView):
    """A first screen of the choice that stands in the query."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(parameters=[*CHOICE, SCREEN], responses=GlanceSerializer, operation_id="reports_glance")
    def get(self, request):
        """The first screen of the house, of marketing or of sales. Default: this quarter."""
        require(request, "reports.view_money")
        query, at = request.query_params.copy(), timezone.now()
        mine = glance.screen_of(request.user)
        screen = one_of({"screen": "".join(query.pop("screen", [])[-1:])}, "screen", glance.SCREENS, mine)
        choice = parse(by_default(query, "quarter"), axes(query), at)
        found = glance.glance(request.user, choice, at)
        names = ("name", "text", "note", "meaning")
        steps = ("entered", "reached", "entered_before", "reached_before")
        return Response(
            {
                **asked(choice),
                "screen": screen,
                "figures": [
                    {"figure": one["key"], **{name: one[name] for name in names}}
                    for one in tiles.tiles(found, choice, screen)
                ],
                "now": amounts_of(found.won, found.created),
                "year_before": amounts_of(found.won_before, found.created_before),
                "cac": number(found.cac),
                "cac_with_sales": number(found.cac_with_sales),
                "renewal_rate": number(found.renewals.rate),
                "steps": [
                    {"step": one.name, **{name: getattr(one, name) for name in steps}} for one in found.steps
                ],
                "week": [sentence for sentence, _href in week.sentences(found.week, choice.currency)],
            }
        )


def amounts_of(won, created):
    """A Won and a Created."""
    return {
        "won_new": number(won.new),
        "won_existing": number(won.existing),
        "sourced": number(created.sourced["marketing"]),
        "influenced": number(created.influenced),
        "customers": won.customers,
    }
