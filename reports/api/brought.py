"""Who brought a deal, in the REST API."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import require
from accounts.tokens import HasScope
from pipeline.models import Deal
from reports import attribution
from reports.api.reports import only
from reports.brought import SIDES, brought
from reports.choice import one_of
from reports.views.brought import locked_for


class EarningSerializer(serializers.Serializer):
    """A touch on the way of the deal, and what it earns."""

    position = serializers.IntegerField()
    touch = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    channel = serializers.CharField()
    campaign = serializers.IntegerField(allow_null=True)
    side = serializers.ChoiceField(list(SIDES))
    share = serializers.DecimalField(13, 12, help_text="the shares of a deal sum to 1")
    amount = serializers.DecimalField(22, 4, allow_null=True, help_text="in report currency")


class BroughtSerializer(serializers.Serializer):
    """The way of a deal; without touches it is unattributed. `source`: whose work its first pass is."""

    deal = serializers.IntegerField()
    model = serializers.CharField(source="found.model.name")
    source = serializers.CharField(source="found.source", allow_blank=True)
    influenced = serializers.BooleanField(source="found.influenced")
    sides = serializers.DictField(source="found.sides", child=serializers.DecimalField(13, 12))
    touches = EarningSerializer(source="found.touches", many=True)


class DealBrought(APIView):
    """The way of a deal."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(
        parameters=[OpenApiParameter("model", enum=list(attribution.MODELS))],
        responses=BroughtSerializer,
        operation_id="reports_deal_brought",
    )
    def get(self, request, pk):
        """Every touch on the way of a won or open deal and its share under a model, by default the one that is locked."""
        only(request, "model")
        deal = get_object_or_404(Deal.objects.visible_to(request.user), pk=pk)
        require(request, "pipeline.view_deal", deal)
        model = one_of(request.query_params, "model", attribution.MODELS, locked_for(deal))
        return Response(BroughtSerializer({"deal": deal.pk, "found": brought(deal.pk, model)}).data)
