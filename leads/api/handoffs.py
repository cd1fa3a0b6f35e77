"""Handoffs in the REST API: what is offered, and its answer."""

from dataclasses import asdict
from datetime import timedelta

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts.models import Region
from accounts.resources import Resource
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from engine.moments import in_reach
from engine.refusals import Conflict
from leads import assignment, because, collisions, handoffs, returned
from leads.api.shapes import (
    BecauseCodeField,
    CollisionSerializer,
    LessonSerializer,
    NotLearnedSerializer,
    to_come,
)
from leads.handoffs import corrections
from leads.models import Handoff, ReturnReason, ScoreModel
from pipeline.models import Product
from ui.filters import FilterSet


class HandoffSerializer(serializers.ModelSerializer):
    """An offer and what became of it."""

    contact = serializers.IntegerField(source="lead.contact_id", read_only=True)
    reason_code = serializers.CharField(source="reason.code", read_only=True, allow_null=True)

    class Meta:
        model = Handoff
        fields = [
            "id", "lead", "contact", "rep", "kind", "grade", "agreement", "offered_at", "offered_by", "answer_due_at",
            "accepted_at", "contact_due_at", "contacted_at", "attempts", "protected_until", "extended", "ended_at", "end", "reason_code", "note", "because", "round",
        ]  # fmt: skip


class HandoffShownSerializer(HandoffSerializer):
    """A handoff with the `collision` of an open one: whom the other track contacted there lately. `because` has a code
    unless it is somebody's own words."""

    because_code = BecauseCodeField()
    collision = CollisionSerializer(read_only=True, allow_null=True)

    class Meta(HandoffSerializer.Meta):
        fields = [*HandoffSerializer.Meta.fields, "because_code", "collision"]


class ReturnSerializer(Heard, serializers.Serializer):
    """Why a lead is returned; the reason decides where it goes.

    `wake_at`: when to ask again, for reasons that let it rest. `region`, `product`: the right one, asked for by
    wrong_region and wrong_product; the lead is routed by it.
    """

    reason = serializers.SlugRelatedField("code", queryset=ReturnReason.objects.filter(active=True))
    note = serializers.CharField(max_length=500, default="", allow_blank=True)
    wake_at = serializers.DateTimeField(default=None, allow_null=True, validators=[in_reach, to_come])
    region = serializers.SlugRelatedField(
        "code", queryset=Region.objects.all(), default=None, allow_null=True
    )
    product = serializers.SlugRelatedField(
        "code", queryset=Product.objects.filter(active=True), default=None, allow_null=True
    )

    def validate(self, values):
        if wrong := corrections.missing(self.context["lead"], values["reason"], values):
            raise serializers.ValidationError(wrong)
        return values


class ReturnedSerializer(HandoffShownSerializer):
    """The handoff as it ended. `lesson`: what scorecards learn from a lead that left the funnel, or why nothing; null else."""

    lesson = LessonSerializer(read_only=True, allow_null=True)

    class Meta(HandoffShownSerializer.Meta):
        fields = [*HandoffShownSerializer.Meta.fields, "lesson"]


class UndoneSerializer(HandoffShownSerializer):
    """The handoff open again. `forgotten`: whom scorecards take no points from any more; `kept`: of whom they still do."""

    forgotten = serializers.ListField(child=serializers.CharField(), read_only=True)
    kept = NotLearnedSerializer(many=True, read_only=True)

    class Meta(HandoffShownSerializer.Meta):
        fields = [*HandoffShownSerializer.Meta.fields, "forgotten", "kept"]


class AskedReturnsSerializer(serializers.Serializer):
    """Whose returns: by campaign, by rep, or by rule of a scorecard (`model`), of the offers of the last `days`."""

    by = serializers.ChoiceField(["campaign", "rep", "rule"])
    model = serializers.PrimaryKeyRelatedField(queryset=ScoreModel.objects.all(), default=None)
    days = serializers.IntegerField(min_value=1, max_value=3650, default=returned.SPAN.days)

    def validate(self, values):
        if values["by"] == "rule" and values["model"] is None:
            raise serializers.ValidationError({"model": _("Say which scorecard's rules.")})
        return values


class ReturnsSerializer(serializers.Serializer):
    """Offers of one campaign, rep or rule: how many were answered, how many came back, and why."""

    key = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    answered = serializers.IntegerField()
    returned = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    reasons = serializers.DictField(child=serializers.IntegerField())


class CandidateSerializer(serializers.Serializer):
    """A rep who was weighed. `behind`: leads got too few against the others who could have had it; null for those who could not,
    whose `hindrance` is gone, closed, absent, full, off (not at work, while others were), preferred (others come first by the rule)
    or elsewhere."""

    rep = serializers.IntegerField()
    name = serializers.CharField()
    weight = serializers.FloatField()
    open = serializers.IntegerField()
    capacity = serializers.IntegerField()
    hindrance = serializers.CharField(allow_blank=True)
    behind = serializers.FloatField(allow_null=True)
    got = serializers.BooleanField()


class WhySerializer(serializers.Serializer):
    """Why this rep. Without turns (account owner, by hand …) `at` is null and nobody was weighed."""

    because = serializers.CharField(allow_blank=True)
    because_code = BecauseCodeField()
    at = serializers.DateTimeField(allow_null=True)
    rule = serializers.CharField(allow_null=True)
    rank = serializers.IntegerField(allow_null=True)
    offered = serializers.IntegerField()
    candidates = CandidateSerializer(many=True)


class HandoffFilters(FilterSet):
    open = django_filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull")
    answered = django_filters.BooleanFilter(field_name="accepted_at", lookup_expr="isnull", exclude=True)
    offered = django_filters.IsoDateTimeFromToRangeFilter(field_name="offered_at")
    reason = django_filters.CharFilter(field_name="reason__code")
    campaign = django_filters.NumberFilter(field_name="lead__campaign")

    class Meta:
        model = Handoff
        fields = ["lead", "rep", "kind", "grade", "end"]


class HandoffResource(Resource):
    """Handoffs: a ready lead offered to one rep."""

    queryset = Handoff.objects.all()
    serializer_class, shown = HandoffSerializer, HandoffShownSerializer
    filterset_class = HandoffFilters
    order = ("-offered_at", "-id")
    may = {
        "accept": "leads.answer_handoff",
        "back": "leads.answer_handoff",
        "undo": "leads.answer_handoff",
        "extend": "leads.answer_handoff",
    }

    def finish(self, rows):
        """With the code of why this rep, and the `collision` of open ones, asked for all at once."""
        people = [row["contact"] for row in rows if row["ended_at"] is None]
        found = collisions.of(people, by=self.request.user, at=timezone.now())
        for row in rows:
            row["because_code"] = because.code_of(row["because"])
            one = found.get(row["contact"]) if row["ended_at"] is None else None
            row["collision"] = one and one.as_dict()
        return rows

    @extend_schema(parameters=[AskedReturnsSerializer], responses=ReturnsSerializer(many=True))
    @action(detail=False, methods=["get"], pagination_class=None, filter_backends=[])
    def returns(self, request):
        """Why leads come back, by campaign, rep or score rule; most returns first."""
        asked = checked(AskedReturnsSerializer(data=request.query_params))
        by, model, at = asked["by"], asked["model"], timezone.now()
        start = at - timedelta(days=asked["days"])
        if by == "rule":
            if not request.user.has_perm("leads.view_scoring"):
                raise PermissionDenied
            told = returned.by_rule(model, start, at).values()
        else:
            told = returned.tallies(by, returned.offers(start, at).visible_to(request.user))
        return Response([tally.as_dict() for tally in told])

    @extend_schema(responses=WhySerializer)
    @action(detail=True, methods=["get"])
    def why(self, request, pk):
        """Whom routing weighed for this offer, whoever was furthest behind first."""
        handoff = self.get_permitted()
        found = assignment.weighed(handoff)
        told = (
            asdict(found)
            if found
            else {"at": None, "rule": None, "rank": None, "offered": 0, "candidates": []}
        )
        return Response(
            {"because": handoff.because, "because_code": because.code_of(handoff.because), **told}
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def accept(self, request, pk):
        """Accept: the lead is an SQL from now on, and the contact clock runs."""
        handoff = self.get_permitted()
        try:
            handoffs.accept(handoff.pk, by=request.user, at=timezone.now())
        except (handoffs.AlreadyAnswered, handoffs.Refused) as error:
            raise Conflict(str(error)) from None
        return self.row(pk)

    @extend_schema(request=ReturnSerializer, responses=ReturnedSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    @idempotent
    def back(self, request, pk):
        """Return with a reason, which decides where the lead goes."""
        handoff = self.get_permitted()
        said = checked(ReturnSerializer(data=request.data, context={"lead": handoff.lead}))
        try:
            lesson = handoffs.return_lead(handoff.pk, by=request.user, at=timezone.now(), **said)
        except (handoffs.AlreadyAnswered, handoffs.Refused) as error:
            raise Conflict(str(error)) from None
        answer = self.row(pk)
        answer.data["lesson"] = lesson and lesson.as_dict()
        return answer

    @extend_schema(request=None, responses=UndoneSerializer)
    @action(detail=True, methods=["post"], url_path="undo-return")
    @idempotent
    @bodiless
    def undo(self, request, pk):
        """Take one's own return back within ten minutes, unless somebody else has the lead by then."""
        handoff = self.get_permitted()
        try:
            _handoff, lesson = handoffs.undo_return(handoff.pk, by=request.user, at=timezone.now())
        except (handoffs.AlreadyAnswered, handoffs.Refused) as error:
            raise Conflict(str(error)) from None
        answer = self.row(pk)
        answer.data["forgotten"], answer.data["kept"] = lesson.about, lesson.as_dict()["not_learned"]
        return answer

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def extend(self, request, pk):
        """Extend the protection of a lead in hand, as often as the agreement allows."""
        handoff = self.get_permitted()
        try:
            handoffs.extend(handoff.pk, at=timezone.now())
        except (handoffs.AlreadyAnswered, handoffs.Refused) as error:
            raise Conflict(str(error)) from None
        return self.row(pk)
