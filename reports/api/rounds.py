"""Rounds of targets in the REST API: what was proposed and agreed of fiscal years, to propose, sign and take back."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.doors import require
from accounts.resources import Resource
from accounts.unheard import Heard, checked
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads.signing import NotToSign
from pipeline.api.shapes import MonthField
from reports import locks
from reports.api.reports import number
from reports.models import Measure, RoundSignature, Side, TargetRound
from reports.rounds import deciding, showing, stamping
from reports.views.rounds import PROPOSE, READ, SIGN
from ui.filters import FilterSet


class RoundSerializer(serializers.ModelSerializer):
    """A round of the targets of the twelve months from `first` on; without `agreed_at` and `closed_at` it waits for signatures."""

    class Meta:
        model = TargetRound
        fields = [
            "id", "first", "number", "why", "asked_by", "with_finance", "proposed_by", "proposed_at", "agreed_at", "closed_at",
            "closed_by", "closed_why",
        ]  # fmt: skip
        read_only_fields = fields


class RoundSignatureSerializer(serializers.ModelSerializer):
    """Who signed for a side."""

    track = serializers.CharField(help_text="the side: marketing, sales or finance")

    class Meta:
        model = RoundSignature
        fields = ["track", "user", "at"]


class RoundShownSerializer(RoundSerializer):
    """With its signatures, the sides whose signature is missing, who asked for more in it beside who proposed it, and the
    `stamp` that stands for what it says while it waits."""

    signatures = RoundSignatureSerializer(many=True)
    missing = serializers.ListField(child=serializers.CharField(), help_text="sides")
    joined = serializers.ListField(child=serializers.IntegerField(), help_text="users")
    stamp = serializers.CharField(help_text="empty where nobody signs it any more")

    class Meta(RoundSerializer.Meta):
        fields = [*RoundSerializer.Meta.fields, "signatures", "missing", "joined", "stamp"]


class RoundChangeSerializer(serializers.Serializer):
    """What a round changes of a region and a segment (0: none) over `months` months from `first` to `last`; null for no target."""

    measure = serializers.ChoiceField(Measure.choices)
    region = serializers.IntegerField()
    segment = serializers.IntegerField()
    first = serializers.DateField()
    last = serializers.DateField()
    months = serializers.IntegerField()
    before = serializers.DecimalField(22, 4, allow_null=True)
    amount = serializers.DecimalField(22, 4, allow_null=True)


class RoundWishSerializer(Heard, serializers.Serializer):
    """All that is set for the fiscal year that begins with the month `first` is proposed."""

    first = MonthField(help_text="the first month of the fiscal year, or any day of it")
    why = serializers.CharField(max_length=1000)
    asked_by = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")

    def validate_first(self, month):
        """A month with which a fiscal year begins."""
        if month != locks.year_of(month):
            raise serializers.ValidationError(_("Give the first month of a fiscal year."))
        return month


class RoundSignSerializer(Heard, serializers.Serializer):
    """The `stamp` of the round as the signer has read it: changed since, it is not signed. Without, it is signed as it is."""

    stamp = serializers.CharField(max_length=500, default="", allow_blank=True)


class RoundTakeBackSerializer(Heard, serializers.Serializer):
    """Why a round is taken back, or not agreed."""

    why = serializers.CharField(max_length=500)


class RoundFilters(FilterSet):
    class Meta:
        model = TargetRound
        fields = ["first"]


class RoundResource(Resource):
    """Rounds of targets. A change of what is agreed is proposed by `PUT reports/targets/` with its `why`."""

    queryset = TargetRound.objects.all()
    serializer_class, shown = RoundSerializer, RoundShownSerializer
    filterset_class = RoundFilters
    may = {"create": PROPOSE, "sign": SIGN, "take_back": SIGN}

    def check_permissions(self, request):
        """As everywhere, and only for whoever reads money."""
        super().check_permissions(request)
        require(request, READ)

    def get_queryset(self):
        """All of them."""
        return self.queryset.none() if getattr(self, "swagger_fake_view", False) else self.queryset.all()

    def finish(self, rows):
        """With signatures, whose are missing, who joined, and what it says."""
        by_id = {row["id"]: row for row in rows}
        for row in rows:
            row["signatures"] = []
        found = RoundSignature.objects.filter(round__in=by_id).order_by("pk")
        for one in found.values("round", "track", "user", "at"):
            by_id[one.pop("round")]["signatures"].append(one)
        joined = showing.joined(list(by_id))
        stamps = stamping.stamps([row for row in rows if not (row["agreed_at"] or row["closed_at"])])
        for row in rows:
            row["stamp"] = stamps.get(row["id"], "")
            row["joined"] = list(joined.get(row["id"], {}))
            signed = {one["track"] for one in row["signatures"]}
            sides = [side for side in Side if side != Side.FINANCE or row["with_finance"]]
            row["missing"] = [side.value for side in sides if side not in signed]
        return rows

    @extend_schema(request=RoundWishSerializer, responses={201: RoundShownSerializer})
    @idempotent
    def create(self, request):
        """Propose what is set for a fiscal year of which nothing is agreed yet; it waits for every side."""
        said = checked(RoundWishSerializer(data=request.data))
        made = self._do(deciding.propose, said.pop("first"), by=request.user, at=timezone.now(), **said)
        return self.row(made.pk, status=201)

    @extend_schema(responses=RoundChangeSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def changes(self, request, pk):
        """What it changes, by measure, region and segment."""
        return Response([_change(row) for row in showing.changes(self.get_permitted())])

    @extend_schema(request=RoundSignSerializer, responses=RoundShownSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def sign(self, request, pk):
        """Sign for the caller's own side; with the last signature it counts. A stale `stamp`: 409, and nothing is signed."""
        found, seen = self.get_permitted(), checked(RoundSignSerializer(data=request.data or {}))["stamp"]
        self._do(deciding.sign, found.pk, by=request.user, at=timezone.now(), seen=seen)
        return self.row(pk)

    @extend_schema(request=RoundTakeBackSerializer, responses=RoundShownSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    @idempotent
    def take_back(self, request, pk):
        """Take back what is not agreed, with a reason."""
        found, said = self.get_permitted(), checked(RoundTakeBackSerializer(data=request.data))
        self._do(deciding.take_back, found.pk, by=request.user, at=timezone.now(), **said)
        return self.row(pk)

    def _do(self, verb, *args, **how):
        try:
            return verb(*args, **how)
        except NotToSign as refusal:
            raise Conflict(str(refusal)) from None


def _change(row):
    return {
        **{name: row[name] for name in ("measure", "first", "last", "months")},
        "region": row["region"] or 0,
        "segment": row["segment"] or 0,
        "before": number(row["before"]),
        "amount": number(row["wished"]),
    }
