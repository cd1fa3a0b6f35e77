"""Leads: capture, the list, and every verb of the funnel."""

from dataclasses import asdict

import django_filters
from django.db.models import FilteredRelation
from django.utils import timezone
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.bulk.api import InBulk
from accounts.describing import shape
from accounts.resources import IF_MATCH, Resource, columns
from accounts.unheard import bodiless, checked
from engine.idempotency import idempotent
from engine.parsers import RowsJSONParser
from engine.refusals import Conflict
from leads import assignment, attempts, capture, collisions, grading, many, pool, scoring
from leads.api.bulk import BulkAnswerSerializer, bulk
from leads.api.desk import OfTheDesk
from leads.api.passes import (
    LeadDetailSerializer,
    LeadFactsSerializer,
    LeadSerializer,
    LeadWholeSerializer,
    OnlyIdSerializer,
)
from leads.api.shapes import (
    CaptureSerializer,
    LoggedSerializer,
    TouchLogSerializer,
    beside_attempt,
)
from leads.api.work import NoteSerializer
from leads.learning import chances
from leads.models import Lead
from leads.scoring.explaining import Explanation
from pipeline.stages import Stage, next_stages
from ui.filters import FilterSet, IdsFilter, WordsFilter

SCORE = ("score__model", "score__fit", "score__heat")
CAPTURED = PolymorphicProxySerializer(
    "LeadCaptured", [LeadSerializer, OnlyIdSerializer], resource_type_field_name=None
)


class LeadFilters(FilterSet):
    id = IdsFilter(field_name="id")
    q = WordsFilter(columns=["contact__full_name", "contact__company__name"])
    captured = django_filters.IsoDateTimeFromToRangeFilter(field_name="captured_at")
    stage = django_filters.MultipleChoiceFilter(choices=Stage.choices, distinct=False)
    pool = django_filters.BooleanFilter(field_name="pooled_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Lead
        fields = [
            "campaign",
            "channel",
            "owner",
            "segment",
            "region",
            "product",
            "contact",
            "deal",
            "grade",
            "source",
            "external_id",
        ]


class LeadResource(OfTheDesk, InBulk, Resource):
    """Leads: one pass of a contact through the funnel."""

    queryset = Lead.objects.counted()
    serializer_class = LeadSerializer
    filterset_class = LeadFilters
    changes = many.LEADS
    order = ("-captured_at", "-id")
    capture = frozenset({"create", "bulk"})
    change_serializer_class, versioned = LeadFactsSerializer, LeadDetailSerializer
    elsewhere = {
        "stage": ("qualify", "ready", "nurture", "disqualify", "/api/v1/deals/"),
        "owner": ("claim", "/api/v1/leads/many/"),
        "pooled_at": ("claim",),
        "desk_by": ("take", "free"),
        "answers": ("answers",),
        "wake_at": ("nurture",),
        "deal": ("/api/v1/deals/",),
        "contact": ("/api/v1/merges/",),
    }
    may = {
        "create": "leads.capture_lead",
        "partial_update": "leads.change_lead",
        "notes": "leads.assist_lead",
        "bulk": "leads.capture_lead",
        "take": "leads.qualify_lead",
        "free": "leads.qualify_lead",
        "qualify": "leads.qualify_lead",
        "ready": "leads.qualify_lead",
        "ready_many": "leads.qualify_lead",
        "answers": "leads.qualify_lead",
        "grade": "leads.qualify_lead",
        "nurture": "leads.qualify_lead",
        "take_back": "leads.qualify_lead",
        "disqualify": "leads.qualify_lead",
        "touches": "leads.capture_lead",  # a dealing has been, whoever works on the lead
        "claim": "leads.claim_lead",
    }

    def rows(self, queryset, serializer_class=None):
        """With fit and heat, from which `finish` proposes the grade."""
        plain, renamed = columns(serializer_class or self.serializer_class)
        self.scales = grading.current(timezone.now())
        score = FilteredRelation("scores", condition=self.scales.deciding())
        plain = [name for name in plain if name != "proposed_grade"]
        return queryset.annotate(score=score).values(*plain, *SCORE, **renamed)

    def get_queryset(self):
        """Lists leave out what figures do; by its address spam is seen too, as on its page, or nobody could take it back."""
        if not self.detail or getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        return Lead.objects.filter(merged_into=None).visible_to(self.request.user)

    def finish(self, rows):
        """The grade proposed as of now; D for a lead without a score, as history has none."""
        for row in rows:
            model, fit, heat = (row.pop(name) for name in SCORE)
            row["proposed_grade"] = "D" if fit is None else self.scales.of(model).proposal(fit, heat).grade
        return rows

    @extend_schema(responses=LeadWholeSerializer)
    def retrieve(self, request, pk):
        """One lead, with what may come next and why it has its grade."""
        lead = self.get_permitted()
        row = self.finish([self.rows(self.get_queryset(), LeadDetailSerializer).get(pk=lead.pk)])[0]
        row["next_stages"] = next_stages(lead.stage)
        found = collisions.of([lead.contact_id], by=request.user, at=timezone.now()).get(lead.contact_id)
        row["collision"] = found and found.as_dict()
        chance = chances.of_lead(lead)
        row["win_probability"] = chance and chance.probability
        row["win_calibrated"] = chance and chance.holds
        row["win_reasons"] = [asdict(reason) for reason in chance.reasons] if chance else []
        return self.tagged(row)

    @extend_schema(request=LeadFactsSerializer, parameters=[IF_MATCH], responses=LeadWholeSerializer)
    def partial_update(self, request, pk):
        """Correct the facts given."""
        with self.unchanged() as lead:
            shape = LeadFactsSerializer(lead, data=request.data, partial=True)
            shape.is_valid(raise_exception=True)
            shape.save()
        assignment.look_again([lead.pk], timezone.now())
        return self.retrieve(request, pk)

    @extend_schema(request=CaptureSerializer, responses={201: CAPTURED})
    @idempotent
    def create(self, request):
        """Capture a lead: finds the person by the identities given, and joins or opens a pass.

        A token that may only capture, and a machine, are answered the `id` alone.
        """
        self.refuse_elsewhere(request.data)
        shape = CaptureSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        try:
            lead = capture.capture(shape.captured(), by=request.user, at=timezone.now())
        except (capture.IdentityConflict, capture.Suppressed) as error:
            raise Conflict(str(error)) from None
        if request.user.role == "service" or "read" not in scopes(request):
            return Response({"id": lead.pk}, status=201)
        return self.row(lead.pk, status=201)

    @extend_schema(request=CaptureSerializer(many=True), responses=BulkAnswerSerializer)
    @action(detail=False, methods=["post"], parser_classes=[RowsJSONParser])
    @idempotent
    def bulk(self, request):
        """Capture up to 1,000 leads; the answer has a result for each row, and a bad row harms no other."""
        return bulk(
            request,
            CaptureSerializer,
            lambda shape, at: capture.capture(shape.captured(), by=request.user, at=at).pk,
        )

    @extend_schema(request=TouchLogSerializer, responses={201: LoggedSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    def touches(self, request, pk):
        """Log a call, a meeting or another dealing with the lead's contact; `collision` as GET of the lead tells it."""
        lead = self.get_permitted()
        said = checked(TouchLogSerializer(data=request.data))
        beside = beside_attempt(lead.contact_id, said, by=request.user)
        touch = capture.log_touch(lead.contact, by=request.user, tapped=timezone.now(), **said)
        return Response({"id": touch.pk, "collision": beside}, status=201)

    @extend_schema(request=NoteSerializer, responses={201: NoteSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    def notes(self, request, pk):
        """Write something down about the lead's contact."""
        lead = self.get_permitted()
        said = checked(NoteSerializer(data=request.data))
        made = attempts.note(lead.contact, said["text"], by=request.user, at=timezone.now())
        return Response(NoteSerializer(made).data, status=201)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def claim(self, request, pk):
        """Claim a lead from the pool; 409 for one that somebody else was faster to claim."""
        at = timezone.now()
        if pk.isdecimal() and len(pk) < 19 and (said := pool.too_late(pk, request.user, at)):
            raise Conflict(said)
        lead = self.get_permitted()
        try:
            pool.claim(lead.pk, by=request.user, at=at)
        except pool.ClaimRefused as error:
            raise Conflict(str(error)) from None
        return self.row(pk)

    @extend_schema(responses=shape(Explanation))
    @action(detail=True, methods=["get"])
    def why(self, request, pk):
        """The rules and touches behind the grade, with their points."""
        return Response(scoring.explain(self.get_permitted(), at=timezone.now()).as_dict())


def scopes(request):
    """The scopes of the request's token; a signed-in person has all."""
    return request.auth.scopes if request.auth else ("capture", "read", "write")
