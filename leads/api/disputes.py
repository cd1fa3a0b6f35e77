"""Disputed returns in the REST API: dispute, answer, rule; the same verbs as the page."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts.models import Track
from accounts.resources import Resource
from accounts.unheard import Heard, checked
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import arbitration, disputes
from leads.forms.disputes import MOST
from leads.handoffs import Refused
from leads.models import Dispute, GoesTo, Handoff
from ui.filters import FilterSet


class DisputeSerializer(serializers.ModelSerializer):
    """A disputed return. `counts` and `goes_to` are the decision, empty while both heads have not ruled the same."""

    lead = serializers.IntegerField(source="handoff.lead_id", read_only=True)

    class Meta:
        model = Dispute
        fields = [
            "id", "handoff", "lead", "track", "opened_by", "opened_at", "argument", "answered_by", "answered_at", "answer",
            "rule_by", "passed_on_at", "decided_by", "decided_at", "counts", "goes_to",
        ]  # fmt: skip


class DisputeInSerializer(Heard, serializers.Serializer):
    """The return, and why it is disputed."""

    handoff = serializers.IntegerField(min_value=1)
    argument = serializers.CharField(max_length=MOST)


class AnswerSerializer(Heard, serializers.Serializer):
    """The other side's argument."""

    answer = serializers.CharField(max_length=MOST)


class RulingSerializer(Heard, serializers.Serializer):
    """A head's ruling."""

    counts = serializers.BooleanField()
    goes_to = serializers.ChoiceField(GoesTo.choices)
    why = serializers.CharField(max_length=MOST)


class RuledSerializer(RulingSerializer):
    """What a track's head has ruled, and when."""

    track = serializers.ChoiceField(Track.choices, allow_blank=True)
    by = serializers.IntegerField()
    at = serializers.DateTimeField()


class DisputeWholeSerializer(DisputeSerializer):
    """A disputed return with the rulings so far."""

    rulings = RuledSerializer(many=True, read_only=True)

    class Meta(DisputeSerializer.Meta):
        fields = [*DisputeSerializer.Meta.fields, "rulings"]


class DisputeFilters(FilterSet):
    waiting = django_filters.BooleanFilter(field_name="decided_at", lookup_expr="isnull")

    class Meta:
        model = Dispute
        fields = ["handoff", "counts"]


class DisputeResource(Resource):
    """Disputed returns."""

    queryset = Dispute.objects.all()
    serializer_class = DisputeSerializer
    filterset_class = DisputeFilters
    may = {"create": "leads.dispute_return"}

    @extend_schema(responses=DisputeWholeSerializer)
    def retrieve(self, request, pk):
        """One disputed return, with the `rulings` so far."""
        found = self.get_permitted()
        row = self.rows(self.get_queryset()).get(pk=found.pk)
        row["rulings"] = list(found.rulings.values("track", "by", "at", "counts", "goes_to", "why"))
        return Response(row)

    @extend_schema(request=DisputeInSerializer)
    @idempotent
    def create(self, request):
        """Dispute a return; both heads are told."""
        said = checked(DisputeInSerializer(data=request.data))
        handoff = Handoff.objects.visible_to(request.user).filter(pk=said["handoff"]).first()
        if handoff is None or not request.user.has_perm("leads.dispute_return", handoff):
            raise PermissionDenied
        made = self._told(
            disputes.open_dispute, handoff.pk, said["argument"], by=request.user, at=timezone.now()
        )
        return self.row(made.pk, status=201)

    @extend_schema(request=AnswerSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def answer(self, request, pk):
        """Answer for the other side."""
        found = self.get_permitted()
        if not request.user.has_perm("leads.answer_dispute", found.handoff):
            raise PermissionDenied
        said = checked(AnswerSerializer(data=request.data))
        self._told(disputes.answer, found, said["answer"], by=request.user, at=timezone.now())
        return self.row(pk)

    @extend_schema(request=RulingSerializer, responses=DisputeWholeSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def rule(self, request, pk):
        """Rule as a head, of whom the second one that says the same decides; or as the arbiter, who decides alone."""
        found = self.get_permitted()
        if not (arbitration.decides(found, request.user) or request.user.has_perm("leads.rule_dispute")):
            raise PermissionDenied
        self._told(
            disputes.rule,
            found,
            by=request.user,
            at=timezone.now(),
            **checked(RulingSerializer(data=request.data)),
        )
        return self.retrieve(request, pk)

    def _told(self, verb, *args, **kwargs):
        try:
            return verb(*args, **kwargs)
        except (disputes.NotNow, Refused) as refusal:
            raise Conflict(str(refusal)) from None
