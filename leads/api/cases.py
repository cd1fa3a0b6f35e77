"""Disputes over owners, missed clocks and who brought a deal in the REST API; the same verbs as the pages."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts.doors import require
from accounts.models import Track
from accounts.resources import Resource
from accounts.unheard import Heard, checked
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import arbitration, cases, clauses
from leads.consulting import possible_reps
from leads.disputes import NotNow
from leads.forms.cases import MOST
from leads.handoffs import Refused
from leads.models import Case, CaseClock, CaseKind, CaseOutcome, Handoff, Lead
from pipeline.models import Company, Deal
from ui.filters import FilterSet

THINGS = {"lead", "deal", "company", "handoff"}


class CaseSerializer(serializers.ModelSerializer):
    """A dispute. `asked` is what is asked for; `outcome`, `held_rule` and `held_why` are the decision, empty before it."""

    class Meta:
        model = Case
        fields = [
            "id", "kind", "lead", "deal", "company", "handoff", "clock", "due_at", "holder", "claimant", "asked", "agreement",
            "track", "opened_by", "opened_at", "argument", "rule", "answered_by", "answered_at", "answer", "answer_rule",
            "rule_by", "passed_on_at", "decided_by", "decided_at", "outcome", "held_rule", "held_why",
        ]  # fmt: skip


class CaseInSerializer(Heard, serializers.Serializer):
    """One lead, deal or company with the `claimant` whose it should be; a handoff with its `clock`; or a deal with who brought it (`asked`)."""

    kind = serializers.ChoiceField(CaseKind.choices)
    lead = serializers.PrimaryKeyRelatedField(queryset=Lead.objects.all(), required=False)
    deal = serializers.PrimaryKeyRelatedField(queryset=Deal.objects.all(), required=False)
    company = serializers.PrimaryKeyRelatedField(queryset=Company.objects.all(), required=False)
    handoff = serializers.PrimaryKeyRelatedField(queryset=Handoff.objects.all(), required=False)
    clock = serializers.ChoiceField(CaseClock.choices, required=False)
    claimant = serializers.PrimaryKeyRelatedField(queryset=possible_reps(), required=False)
    asked = serializers.ChoiceField(
        [(one.value, one.label) for one in (CaseOutcome.MARKETING, CaseOutcome.SALES, CaseOutcome.BOTH)],
        required=False,
    )
    rule = serializers.ChoiceField(clauses.NAMES)
    argument = serializers.CharField(max_length=MOST)

    def validate(self, given):
        """About one thing, with what its kind needs."""
        things = THINGS & set(given)
        needs = {
            "owner": ({"lead", "deal", "company"}, "claimant"),
            "clock": ({"handoff"}, "clock"),
            "origin": ({"deal"}, "asked"),
        }
        of, also = needs[given["kind"]]
        if len(things) != 1 or not things <= of or also not in given:
            raise serializers.ValidationError(f"Name one of {', '.join(sorted(of))}, and {also}.")
        return given  # fmt: skip


class CaseWordSerializer(Heard, serializers.Serializer):
    """The other side's argument and its clause."""

    rule = serializers.ChoiceField(clauses.NAMES)
    answer = serializers.CharField(max_length=MOST)


class CaseRulingSerializer(Heard, serializers.Serializer):
    """A ruling: how it ends, by which clause and why."""

    outcome = serializers.ChoiceField(CaseOutcome.choices)
    rule = serializers.ChoiceField(clauses.NAMES)
    why = serializers.CharField(max_length=MOST)


class CaseRuledSerializer(CaseRulingSerializer):
    """What was ruled, for which track, by whom and when."""

    track = serializers.ChoiceField(Track.choices, allow_blank=True)
    by = serializers.IntegerField()
    at = serializers.DateTimeField()


class PrecedentSerializer(serializers.ModelSerializer):
    """What was decided in a similar dispute; `about`: a lead, deal, company or handoff."""

    about = serializers.ChoiceField(
        ["lead", "deal", "company", "handoff"], source="about_kind", read_only=True
    )

    class Meta:
        model = Case
        fields = [
            "id",
            "kind",
            "about",
            "clock",
            "decided_by",
            "decided_at",
            "outcome",
            "held_rule",
            "held_why",
        ]


class CaseWholeSerializer(CaseSerializer):
    """A dispute with the rulings so far and the precedents."""

    rulings = CaseRuledSerializer(many=True, read_only=True)
    precedents = PrecedentSerializer(many=True, read_only=True)

    class Meta(CaseSerializer.Meta):
        fields = [*CaseSerializer.Meta.fields, "rulings", "precedents"]


class CaseFilters(FilterSet):
    waiting = django_filters.BooleanFilter(field_name="decided_at", lookup_expr="isnull")

    class Meta:
        model = Case
        fields = ["kind", "lead", "deal", "company", "handoff", "outcome", "held_rule"]


class CaseResource(Resource):
    """Disputes over owners, missed clocks and who brought a deal."""

    queryset = Case.objects.all()
    serializer_class = CaseSerializer
    filterset_class = CaseFilters

    @extend_schema(responses=CaseWholeSerializer)
    def retrieve(self, request, pk):
        """One dispute, with the `rulings` so far and the `precedents`."""
        found = self.get_permitted()
        row = self.rows(self.get_queryset()).get(pk=found.pk)
        row["rulings"] = list(found.rulings.values("track", "by", "at", "outcome", "rule", "why"))
        row["precedents"] = PrecedentSerializer(cases.precedents(found), many=True).data
        return Response(row)

    @extend_schema(request=CaseInSerializer, responses={201: CaseSerializer})
    @idempotent
    def create(self, request):
        """Dispute an owner, a missed clock or who brought a deal; both heads are told."""
        wish = checked(CaseInSerializer(data=request.data))
        thing = next(wish[name] for name in THINGS if name in wish)
        seen = type(thing).objects.visible_to(request.user).filter(pk=thing.pk).exists()
        of_clock = wish["kind"] == CaseKind.CLOCK
        if not seen and (of_clock or not cases.had(request.user, thing)):
            raise PermissionDenied
        require(request, "leads.dispute_clock" if of_clock else "leads.open_case", thing)
        if wish["kind"] == CaseKind.OWNER and not cases.may_ask_for(request.user, wish["claimant"]):
            raise PermissionDenied
        said = {"argument": wish["argument"], "rule": wish["rule"]}
        if of_clock:
            made = self._do(cases.over_clock, thing, wish["clock"], **said)
        elif wish["kind"] == CaseKind.ORIGIN:
            made = self._do(cases.over_origin, thing, wish["asked"], **said)
        else:
            made = self._do(cases.over_owner, thing, claimant=wish["claimant"], **said)
        return self.row(made.pk, status=201)

    @extend_schema(request=CaseWordSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def answer(self, request, pk):
        """Answer for the other side."""
        found = self.get_permitted()
        require(request, "leads.answer_case", found)
        said = checked(CaseWordSerializer(data=request.data))
        self._do(cases.answer, found, said["answer"], rule=said["rule"])
        return self.row(pk)

    @extend_schema(request=CaseRulingSerializer, responses=CaseWholeSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def rule(self, request, pk):
        """Rule as a head, of whom the second one that says the same decides; or as the arbiter, who decides alone."""
        found = self.get_permitted()
        if not (arbitration.decides(found, request.user) or request.user.has_perm("leads.rule_dispute")):
            raise PermissionDenied
        said = checked(CaseRulingSerializer(data=request.data))
        self._do(cases.rule_on, found, said["outcome"], rule=said["rule"], why=said["why"])
        return self.retrieve(request, pk)

    def _do(self, verb, *args, **named):
        try:
            return verb(*args, **named, by=self.request.user, at=timezone.now())
        except (NotNow, Refused) as refusal:
            raise Conflict(str(refusal)) from None
