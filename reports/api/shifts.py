"""The simulator of moved spend and the decisions kept from it, in the REST API."""

from datetime import date
from decimal import Decimal

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import organisation
from accounts.doors import require
from accounts.tokens import HasScope
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from pipeline.api.shapes import MonthField
from reports import attribution, shifting, shifts, simulating
from reports.api.reports import only
from reports.choice import axes, no_such, to_date
from reports.forms import KeepForm, MoveForm
from reports.histories import histories
from reports.models import Lesson, Shift
from reports.models.shifts import ShiftAxis
from reports.views.shifts import SEED

MOVE = [
    OpenApiParameter("by", enum=ShiftAxis.values, description="default channel"),
    OpenApiParameter("source", required=True, description="a channel's code or a segment's id"),
    OpenApiParameter("target", required=True, description="a channel's code or a segment's id"),
    OpenApiParameter("amount", float, required=True, description="a month, in report currency"),
    OpenApiParameter("model", enum=list(attribution.MODELS), description="attribution model, default linear"),
]


class RangeSerializer(serializers.Serializer):
    """An estimate, and where the truth lies in 9 of 10 cases."""

    estimate = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class QuarterSerializer(serializers.Serializer):
    """Expectations of a quarter."""

    leads = RangeSerializer()
    pipeline = RangeSerializer()
    revenue = RangeSerializer()


class SideSerializer(serializers.Serializer):
    """The side that gives or gets. `obstacle` says why nothing could be fitted; `is_far`: beyond all that was ever spent."""

    key = serializers.CharField()
    now = serializers.FloatField()
    then = serializers.FloatField()
    months = serializers.IntegerField(help_text="with spend")
    obstacle = serializers.ChoiceField(["", "months", "leads", "spread"])
    is_far = serializers.BooleanField()
    before = QuarterSerializer(allow_null=True)
    after = QuarterSerializer(allow_null=True)


class SimulationSerializer(serializers.Serializer):
    """What is to be expected of a move, null where the history does not suffice."""

    source = SideSerializer()
    target = SideSerializer()
    change = QuarterSerializer(allow_null=True)


def usual_model():
    """The model that is meant where none is named: the locked one, as on the page."""
    return to_date(timezone.now()).model


class ShiftWishSerializer(Heard, serializers.Serializer):
    """A move to keep."""

    by = serializers.ChoiceField(ShiftAxis.choices, default=ShiftAxis.CHANNEL)
    source = serializers.CharField(max_length=20)
    target = serializers.CharField(max_length=20)
    amount = serializers.DecimalField(14, 2, min_value=Decimal("0.01"))
    model = serializers.ChoiceField(list(attribution.MODELS), default=usual_model)
    starts_on = MonthField(help_text="the first month, or any day of it")
    reason = serializers.CharField(max_length=500)


class LearnedSerializer(Heard, serializers.Serializer):
    """What a second look taught."""

    learned = serializers.CharField(max_length=500)


class OutcomeSerializer(serializers.Serializer):
    """Expected against actual, of both sides, over the months that are over."""

    measure = serializers.CharField()
    before = serializers.FloatField()
    expected = serializers.ListField(child=serializers.FloatField(), help_text="estimate, low, high")
    actual = serializers.FloatField()


class ShiftLessonSerializer(serializers.ModelSerializer):
    """What somebody learned later."""

    class Meta:
        model = Lesson
        fields = ["id", "text", "by", "at"]


class ShiftSerializer(serializers.ModelSerializer):
    """A decision; `outcomes` only where one is asked for."""

    outcomes = OutcomeSerializer(many=True, required=False)

    class Meta:
        model = Shift
        fields = [
            "id", "by", "source", "target", "amount", "starts_on", "due_on", "model", "expected", "reason", "decided_by",
            "decided_at", "looked_at", "looked_by", "learned", "taken_back_at", "taken_back_by", "outcomes",
        ]  # fmt: skip


class OneShiftSerializer(ShiftSerializer):
    """A decision with what was learned of it later."""

    lessons = ShiftLessonSerializer(many=True)

    class Meta(ShiftSerializer.Meta):
        fields = [*ShiftSerializer.Meta.fields, "lessons"]


def simulated(data, at):
    """The Simulation of a move as it was sent. Raises ValidationError."""
    today = organisation.today(at)
    months = histories(data["by"], data["model"], today.replace(day=1))
    form = MoveForm({key: key for key in months}, months, organisation.current().currency, data)
    if not form.is_valid():
        raise serializers.ValidationError(form.errors)
    move = form.cleaned_data
    return simulating.simulate(months, move["source"], move["target"], float(move["amount"]), SEED)


class SimulationReport(APIView):
    """The simulator."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(parameters=MOVE, responses=SimulationSerializer, operation_id="reports_reallocation")
    def get(self, request):
        """What is to be expected in a quarter if spend moved."""
        require(request, "reports.view_money")
        only(request, *(one.name for one in MOVE))
        data = {"by": ShiftAxis.CHANNEL, "model": usual_model(), **request.query_params.dict()}
        for name, known in (("by", ShiftAxis.values), ("model", attribution.MODELS)):
            if data[name] not in known:
                raise serializers.ValidationError({name: [str(no_such(name, data[name]))]})
        found = simulated(data, timezone.now())
        sides = {name: side_of(getattr(found, name)) for name in ("source", "target")}
        return Response(SimulationSerializer({**sides, "change": found.change or None}).data)


class Shifts(APIView):
    """Decisions."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(responses=ShiftSerializer(many=True), operation_id="reports_shifts")
    def get(self, request):
        """Decisions: those that wait to be looked at first."""
        require(request, "reports.view_money")
        only(request)
        return Response(ShiftSerializer(shifts.listed(), many=True).data)

    @extend_schema(
        request=ShiftWishSerializer, responses={201: ShiftSerializer}, operation_id="reports_shift_keep"
    )
    @idempotent
    def post(self, request):
        """Keep a decision with what is expected of it now; 400 where the history does not suffice."""
        require(request, "reports.shift_spend")
        at, data = timezone.now(), checked(ShiftWishSerializer(data=request.data))
        month = KeepForm(
            organisation.today(at), {"starts_on": f"{data['starts_on']:%Y-%m}", "reason": data["reason"]}
        )
        if not month.is_valid():
            raise serializers.ValidationError(month.errors)
        found = simulated(data, at)
        try:
            kept = shifts.keep(
                found, data["by"], data["model"], date(data["starts_on"].year, data["starts_on"].month, 1), data["reason"],
                request.user, at,
            )  # fmt: skip
        except shifts.NotFitted:
            known = axes()
            named = {
                key: shifting.name_of(data["by"], key, known) for key in (found.source.key, found.target.key)
            }
            why = {name: [words] for name, words in shifting.obstacles(found, named).items()}
            raise serializers.ValidationError(why) from None
        return Response(ShiftSerializer(kept).data, status=201)


class OneShift(APIView):
    """One decision."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(responses=OneShiftSerializer, operation_id="reports_shift")
    def get(self, request, pk):
        """A decision with expected and actual figures."""
        require(request, "reports.view_money")
        only(request)
        found = get_object_or_404(Shift, pk=pk)
        _over, _spent, outcomes = shifts.outcome(found, organisation.today(timezone.now()))
        return Response(
            OneShiftSerializer(found).data | {"outcomes": OutcomeSerializer(outcomes, many=True).data}
        )

    @extend_schema(request=LearnedSerializer, responses=OneShiftSerializer, operation_id="reports_shift_look")
    @idempotent
    def post(self, request, pk):
        """Look at it again, once its quarter is over, and say what was learned."""
        require(request, "reports.shift_spend")
        only(request)
        said = checked(LearnedSerializer(data=request.data))
        get_object_or_404(Shift, pk=pk)
        try:
            shifts.look_again(pk, said["learned"], request.user, timezone.now())
        except shifts.NotDue:
            raise serializers.ValidationError(
                {"learned": ["The quarter is not over yet, or somebody has looked at it already."]}
            ) from None
        return self.get(request, pk)


class TakenBack(APIView):
    """The mending of a mistake."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(request=None, responses=ShiftSerializer, operation_id="reports_shift_take_back")
    @idempotent
    @bodiless
    def post(self, request, pk):
        """Take a decision back that nobody has looked at again yet: nobody is reminded of it, and nothing learned from it."""
        require(request, "reports.shift_spend")
        only(request)
        found = get_object_or_404(Shift, pk=pk)
        try:
            shifts.take_back(pk, request.user, timezone.now())
        except shifts.Settled:
            raise serializers.ValidationError(
                ["Somebody has looked at it again already, or taken it back."]
            ) from None
        found.refresh_from_db()
        return Response(ShiftSerializer(found).data)


def side_of(side):
    """A Side."""
    return {
        **{name: getattr(side, name) for name in ("key", "now", "then", "months", "obstacle", "is_far")},
        "before": side.before or None,
        "after": side.after or None,
    }
