"""Scorecards in the REST API: every version with its rules and weights; drafted, previewed, published and retired."""

from dataclasses import asdict

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from accounts.describing import shape
from accounts.resources import Resource
from accounts.unheard import bodiless, checked
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import fields
from leads.api.scorecards import (
    DraftSerializer,
    LineSerializer,
    PreviewSerializer,
    ScoreModelSerializer,
    ScoreModelWholeSerializer,
    ScoreRuleSerializer,
    SharedModelSerializer,
    SharesSerializer,
    SignalSaidSerializer,
    SignalSerializer,
    ThresholdsSerializer,
    WeightSerializer,
)
from leads.models import ScoreModel
from leads.scoring import editing, signals, verdict, versions
from ui.filters import FilterSet

CHANGES, PUBLISHES = "leads.change_scoring", "leads.publish_scoring"


class ScoreModelFilters(FilterSet):
    class Meta:
        model = ScoreModel
        fields = ["line", "in_force", "publishing"]


class ScoreModelResource(Resource):
    """Scorecards: rules of fit, weights of touches, thresholds; of each scorecard one version is in force."""

    queryset = ScoreModel.objects.all()
    serializer_class = ScoreModelSerializer
    filterset_class = ScoreModelFilters
    may = {
        "create": CHANGES, "destroy": CHANGES, "add_rule": CHANGES, "remove_rule": CHANGES, "thresholds": CHANGES,
        "shares": CHANGES, "weights": CHANGES, "publish": PUBLISHES, "retire": PUBLISHES, "say": "leads.judge_signal",
    }  # fmt: skip

    @extend_schema(responses=ScoreModelWholeSerializer)
    def retrieve(self, request, pk):
        """One version, with its `rules` and `weights`."""
        model = self.get_permitted()
        row = self.rows(self.get_queryset()).get(pk=model.pk)
        row["rules"] = list(model.rules.values("id", "field", "operator", "value", "points", "group"))
        row["weights"] = list(model.weights.order_by("kind").values("kind", "weight", "daily_cap"))
        return Response(row)

    @extend_schema(parameters=[LineSerializer], responses=shape(verdict.Check))
    @action(detail=False, methods=["get"], pagination_class=None, filter_backends=[])
    def check(self, request):
        """Whether grades mean something: win rate by grade with its interval, and the desk's grades against the machine's.

        `complaints` names pairs of grades of which the better one does not win more.
        """
        if not request.user.has_perm("leads.view_scoring"):
            raise PermissionDenied
        asked = checked(LineSerializer(data=request.query_params))
        return Response(asdict(verdict.check(timezone.now(), asked["line"])))

    @extend_schema(parameters=[LineSerializer], responses=SignalSerializer(many=True))
    @action(detail=False, methods=["get"], pagination_class=None, filter_backends=[])
    def signals(self, request):
        """Which signals are worth knowing: closed leads won with each and without it, and what both tracks say of it."""
        if not request.user.has_perm("leads.view_scoring"):
            raise PermissionDenied
        asked = checked(LineSerializer(data=request.query_params))
        return Response(SignalSerializer(signals.judged(asked["line"]), many=True).data)

    @extend_schema(request=SignalSaidSerializer, responses={204: None})
    @action(detail=False, methods=["post"], url_path="signals/say", pagination_class=None, filter_backends=[])
    @idempotent
    def say(self, request):
        """Say for the own track what a signal is worth; the last word counts."""
        if not request.user.has_perm("leads.judge_signal"):
            raise PermissionDenied
        said = checked(SignalSaidSerializer(data=request.data))
        try:
            signals.say(**said, by=request.user)
        except signals.NotYours as refusal:
            raise Conflict(str(refusal)) from None
        return Response(status=204)

    @extend_schema(request=DraftSerializer)
    @idempotent
    def create(self, request):
        """Make a draft."""
        made = versions.draft(**checked(DraftSerializer(data=request.data)))
        return self.row(made.pk, status=201)

    def destroy(self, request, pk):
        """Throw a draft away."""
        self._or_conflict(versions.discard, self.get_permitted())
        return Response(status=204)

    @extend_schema(request=ScoreRuleSerializer, responses=ScoreModelWholeSerializer)
    @action(detail=True, methods=["post"], url_path="rules")
    @idempotent
    def add_rule(self, request, pk):
        """Add a rule to a draft; answers the version as it now stands."""
        model, said = self.get_permitted(), checked(ScoreRuleSerializer(data=request.data))
        cap = said.pop("cap")
        try:
            rule = editing.rule(model, **said)
        except ValueError as error:
            name = "value" if fields.exists(said["field"]) else "field"
            raise ValidationError({name: [str(error)]}) from None
        self._or_conflict(editing.add_rule, rule, cap)
        return self.retrieve(request, pk)

    @action(detail=True, methods=["delete"], url_path="rules/(?P<rule>[0-9]{1,18})")
    def remove_rule(self, request, pk, rule):
        """Take a rule out of a draft."""
        removed = self._or_conflict(editing.remove_rule, self.get_permitted(), int(rule))
        if not removed:
            raise Http404
        return Response(status=204)

    @extend_schema(request=ThresholdsSerializer, responses=ScoreModelWholeSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def thresholds(self, request, pk):
        """Change a draft's name, half-life and floors."""
        model, said = self.get_permitted(), checked(ThresholdsSerializer(data=request.data))
        try:
            self._or_conflict(editing.set_thresholds, model, **said)
        except ValueError as error:
            raise ValidationError({"fit_floors": [str(error)]}) from None
        return self.retrieve(request, pk)

    @extend_schema(request=SharesSerializer, responses=SharedModelSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def shares(self, request, pk):
        """Set a draft's floors of fit to the points by which these shares of running leads come nearest now.

        `reached` tells what each came to; a letter has no `leads` where too many of them have the same points.
        """
        model, said = self.get_permitted(), checked(SharesSerializer(data=request.data))
        found = self._or_conflict(versions.floors_by_share, model, said)
        self._or_conflict(editing.set_fit_floors, model, {one.letter: one.floor for one in found})
        answer = self.retrieve(request, pk)
        answer.data["reached"] = [{**asdict(one), "words": one.words} for one in found]
        return answer

    @extend_schema(request=WeightSerializer(many=True), responses=ScoreModelWholeSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def weights(self, request, pk):
        """Replace what touches weigh in a draft; kinds that are left out weigh nothing."""
        model = self.get_permitted()
        said = checked(WeightSerializer(data=request.data, many=True))
        given = {one["kind"]: (one["weight"], one["daily_cap"]) for one in said}
        self._or_conflict(editing.set_weights, model, given)
        return self.retrieve(request, pk)

    @extend_schema(responses=PreviewSerializer)
    @action(detail=True, methods=["get"])
    def preview(self, request, pk):
        """What publishing the version would change: counts, moves of grade, and the first leads that would move."""
        told = asdict(versions.preview(self.get_permitted(), timezone.now()))
        told["first"] = [{**change, "lead": change["lead"].pk} for change in told["first"]]
        return Response(told)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def publish(self, request, pk):
        """Put a draft in force, or a retired version again, once every lead is scored under it."""
        self._or_conflict(versions.publish, self.get_permitted(), by=request.user, at=timezone.now())
        return self.row(pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def retire(self, request, pk):
        """Take a product line's scorecard out of force: the general one grades its leads again."""
        self._or_conflict(versions.retire, self.get_permitted().line, at=timezone.now())
        return self.row(pk)

    def _or_conflict(self, verb, *args, **kwargs):
        try:
            return verb(*args, **kwargs)
        except versions.NotNow as refusal:
            raise Conflict(str(refusal)) from None
