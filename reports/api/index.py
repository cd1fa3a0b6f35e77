"""The joint index in the REST API: the scorecard of each period, and versions to draft, sign and throw away."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import organisation
from accounts.doors import permitted, require
from accounts.models import Region, Segment
from accounts.resources import Resource
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import signing
from pipeline.api.shapes import MonthField
from reports.api.reports import CHOICE, Report, number
from reports.choice import axes, parse
from reports.heeding import heeded
from reports.index import figures, versions
from reports.index.forms import VersionForm
from reports.models import IndexComponent, IndexKind, IndexSignature, IndexVersion
from reports.views.index import DRAFT, MONEY, READ, SIGN, asked_of, told_of
from ui.filters import FilterSet

BY = OpenApiParameter("by", enum=list(figures.LENGTHS), description="length of a period, default quarter")


class IndexWaveSerializer(serializers.Serializer):
    """The wave of a survey that a level is of."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    on = serializers.DateField()
    asked = serializers.IntegerField()


class IndexLineSerializer(serializers.Serializer):
    """A component in a period. `expected` is due by today, `reached` null where it was not measured (amounts also for whoever may not
    read money); `points` = min(cap, reached ÷ expected × 100), 0 at least. `low` and `high`: where the true level of a survey lies.
    """

    kind = serializers.ChoiceField(IndexKind.choices)
    weight = serializers.DecimalField(6, 2)
    expected = serializers.DecimalField(22, 4, allow_null=True)
    measured = serializers.BooleanField()
    reached = serializers.DecimalField(22, 4, allow_null=True)
    points = serializers.DecimalField(None, 4, allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    wave = IndexWaveSerializer(allow_null=True)
    months = serializers.IntegerField(help_text="of shares of search that were added up")


class IndexPeriodSerializer(serializers.Serializer):
    """A period: `index` = Σ weight × points ÷ Σ weights of the components that were measured, null without any; `measured` is the share
    of all weights that were, `gone` that of its days that are over. `version` is null where nobody agreed on one.
    """

    first = serializers.DateField()
    until = serializers.DateField()
    version = serializers.IntegerField(allow_null=True)
    model = serializers.CharField(help_text="attribution model of the effect on sales")
    gone = serializers.DecimalField(None, 6)
    measured = serializers.DecimalField(None, 6)
    index = serializers.DecimalField(None, 4, allow_null=True)
    lines = IndexLineSerializer(many=True)


class IndexReportSerializer(serializers.Serializer):
    """The trend, the oldest period first; the last one is running."""

    by = serializers.ChoiceField(list(figures.LENGTHS))
    currency = serializers.CharField()
    results = IndexPeriodSerializer(many=True)


class IndexReport(Report):
    """The joint index."""

    @extend_schema(
        parameters=[*(one for one in CHOICE if one.name in figures.HEEDED), BY],
        responses=IndexReportSerializer,
        operation_id="reports_index",
    )
    def get(self, request):
        """Index and components of the last quarters or months, of the whole house or of a market."""
        require(request, READ)
        query = request.query_params.copy()
        by, _month = asked_of(query)
        known = axes(query)
        choice = heeded(parse(query, known, timezone.now()), figures.HEEDED)
        trend, _last = told_of(choice, by, "", known)
        money = permitted(request, MONEY)
        return Response(
            {"by": by, "currency": choice.currency, "results": [_period(one, money) for one in trend]}
        )


class ComponentSerializer(Heard, serializers.ModelSerializer):
    """What counts, with which weight, and what is expected: of a month (leads, sales), or a level in %."""

    class Meta:
        model = IndexComponent
        fields = ["kind", "weight", "expected"]


class ComponentShownSerializer(ComponentSerializer):
    """A component; what is expected of sales is null for whoever may not read money."""

    expected = serializers.DecimalField(18, 4, allow_null=True)


class VersionSerializer(Heard, serializers.ModelSerializer):
    """A version for the whole house or a market, in force from the month `first` once both heads have signed it."""

    first = MonthField()
    region = serializers.PrimaryKeyRelatedField(
        queryset=Region.objects.all(), required=False, allow_null=True
    )
    segment = serializers.PrimaryKeyRelatedField(
        queryset=Segment.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = IndexVersion
        fields = ["id", "first", "region", "segment", "cap", "lasts", "note", "created_by", "created_at"]
        read_only_fields = ["created_by", "created_at"]


class VersionWishSerializer(VersionSerializer):
    """A version to draft."""

    components = ComponentSerializer(many=True)

    class Meta(VersionSerializer.Meta):
        fields = [*VersionSerializer.Meta.fields, "components"]

    def validate_components(self, found):
        """Each kind once."""
        if len({one["kind"] for one in found}) < len(found):
            raise serializers.ValidationError(_("A component is in it once."))
        return found


class IndexSignatureSerializer(serializers.ModelSerializer):
    """Who signed for a track."""

    class Meta:
        model = IndexSignature
        fields = ["track", "user", "at"]


class VersionShownSerializer(VersionSerializer):
    """With its components and signatures."""

    components = ComponentShownSerializer(many=True)
    signatures = IndexSignatureSerializer(many=True)

    class Meta(VersionSerializer.Meta):
        fields = [*VersionSerializer.Meta.fields, "components", "signatures"]


class VersionFilters(FilterSet):
    class Meta:
        model = IndexVersion
        fields = ["region", "segment"]


class VersionResource(Resource):
    """Versions of the joint index. What is signed never changes; a draft is thrown away and another one made."""

    queryset = IndexVersion.objects.all()
    serializer_class, shown = VersionSerializer, VersionShownSerializer
    filterset_class = VersionFilters
    may = {"create": DRAFT, "destroy": DRAFT, "sign": SIGN}

    def check_permissions(self, request):
        """As everywhere, and only for whoever reads reports."""
        super().check_permissions(request)
        require(request, READ)

    def get_queryset(self):
        """All of them."""
        return self.queryset.none() if getattr(self, "swagger_fake_view", False) else self.queryset.all()

    def finish(self, rows):
        """With components and signatures."""
        keys, money = [row["id"] for row in rows], permitted(self.request, MONEY)
        components = IndexComponent.objects.filter(version__in=keys).order_by("pk")
        signatures = IndexSignature.objects.filter(version__in=keys).order_by("pk")
        for row in rows:
            row["components"], row["signatures"] = [], []
        by_id = {row["id"]: row for row in rows}
        for one in components.values("version", "kind", "weight", "expected"):
            if one["kind"] == IndexKind.SALES and not money:
                one["expected"] = None
            by_id[one.pop("version")]["components"].append(one)
        for one in signatures.values("version", "track", "user", "at"):
            by_id[one.pop("version")]["signatures"].append(one)
        return rows

    @extend_schema(request=VersionWishSerializer, responses={201: VersionShownSerializer})
    @idempotent
    def create(self, request):
        """Draft a version; it waits for both heads."""
        said = checked(VersionWishSerializer(data=request.data))
        form = VersionForm(organisation.today(timezone.now()), _as_typed(said))
        if not form.is_valid():
            raise serializers.ValidationError(_refusals(form))
        made = versions.save(form.save(commit=False), form.components, request.user)
        return self.row(made.pk, status=201)

    def destroy(self, request, pk):
        """Throw a draft away that nobody has signed."""
        self._do(versions.discard, self.get_permitted().pk)
        return Response(status=204)

    @extend_schema(request=None, responses=VersionShownSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def sign(self, request, pk):
        """Sign for the caller's own track; with both signatures it is in force from its month on."""
        self._do(versions.sign, self.get_permitted().pk, by=request.user, at=timezone.now())
        return self.row(pk)

    def _do(self, verb, pk, **how):
        try:
            return verb(pk, **how)
        except signing.NotToSign as refusal:
            raise Conflict(str(refusal)) from None


def _as_typed(said):
    """What was sent, as the page's form asks for it."""
    begun = VersionForm.Meta.model()
    data = {name: getattr(begun, name) for name in ("cap", "lasts", "note")}
    data |= {name: value for name, value in said.items() if name != "components"}
    data |= {name: getattr(data.get(name), "pk", None) for name in ("region", "segment")}
    for one in said["components"]:
        data |= {f"{name}-{one['kind']}": str(one[name]) for name in ("weight", "expected")}
    return data | {"first": f"{said['first']:%Y-%m}"}


def _refusals(form):
    """{field of the API: why} of what the form has against it."""
    wrong = {}
    for name, told in form.errors.items():
        field = "components" if name == "__all__" or "-" in name else name
        wrong.setdefault(field, []).extend(told)
    return wrong


def _period(one, money):
    index = one.index
    return {
        "first": one.period.first,
        "until": one.period.until,
        "version": one.version and one.version.id,
        "model": one.model,
        "gone": number(round(one.gone, 6)),
        "measured": number(round(one.measured, 6)),
        "index": None if index is None else number(round(index, 4)),
        "lines": [_line(line, money) for line in one.lines],
    }


def _line(one, money):
    seen, found = money or one.component.kind != IndexKind.SALES, one.reached
    low, high = (found and found.interval) or (None, None)
    return {
        "kind": one.component.kind,
        "weight": number(one.component.weight),
        "expected": number(round(one.expected, 4)) if seen else None,
        "measured": found is not None,
        "reached": number(round(found.value, 4)) if found and seen else None,
        "points": None if found is None else number(round(one.points, 4)),
        "low": low,
        "high": high,
        "wave": found
        and found.wave
        and dict(zip(("id", "name", "on", "asked"), found.wave, strict=True)),
        "months": found.months if found else 0,
    }  # fmt: skip
