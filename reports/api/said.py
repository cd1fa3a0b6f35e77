"""The deals that a forecast was about, in the REST API."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import require
from accounts.tokens import HasScope
from reports.api.forecast import CallSerializer, call_told
from reports.api.reports import number, only
from reports.choice import one_of
from reports.forecast import about
from ui import keyset

SIZE = 100
MINE = [
    OpenApiParameter(
        "side",
        enum=about.SIDES,
        description="those of its commit (default), of its best case, or all of them",
    ),
    OpenApiParameter("cursor", description="of the next page"),
]


class HeldSerializer(serializers.Serializer):
    """A deal as it stood when a forecast was said: whose it was (0: nobody's), its category, probability (of 1) and amount."""

    deal = serializers.IntegerField()
    name = serializers.CharField(help_text="empty where the caller may not see it, or it is gone")
    owner = serializers.IntegerField()
    category = serializers.CharField()
    due_on = serializers.DateField()
    chance = serializers.DecimalField(None, 4)
    amount = serializers.DecimalField(22, 4, allow_null=True)
    outcome = serializers.CharField(help_text="today's")


class AboutSaidSerializer(CallSerializer):
    """A forecast with the deals that it was about. `total`: what those deals said; `next`: the cursor of the next page."""

    total = serializers.DecimalField(22, 4)
    results = HeldSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class Said(APIView):
    """A forecast that was said."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(parameters=MINE, responses=AboutSaidSerializer, operation_id="reports_forecast_said")
    def get(self, request, pk):
        """What was said, with the deals as they stood at that moment, the largest first."""
        require(request, "reports.view_forecast")
        only(request, *(one.name for one in MINE))
        side = one_of(request.query_params, "side", about.SIDES, about.COMMIT)
        call = get_object_or_404(about.visible_to(request.user), pk=pk)
        cursor = request.query_params.get("cursor", "")
        page = keyset.page(about.items(call, side), about.ORDER, size=SIZE, cursor=cursor)
        return Response(
            {
                **call_told(call),
                "total": number(getattr(call, about.SUMMED[side])),
                "results": [_held(row) for row in about.named(page.rows, request.user)],
                "next": page.older or None,
            }
        )


def _held(row):
    kept = {name: row[name] for name in ("deal", "name", "owner", "category", "due_on", "outcome")}
    return {**kept, "chance": number(row["chance"] / 100), "amount": number(row["amount"])}
