"""Opportunities to grow in the REST API, to be read."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import require
from accounts.tokens import HasScope
from reports.api.reports import only
from reports.growth import figures
from reports.models import Growth, Lesson
from reports.views.growth import to_date


class GrowthLessonSerializer(serializers.ModelSerializer):
    """What somebody learned."""

    class Meta:
        model = Lesson
        fields = ["id", "text", "by", "at"]


class GrowthSerializer(serializers.ModelSerializer):
    """An opportunity; `spent` and `came` are those of its campaign to date, null without one or where a cost is not known."""

    lessons = GrowthLessonSerializer(many=True)
    spent = serializers.DecimalField(22, 4, allow_null=True, read_only=True)
    came = serializers.DecimalField(
        22, 4, allow_null=True, read_only=True, help_text="margin credited by the model in force"
    )

    class Meta:
        model = Growth
        fields = [
            "id", "name", "segment", "region", "product", "known", "margin", "cost", "marketer", "seller", "state", "campaign",
            "look_on", "entered_by", "created_at", "spent", "came", "lessons",
        ]  # fmt: skip


def told(found):
    """Opportunities with what came of them."""
    came = figures.came(to_date())
    for one in found:
        real = came.get(one.campaign_id)
        one.spent, one.came = (real.spend, real.margin) if real else (None, None)
    return GrowthSerializer(found, many=True).data


class GrowthRegister(APIView):
    """The register."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(responses=GrowthSerializer(many=True), operation_id="reports_growth")
    def get(self, request):
        """Opportunities to grow, newest first, with what came of them and what was learned."""
        require(request, "reports.view_money")
        only(request)
        return Response(told(Growth.objects.prefetch_related("lessons").order_by("-id")))


class OneGrowth(APIView):
    """One opportunity."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(responses=GrowthSerializer, operation_id="reports_growth_one")
    def get(self, request, pk):
        """One opportunity to grow."""
        require(request, "reports.view_money")
        only(request)
        return Response(told([get_object_or_404(Growth, pk=pk)])[0])
