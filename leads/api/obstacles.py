"""Obstacles in the REST API: log, answer, speak, helps; the same verbs as the pages."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied

from accounts.doors import require
from accounts.resources import Resource
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import obstacles
from leads.consulting import Refused
from leads.models import AnswerKind, Lead, Obstacle, ObstacleKind
from pipeline.models import Deal
from ui.filters import FilterSet


class ObstacleSerializer(serializers.ModelSerializer):
    """What stopped a talk on a lead or deal, and marketing's answer; `statement` is the argument of One voice that it became."""

    class Meta:
        model = Obstacle
        fields = [
            "id", "lead", "deal", "kind", "words", "by", "at", "asked", "due_at", "answer_kind", "answer", "link",
            "answered_by", "answered_at", "statement",
        ]  # fmt: skip


class ObstacleInSerializer(Heard, serializers.Serializer):
    """One lead or one deal, and what stopped the talk."""

    lead = serializers.PrimaryKeyRelatedField(queryset=Lead.objects.all(), required=False)
    deal = serializers.PrimaryKeyRelatedField(queryset=Deal.objects.all(), required=False)
    kind = serializers.ChoiceField(ObstacleKind.choices)
    words = serializers.CharField(max_length=500, default="", allow_blank=True)

    def validate(self, given):
        """Of one thing."""
        if ("lead" in given) == ("deal" in given):
            raise serializers.ValidationError("Name one lead or one deal.")
        return given


class ObstacleAnswerSerializer(Heard, serializers.Serializer):
    """What a rep can say, show or offer."""

    kind = serializers.ChoiceField(AnswerKind.choices)
    text = serializers.CharField(max_length=2000)
    link = serializers.URLField(max_length=500, default="", allow_blank=True)


class SpeakSerializer(Heard, serializers.Serializer):
    """The words and the proof of an argument of One voice."""

    text = serializers.CharField(max_length=300)
    proof = serializers.CharField(max_length=500)


class ObstacleFilters(FilterSet):
    answered = django_filters.BooleanFilter(field_name="answered_at", lookup_expr="isnull", exclude=True)
    at = django_filters.IsoDateTimeFromToRangeFilter()

    class Meta:
        model = Obstacle
        fields = ["lead", "deal", "kind", "by", "asked"]


class ObstacleResource(Resource):
    """What stops talks, and what marketing answers."""

    queryset = Obstacle.objects.all()
    serializer_class = ObstacleSerializer
    filterset_class = ObstacleFilters

    @extend_schema(request=ObstacleInSerializer, responses={201: ObstacleSerializer})
    @idempotent
    def create(self, request):
        """Write down what stopped the talk on a lead or deal; marketing owes an answer."""
        wish = checked(ObstacleInSerializer(data=request.data))
        thing = wish.get("lead") or wish["deal"]
        if not type(thing).objects.visible_to(request.user).filter(pk=thing.pk).exists():
            raise PermissionDenied
        require(request, "leads.log_obstacle", thing)
        made = self._do(obstacles.log, thing, wish["kind"], wish["words"], at=timezone.now())
        return self.row(made.pk, status=201)

    @extend_schema(request=ObstacleAnswerSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def answer(self, request, pk):
        """Answer it, once."""
        found = self.get_permitted()
        require(request, "leads.answer_obstacle")
        said = checked(ObstacleAnswerSerializer(data=request.data))
        self._do(
            obstacles.answer, found, said["text"], kind=said["kind"], link=said["link"], at=timezone.now()
        )
        return self.row(pk)

    @extend_schema(request=SpeakSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def speak(self, request, pk):
        """Propose the answer as an argument of One voice, for both heads to sign."""
        found = self.get_permitted()
        require(request, "leads.answer_obstacle")
        said = checked(SpeakSerializer(data=request.data))
        self._do(obstacles.speak, found, said["text"], proof=said["proof"])
        return self.row(pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def helps(self, request, pk):
        """The answer helped the caller on; once each."""
        self._do(obstacles.helps, self.get_permitted())
        return self.row(pk)

    def _do(self, verb, *args, **named):
        try:
            return verb(*args, **named, by=self.request.user)
        except Refused as refused:
            raise Conflict(str(refused)) from None
