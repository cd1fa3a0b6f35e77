"""Handoffs in the REST API: what is offered, and its answer."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from accounts.resources import Resource
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import handoffs
from leads.models import Handoff, ReturnReason
from ui.filters import FilterSet


class HandoffSerializer(serializers.ModelSerializer):
    """An offer and what became of it."""

    reason_code = serializers.CharField(source="reason.code", read_only=True, allow_null=True)

    class Meta:
        model = Handoff
        fields = [
            "id", "lead", "rep", "kind", "grade", "agreement", "offered_at", "offered_by", "answer_due_at",
            "accepted_at", "contact_due_at", "contacted_at", "ended_at", "end", "reason_code", "note", "because", "round",
        ]  # fmt: skip


class ReturnSerializer(serializers.Serializer):
    """Why a lead is returned; the reason decides where it goes."""

    reason = serializers.SlugRelatedField("code", queryset=ReturnReason.objects.filter(active=True))
    note = serializers.CharField(max_length=500, default="", allow_blank=True)


class HandoffFilters(FilterSet):
    open = django_filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull")
    answered = django_filters.BooleanFilter(field_name="accepted_at", lookup_expr="isnull", exclude=True)
    offered = django_filters.IsoDateTimeFromToRangeFilter(field_name="offered_at")

    class Meta:
        model = Handoff
        fields = ["lead", "rep", "kind", "grade", "end"]


class HandoffResource(Resource):
    """Handoffs: a ready lead offered to one rep."""

    queryset = Handoff.objects.all()
    serializer_class = HandoffSerializer
    filterset_class = HandoffFilters
    order = ("-offered_at", "-id")
    may = {"accept": "leads.answer_handoff", "back": "leads.answer_handoff"}

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    def accept(self, request, pk):
        """Accept: the lead is an SQL from now on, and the contact clock runs."""
        handoff = self.get_permitted()
        try:
            handoffs.accept(handoff.pk, by=request.user, at=timezone.now())
        except (handoffs.AlreadyAnswered, handoffs.Refused) as error:
            raise Conflict(str(error)) from None
        return self.row(pk)

    @extend_schema(request=ReturnSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    @idempotent
    def back(self, request, pk):
        """Return with a reason, which decides where the lead goes."""
        handoff = self.get_permitted()
        shape = ReturnSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        try:
            handoffs.return_lead(handoff.pk, by=request.user, at=timezone.now(), **shape.validated_data)
        except (handoffs.AlreadyAnswered, handoffs.Refused) as error:
            raise Conflict(str(error)) from None
        return self.row(pk)
