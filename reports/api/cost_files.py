"""Tables of costs of sales that were brought, in the REST API: who brought what, and taking one back whole. They are brought on the page."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts.resources import Resource
from accounts.unheard import bodiless
from engine.idempotency import idempotent
from pipeline.models import SalesCostFile
from reports.api.selling import CHANGE
from reports.selling.files import take_back
from ui.filters import FilterSet


class CostFileSerializer(serializers.ModelSerializer):
    """A table of costs that was kept; `rows` as it was brought."""

    class Meta:
        model = SalesCostFile
        fields = ["id", "name", "rows", "brought_by", "brought_at", "taken_back_by", "taken_back_at"]


class TakenBackSerializer(serializers.Serializer):
    """What became of it: how many costs are gone, and which stay, because somebody changed them since or their month is closed."""

    gone = serializers.IntegerField()
    changed = serializers.ListField(child=serializers.IntegerField())
    closed = serializers.ListField(child=serializers.IntegerField())


class CostFileFilters(FilterSet):
    class Meta:
        model = SalesCostFile
        fields = ["brought_by"]


class CostFileResource(Resource):
    """Tables of costs of sales."""

    queryset = SalesCostFile.objects.all()
    serializer_class = CostFileSerializer
    filterset_class = CostFileFilters
    order = ("-id",)
    may = {"take_back": CHANGE}

    def check_permissions(self, request):
        """As everywhere, and only for whoever may change costs."""
        super().check_permissions(request)
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied

    def get_queryset(self):
        """All of them."""
        return self.queryset.none() if getattr(self, "swagger_fake_view", False) else self.queryset.all()

    @extend_schema(request=None, responses=TakenBackSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    @idempotent
    @bodiless
    def take_back(self, request, pk):
        """Take away its costs, but for those that somebody changed since or that are booked in a closed month."""
        gone, stay = take_back(self.get_permitted().pk, request.user, timezone.now())
        return Response({"gone": gone, "changed": list(stay.changed), "closed": list(stay.shut)})
