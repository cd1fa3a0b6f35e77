"""Exchange rates in the REST API: whatever is in the currency is converted anew in the same request."""

from decimal import Decimal

import django_filters
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts import organisation
from accounts.models.organisation import currency_code
from accounts.resources import Writable
from pipeline import rates
from pipeline.models import ExchangeRate
from ui.filters import FilterSet


class RateSerializer(serializers.ModelSerializer):
    """What one unit of `currency` is worth in the report currency from the day `on` until the next rate."""

    currency = serializers.CharField(max_length=3, validators=[currency_code])
    rate = serializers.DecimalField(18, 8, min_value=Decimal("0.00000001"))

    class Meta:
        model = ExchangeRate
        fields = ["id", "currency", "on", "rate"]

    def validate_currency(self, currency):
        """Any but that of the reports, of which the rate is always 1."""
        if currency == organisation.current().currency:
            raise serializers.ValidationError(_("This is the report currency: its rate is always 1."))
        return currency

    def save(self):
        """With all that the rate converts. Raises ValidationError where money would be left without a rate."""
        rate = self.instance or ExchangeRate()
        for name, value in self.validated_data.items():
            setattr(rate, name, value)
        try:
            rates.put(rate, self.context["request"].user)
        except rates.Needed as error:
            raise serializers.ValidationError({"currency": str(error)}) from None
        return rate


class RateFilters(FilterSet):
    on = django_filters.DateFromToRangeFilter()

    class Meta:
        model = ExchangeRate
        fields = ["currency"]


class RateResource(Writable):
    """Exchange rates, the newest first, for whoever sees costs."""

    queryset = ExchangeRate.objects.all()
    serializer_class = RateSerializer
    filterset_class = RateFilters
    order = ("-on", "-id")
    may = {
        "create": "pipeline.change_rate",
        "partial_update": "pipeline.change_rate",
        "destroy": "pipeline.change_rate",
    }

    def get_queryset(self):
        """All rates; rates are nobody's in particular."""
        return self.queryset.none() if getattr(self, "swagger_fake_view", False) else self.queryset.all()

    def check_permissions(self, request):
        """As everywhere, and only for whoever sees what the page shows."""
        super().check_permissions(request)
        if not request.user.has_perm("pipeline.view_cost"):
            raise PermissionDenied

    def destroy(self, request, pk):
        """Take a rate back; the one before it holds again."""
        with self.unchanged() as rate:
            try:
                rates.take_back(rate, request.user)
            except rates.Needed as error:
                raise serializers.ValidationError({"currency": str(error)}) from None
        return Response(status=204)
