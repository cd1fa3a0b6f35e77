"""Deals in the REST API. Stage and outcome change only through the verbs of `leads.closing`."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts.bulk.api import InBulk
from accounts.doors import require
from accounts.resources import IF_MATCH, Resource, columns
from accounts.unheard import bodiless, checked
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import closing, deal_grades, many
from leads.api.cancellations import CancellationSerializer, CancelSerializer
from leads.api.deal_shapes import (
    ChangeSerializer,
    DealContactSerializer,
    DealSerializer,
    DealWholeSerializer,
    DealWithoutCostSerializer,
    LineSerializer,
    LoseSerializer,
    OpenedSerializer,
    OpenSerializer,
    ReopenedSerializer,
    ReopenSerializer,
    StageSerializer,
    StepSerializer,
    WinSerializer,
)
from leads.models import Grade
from pipeline.dealers import through_filter
from pipeline.models import (
    Deal,
    DealContactRole,
    Outcome,
)
from ui.filters import FilterSet, WordsFilter

GRADES = ("grade", "grade_accepted")


class DealFilters(FilterSet):
    q = WordsFilter(columns=["name", "company__name"])
    stage_code = django_filters.CharFilter(field_name="stage__code", max_length=50)
    signed_on = django_filters.DateFromToRangeFilter()
    expected_close = django_filters.DateFromToRangeFilter()
    opened = django_filters.IsoDateTimeFromToRangeFilter(field_name="opened_at")
    campaign = django_filters.NumberFilter(field_name="leads__campaign", distinct=True)
    grade = django_filters.ChoiceFilter(choices=Grade.choices, method="by_grade")
    reason = django_filters.CharFilter(field_name="outcome_reason__code", max_length=50)
    rival = django_filters.CharFilter(lookup_expr="iexact", max_length=100)
    through = through_filter()

    class Meta:
        model = Deal
        fields = [
            "outcome",
            "kind",
            "owner",
            "company",
            "partner",
            "product",
            "category",
            "source",
            "external_id",
        ]

    def by_grade(self, queryset, name, value):
        """Deals whose lead has the grade now."""
        return deal_grades.graded_as(queryset, value, timezone.now())


class DealResource(InBulk, Resource):
    """Deals: money with one company."""

    queryset = Deal.objects.all()
    serializer_class = DealSerializer
    change_serializer_class = ChangeSerializer
    filterset_class = DealFilters
    changes = many.DEALS
    order = ("-opened_at", "-id")
    elsewhere = {
        **dict.fromkeys(("stage", "stage_code"), ("move", "win", "lose", "reopen")),
        **dict.fromkeys(
            ("outcome", "outcome_reason", "outcome_reason_code", "closed_at"), ("win", "lose", "reopen")
        ),
        "signed_on": ("win",),
        **dict.fromkeys(("outcome_note", "rival", "rival_price"), ("lose",)),
        "owner": ("/api/v1/deals/many/",),
        "cost": ("lines",),
        "lines": ("lines",),
        "contacts": ("contacts",),
        "steps": ("steps",),
        "collected": ("/api/v1/receipts/",),
    }
    may = {
        "create": "pipeline.add_deal",
        **dict.fromkeys(
            ("partial_update", "move", "win", "lose", "undo_close", "lines", "contacts", "steps"),
            "pipeline.work_deal",
        ),
        "reopen": "pipeline.reopen_deal",
        "cancel": "pipeline.cancel_deal",
    }

    def rows(self, queryset, serializer_class=None):
        """Costs are for those who may see them; `finish` adds the grades."""
        if not self.request.user.has_perm("pipeline.view_cost"):
            serializer_class = DealWithoutCostSerializer
        plain, renamed = columns(serializer_class or self.serializer_class)
        return queryset.values(*(name for name in plain if name not in GRADES), **renamed)

    def finish(self, rows):
        """The grades of the lead that led to each; none where no lead did."""
        grades = deal_grades.of([row["id"] for row in rows], timezone.now())
        for row in rows:
            graded = grades.get(row["id"])
            row["grade"], row["grade_accepted"] = (
                (graded.now, graded.accepted or None) if graded else (None, None)
            )
        return rows

    @extend_schema(responses=DealWholeSerializer)
    def retrieve(self, request, pk):
        """One deal with its lines, contacts and steps."""
        deal = self.get_permitted()
        row = self.finish([self.rows(self.get_queryset()).get(pk=deal.pk)])[0]
        row["lines"] = LineSerializer(deal.lines.select_related("product"), many=True).data
        if "cost" not in row:
            row["lines"] = [
                {name: line[name] for name in line if name != "unit_cost"} for line in row["lines"]
            ]
        row["contacts"] = DealContactSerializer(deal.deal_contacts.all(), many=True).data
        row["steps"] = StepSerializer(deal.steps.order_by("due_at"), many=True).data
        return self.tagged(row)

    def hold(self, thing):
        """Leads come before deals, as everywhere."""
        closing.lock_leads(thing)
        return super().hold(thing)

    @extend_schema(request=OpenSerializer, responses={201: OpenedSerializer})
    @idempotent
    def create(self, request):
        """Open a deal, from a lead or for a company."""
        self.refuse_elsewhere(request.data)
        values = checked(OpenSerializer(data=request.data, user=request.user))
        lead = values.pop("lead")
        if lead is not None and not request.user.has_perm("leads.work_lead", lead):
            raise ValidationError({"lead": _("This lead is not yours to work.")})
        deal = self._do(closing.open_deal, lead, **values)
        answer = self.row(deal.pk, status=201)
        answer.data["owes_contact"] = lead is not None and closing.contact_owed(lead)
        return answer

    @extend_schema(request=ChangeSerializer, parameters=[IF_MATCH])
    def partial_update(self, request, pk):
        """Change facts of an open deal; of a won one only `contract_until`."""
        with self.unchanged() as deal:
            values = checked(ChangeSerializer(deal, data=request.data, partial=True))
            self._do(closing.change, deal, values)
        return self.row(pk)

    @extend_schema(request=StageSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def move(self, request, pk):
        """Move to another open stage; 409 with what the stage asks for and the deal lacks. A head of sales may let it pass."""
        deal = self.get_permitted()
        said = checked(StageSerializer(data=request.data))
        if "passing" in said:
            require(request, "pipeline.pass_gate")
        self._do(closing.move, deal, said.pop("stage"), **said)
        return self.row(pk)

    @extend_schema(request=WinSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def win(self, request, pk):
        """Won: signed, with a reason. The lead is won with it. 409 with what the stages on the way ask and it lacks."""
        return self._close(closing.win, checked(WinSerializer(data=request.data)))

    @extend_schema(request=LoseSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def lose(self, request, pk):
        """Lost, with a reason, which decides whether the lead is asked again later. 409 with what is asked of lost deals."""
        return self._close(closing.lose, checked(LoseSerializer(data=request.data)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="undo-close")
    @idempotent
    @bodiless
    def undo_close(self, request, pk):
        """Take one's own win or loss back within ten minutes, while no money, renewal or other rep hangs on it."""
        try:
            closing.undo_close(self.get_permitted(), by=request.user, at=timezone.now())
        except closing.Refused as refusal:
            raise Conflict(str(refusal)) from None
        return self.row(pk)

    @extend_schema(request=ReopenSerializer, responses=ReopenedSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def reopen(self, request, pk):
        """Open a closed deal again. The renewal that opened by itself is taken back; of one at work, `renewal` says: keep or take_back."""
        deal = self.get_permitted()
        said = checked(ReopenSerializer(data=request.data))
        renewal, worked_on = closing.open_renewal(deal)
        if worked_on and said["renewal"] == closing.WithRenewal.TAKE_BACK:
            require(request, "pipeline.work_deal", renewal)
        try:
            self._do(closing.reopen, deal, **said)
        except closing.RenewalAtWork as asked:
            raise ValidationError({"renewal": str(asked)}) from None
        answer = self.row(pk)
        gone = renewal and Deal.objects.filter(pk=renewal.pk, outcome=Outcome.LOST).exists()
        answer.data["renewal_taken_back"] = renewal.pk if gone else None
        return answer

    @extend_schema(request=CancelSerializer, responses={201: CancellationSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request, pk):
        """Cancel a won deal, or a part of it: money below nothing in its own month. DELETE /cancellations/{id}/ takes it back."""
        made = self._do(closing.cancel, self.get_permitted(), **checked(CancelSerializer(data=request.data)))
        return Response(CancellationSerializer(made).data, status=201)

    @extend_schema(request=LineSerializer, responses={201: LineSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    def lines(self, request, pk):
        """Add a line to an open deal."""
        if self.get_permitted().outcome != Outcome.OPEN:
            raise ValidationError(_("The deal is closed. Open it again first."))
        return self._add(LineSerializer)

    @extend_schema(
        request=DealContactSerializer, responses={200: DealContactSerializer, 201: DealContactSerializer}
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def contacts(self, request, pk):
        """Add a contact with a role, or change the role of one who is there."""
        deal = self.get_permitted()
        named = checked(DealContactSerializer(data=request.data, context={"deal": deal}))
        part, made = deal.deal_contacts.update_or_create(
            contact=named["contact"], defaults={"role": named.get("role", DealContactRole.DECIDES)}
        )
        return Response(DealContactSerializer(part).data, status=201 if made else 200)

    @extend_schema(request=StepSerializer, responses={201: StepSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    def steps(self, request, pk):
        """Add a step."""
        return self._add(StepSerializer)

    def _add(self, serializer_class):
        deal = self.get_permitted()
        shape = serializer_class(data=self.request.data)
        shape.is_valid(raise_exception=True)
        shape.save(deal=deal)
        return Response(shape.data, status=201)

    def _close(self, verb, said):
        deal = self.get_permitted()
        if "passing" in said:
            require(self.request, "pipeline.pass_gate")
        self._do(verb, deal, **said)
        return self.row(deal.pk)

    def _do(self, verb, *args, **values):
        try:
            return verb(*args, by=self.request.user, at=timezone.now(), **values)
        except closing.RenewalAtWork:
            raise
        except closing.Stopped as stopped:
            raise Conflict(str(stopped)) from None
        except closing.Refused as error:
            raise ValidationError(str(error)) from None
