"""Routing in the REST API: the rules in their order, a rule tried before it is saved, and the fairness ledger."""

from dataclasses import asdict
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts.models import Region, Segment, Team, Track, User
from accounts.resources import Writable, ids_named
from accounts.unheard import checked
from engine.idempotency import idempotent
from leads import assignment, because, fairness
from leads.api.shapes import BecauseCodeField
from leads.assignment import ruling
from leads.models import AssignmentRule, Grade
from ui.filters import FilterSet

MANY = {"segment_ids": "segments", "region_ids": "regions", "rep_ids": "reps", "preferred_ids": "preferred"}
VIEWS, CHANGES = "leads.view_routing", "leads.change_routing"


def _many(source, queryset):
    return serializers.PrimaryKeyRelatedField(many=True, source=source, queryset=queryset, required=False)


class RoutingRuleSerializer(serializers.ModelSerializer):
    """A rule: conditions (empty: any) that lead to a team's reps, those named, or everybody; the first that a lead meets decides.

    `grades` is such as "AB". `preferred_ids`, of those who are asked, are served first while they have room. A rule that is put
    where another stands comes before it; that one moves on by one.
    """

    segment_ids = _many("segments", Segment.objects.all())
    region_ids = _many("regions", Region.objects.all())
    rep_ids = _many("reps", User.objects.filter(rep__isnull=False, is_active=True))
    preferred_ids = _many("preferred", User.objects.filter(rep__isnull=False, is_active=True))

    team = serializers.PrimaryKeyRelatedField(
        queryset=Team.objects.filter(track=Track.SALES), required=False, allow_null=True
    )

    class Meta:
        model = AssignmentRule
        fields = ["id", "name", "position", "active", "channel", "product", "names", "grades", "team", *MANY]

    def validate(self, values):
        """A new rule is asked last, unless it says where; whoever comes first is one of those who are asked."""
        if self.instance is None:
            values.setdefault("position", AssignmentRule.last_position() + 1)
        if values.keys() & {"team", "reps", "preferred"}:
            team = values.get("team", self.instance and self.instance.team)
            reps, preferred = (self._users(values, name) for name in ("reps", "preferred"))
            if refusal := ruling.outside(team, reps, preferred):
                raise serializers.ValidationError({"preferred_ids": [refusal]})
        return values

    def save(self, **more):
        """Save the rule, and make way for it where it was put."""
        rule = super().save(**more)
        if "position" in self.validated_data:
            rule.make_way()
        return rule

    def _users(self, values, name):
        kept = [] if self.instance is None else getattr(self.instance, name).all()
        return values.get(name, kept)

    def validate_grades(self, grades):
        """Each at most once, in their order."""
        if set(grades) - set(Grade.values) or len(set(grades)) < len(grades):
            raise serializers.ValidationError(
                _("Give grades such as AB, each of them once; nothing for all.")
            )
        return "".join(sorted(grades))


class PlacedSerializer(serializers.Serializer):
    """Who would get a lead and why (in English, with a code); without a rep `fate` says what becomes of it: wait, pool, desk or held."""

    lead_id = serializers.IntegerField()
    rep_id = serializers.IntegerField(allow_null=True)
    kind = serializers.CharField()
    because = serializers.CharField()
    because_code = BecauseCodeField()
    rank = serializers.IntegerField(allow_null=True)
    rule_id = serializers.IntegerField(allow_null=True)
    fate = serializers.CharField(allow_blank=True)


class TrialSerializer(serializers.Serializer):
    """Who would get what. `due`: these leads are due or wait in line; else they are the newest MQLs and ready leads."""

    due = serializers.BooleanField()
    placed = PlacedSerializer(many=True)


class LedgerSerializer(serializers.Serializer):
    """A rep's leads by turn and their value, each beside the fair share; `passes` came without a turn, null where one rule is
    asked for."""

    rep_id = serializers.IntegerField()
    name = serializers.CharField()
    turns = serializers.IntegerField()
    value = serializers.IntegerField()
    passes = serializers.IntegerField(allow_null=True)
    fair = serializers.FloatField()
    fair_value = serializers.FloatField()


class AskedLedgerSerializer(serializers.Serializer):
    """How many days back, and by which rule: its id, "none" for everybody else, who take what meets none, or "every"."""

    days = serializers.IntegerField(min_value=1, max_value=3650, default=fairness.SPAN.days)
    rule = serializers.RegexField(
        rf"^({fairness.EVERY}|{fairness.NONE}|[0-9]{{1,18}})\Z", default=fairness.EVERY
    )

    def validate_rule(self, rule):
        """As the ledger takes it."""
        if rule in (fairness.EVERY, fairness.NONE):
            return None if rule == fairness.NONE else rule
        if not AssignmentRule.objects.filter(pk=rule).exists():
            raise serializers.ValidationError(_("There is no such rule."))
        return int(rule)


class RoutingRuleFilters(FilterSet):
    class Meta:
        model = AssignmentRule
        fields = ["active", "team"]


class RoutingRuleResource(Writable):
    """Rules of routing, in their order."""

    queryset = AssignmentRule.objects.all()
    serializer_class = RoutingRuleSerializer
    filterset_class = RoutingRuleFilters
    order = ("position", "id")
    may = {
        "create": CHANGES, "partial_update": CHANGES, "destroy": CHANGES, "try_new": CHANGES, "try_changed": CHANGES,
    }  # fmt: skip

    def rows(self, queryset, serializer_class=None):
        """With the ids of what each rule names."""
        plain = [name for name in RoutingRuleSerializer.Meta.fields if name not in MANY]
        return queryset.values(
            *plain, **{name: ids_named(AssignmentRule, field) for name, field in MANY.items()}
        )

    def destroy(self, request, pk):
        """Take a rule away; its former runs keep what they weighed."""
        assignment.remove(self.get_permitted())
        return Response(status=204)

    @extend_schema(
        operation_id="routing_rules_try_new", request=RoutingRuleSerializer, responses=TrialSerializer
    )
    @action(detail=False, methods=["post"], url_path="try")
    @idempotent
    def try_new(self, request):
        """Who would get what with one more rule. Nothing is kept."""
        return self._tried(self.valid(request))

    @extend_schema(request=RoutingRuleSerializer, responses=TrialSerializer)
    @action(detail=True, methods=["post"], url_path="try")
    @idempotent
    def try_changed(self, request, pk):
        """Who would get what with this rule changed like that. Nothing is kept."""
        return self._tried(self.valid(request, self.get_permitted(), partial=True))

    def _tried(self, shape):
        trial = assignment.tried(shape.save, timezone.now())
        return Response(
            {
                "due": trial.due,
                "placed": [
                    asdict(one) | {"because_code": because.code_of(one.because)} for one in trial.placed
                ],
            }
        )

    @extend_schema(parameters=[AskedLedgerSerializer], responses=LedgerSerializer(many=True))
    @action(detail=False, methods=["get"], pagination_class=None, filter_backends=[])
    def ledger(self, request):
        """The fairness ledger: what each rep got by turn, by count and by value of grade, against the fair share; by all rules or one."""
        if not request.user.has_perm(VIEWS):
            raise PermissionDenied
        asked = checked(AskedLedgerSerializer(data=request.query_params))
        at = timezone.now()
        lines = fairness.ledger(at - timedelta(days=asked["days"]), at, asked["rule"])
        return Response([asdict(line) for line in lines])
