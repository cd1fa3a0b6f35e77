"""Money received on won deals in the REST API."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from accounts.resources import Writable
from pipeline import money, receipts
from pipeline.api.shapes import CurrencyField
from pipeline.models import Deal, Receipt
from ui.filters import FilterSet


class ReceiptSerializer(serializers.ModelSerializer):
    """Money received on a deal, net of tax; `base_amount` in the report currency at the rate of the day."""

    currency = CurrencyField()

    class Meta:
        model = Receipt
        fields = [
            "id",
            "deal",
            "on",
            "amount",
            "currency",
            "base_amount",
            "note",
            "source",
            "external_id",
            "created_at",
        ]
        read_only_fields = ["base_amount"]

    def validate_deal(self, deal):
        """One of the deals on which the user may record money; it stays with it."""
        user = self.context["request"].user
        if self.instance is not None and deal != self.instance.deal:
            raise serializers.ValidationError(_("A receipt stays with its deal."))
        if not Deal.objects.visible_to(user).filter(pk=deal.pk).exists():
            raise serializers.ValidationError(_("There is no such deal."))
        if not user.has_perm("pipeline.add_receipt", deal):
            raise serializers.ValidationError(_("This deal is not yours to work."))
        return deal

    def save(self):
        """With the amount in the report currency. Raises ValidationError where that is not to be had."""
        receipt = self.instance or Receipt(entered_by=self.context["request"].user)
        for name, value in self.validated_data.items():
            setattr(receipt, name, value)
        try:
            return receipts.recorded(receipt, timezone.now())
        except money.NoRate as error:
            raise serializers.ValidationError({"currency": str(error)}) from None
        except receipts.NotYet as error:
            raise serializers.ValidationError({"on": str(error)}) from None
        except receipts.Refused as error:
            raise serializers.ValidationError({"deal": str(error)}) from None


class ReceiptFilters(FilterSet):
    on = django_filters.DateFromToRangeFilter()

    class Meta:
        model = Receipt
        fields = ["deal", "currency", "source"]


class ReceiptResource(Writable):
    """Receipts: money that customers have paid on won deals."""

    queryset = Receipt.objects.select_related("deal")
    serializer_class = ReceiptSerializer
    filterset_class = ReceiptFilters
    may = {
        "create": "pipeline.add_receipt",
        "partial_update": "pipeline.change_receipt",
        "destroy": "pipeline.change_receipt",
    }

    def destroy(self, request, pk):
        """Take a receipt back; history keeps it."""
        with self.unchanged() as receipt:
            receipt.delete()
        return Response(status=204)
