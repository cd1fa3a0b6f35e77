"""What of won deals was cancelled, in the REST API."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from accounts.resources import Resource
from accounts.unheard import Heard
from engine.moments import day_in_reach
from leads import closing
from pipeline.models import Deal
from ui.filters import FilterSet


class CancelSerializer(Heard, serializers.Serializer):
    """How much of a won deal is cancelled, in its currency and net of tax, when, and why."""

    amount = serializers.DecimalField(max_digits=18, decimal_places=4, min_value=0)
    on = serializers.DateField(validators=[day_in_reach])
    reason = serializers.CharField(max_length=500)


class CancellationSerializer(serializers.ModelSerializer):
    """A part of a won deal that was cancelled: `amount` is below nothing, in the deal's currency and net of tax; `base_amount` in
    the report currency at the rate of `on`. Both count in the month of `on`."""

    deal = serializers.IntegerField(source="cancels_id", read_only=True)
    on = serializers.DateField(source="signed_on", read_only=True)
    reason = serializers.CharField(source="outcome_note", read_only=True)

    class Meta:
        model = Deal
        fields = ["id", "deal", "on", "amount", "currency", "base_amount", "reason", "created_at"]
        read_only_fields = ["amount", "currency", "base_amount"]


class CancellationFilters(FilterSet):
    on = django_filters.DateFromToRangeFilter(field_name="signed_on")
    deal = django_filters.NumberFilter(field_name="cancels")

    class Meta:
        model = Deal
        fields = ["currency"]


class CancellationResource(Resource):
    """Cancellations of won deals. One is recorded by POST /deals/{id}/cancel/."""

    queryset = Deal.with_cancellations.cancellations()
    serializer_class = CancellationSerializer
    filterset_class = CancellationFilters

    def get_queryset(self):
        """Those of the deals that the caller sees."""
        seen = Deal.objects.visible_to(self.request.user)
        return self.queryset.filter(cancels__in=seen.values("pk"))

    @extend_schema(responses={204: None})
    def destroy(self, request, pk):
        """Take a cancellation back: its deal stands for so much more again."""
        found = self.get_permitted()
        if not request.user.has_perm("pipeline.cancel_deal", found.cancels):
            raise PermissionDenied
        try:
            closing.take_back(found, by=request.user, at=timezone.now())
        except closing.Refused as error:
            raise ValidationError(str(error)) from None
        return Response(status=204)
