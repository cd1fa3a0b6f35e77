"""The message house in the REST API: the same functions as the page."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import organisation
from accounts.resources import Resource
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from engine.refusals import Conflict
from pipeline import voice
from pipeline.models import Statement, StatementKind
from ui.filters import FilterSet

MOST = 20_000  # characters of a text to check


class StatementSerializer(Heard, serializers.ModelSerializer):
    """What we say to whom. `signed`: how many of the two heads have; approved with both, until retired or past `until`."""

    signed = serializers.IntegerField(read_only=True)
    replaces = serializers.PrimaryKeyRelatedField(
        queryset=Statement.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = Statement
        fields = [
            "id", "kind", "text", "proof", "pillar", "product", "audience", "until", "replaces", "by", "created_at", "signed",
            "retired_at", "retired_by",
        ]  # fmt: skip
        read_only_fields = ["by", "retired_at", "retired_by"]
        extra_kwargs = {"kind": {"required": True}}

    def validate(self, values):
        """As the form and the database have it."""
        if values.get("kind") in (StatementKind.CLAIM, StatementKind.AVOID) and not values.get("proof"):
            raise serializers.ValidationError(
                {"proof": _("A claim needs its proof, and what we do not say needs what to say instead.")}
            )
        if values.get("pillar") and values.get("kind") != StatementKind.CLAIM:
            raise serializers.ValidationError({"pillar": _("Only claims stand on a pillar.")})
        return values


class TextSerializer(Heard, serializers.Serializer):
    """A text to check."""

    text = serializers.CharField(max_length=MOST)


class FindingSerializer(serializers.Serializer):
    """A statement whose words stand in the text; `wrong` where they should not, and what to say instead."""

    statement = serializers.IntegerField(source="statement.pk")
    words = serializers.CharField(source="statement.text")
    wrong = serializers.BooleanField()
    instead = serializers.CharField()


class StatementFilters(FilterSet):
    class Meta:
        model = Statement
        fields = ["kind", "product", "audience", "pillar"]


class StatementResource(Resource):
    """Statements of the message house."""

    queryset = Statement.objects.with_signatures()
    serializer_class = StatementSerializer
    filterset_class = StatementFilters
    may = {
        "create": "pipeline.add_statement",
        "sign": "pipeline.sign_statement",
        "retire": "pipeline.sign_statement",
        "check": "pipeline.view_statement",
    }

    @idempotent
    def create(self, request):
        """Propose one; it waits for both heads. With `replaces` it takes that one's place when they have signed."""
        said = checked(self.get_serializer(data=request.data))
        replaces = said.pop("replaces", None)
        made = self._do(voice.propose, Statement(**said), by=request.user, replaces=replaces)
        return self.row(made.pk, status=201)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def sign(self, request, pk):
        """Sign for the own track; both signatures make it what we say."""
        self._do(voice.sign, self.get_permitted(), by=request.user, at=timezone.now())
        return self.row(pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def retire(self, request, pk):
        """It is said no more."""
        self._do(voice.retire, self.get_permitted(), by=request.user, at=timezone.now())
        return self.row(pk)

    @extend_schema(request=TextSerializer, responses=FindingSerializer(many=True))
    @action(detail=False, methods=["post"], url_path="check", pagination_class=None, filter_backends=[])
    @idempotent
    def check(self, request):
        """Whether a text keeps to what both heads have signed. Changes nothing."""
        said = checked(TextSerializer(data=request.data))
        found = voice.check(said["text"], organisation.today(timezone.now()))
        return Response(FindingSerializer(found, many=True).data)

    def _do(self, verb, statement, **how):
        try:
            return verb(statement, **how)
        except voice.NotNow as refusal:
            raise Conflict(str(refusal)) from None
