"""Sales' word before launch in the REST API."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts.resources import Resource
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from leads import consulting
from pipeline.models import Advice, Campaign, Consultation
from ui.filters import FilterSet


class ConsultationSerializer(serializers.ModelSerializer):
    """A round of asking."""

    campaign_name = serializers.CharField(source="campaign.name", read_only=True)

    class Meta:
        model = Consultation
        fields = ["id", "campaign", "campaign_name", "audience", "offer", "asked_by", "asked_at", "closed_by", "closed_at"]  # fmt: skip


class AdviceSerializer(serializers.ModelSerializer):
    """What one rep says; `state`: waiting, silent (counts as agreement), agrees, advises, adopted or declined."""

    state = serializers.CharField()

    class Meta:
        model = Advice
        fields = ["id", "rep", "due_at", "state", "text", "answered_at", "reply", "replied_by", "replied_at"]


class RoundSerializer(ConsultationSerializer):
    """A round with what each rep says."""

    advice = AdviceSerializer(many=True)

    class Meta(ConsultationSerializer.Meta):
        fields = [*ConsultationSerializer.Meta.fields, "advice"]


class AskSerializer(Heard, serializers.Serializer):
    """Whom to ask, and what of."""

    campaign = serializers.PrimaryKeyRelatedField(queryset=Campaign.objects.all())
    audience = serializers.CharField(max_length=2000)
    offer = serializers.CharField(max_length=2000)
    reps = serializers.PrimaryKeyRelatedField(queryset=consulting.possible_reps(), many=True)


class WordSerializer(Heard, serializers.Serializer):
    """The caller's own word."""

    agrees = serializers.BooleanField()
    text = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class ReplySerializer(Heard, serializers.Serializer):
    """What marketing makes of one rep's advice."""

    rep = serializers.IntegerField(min_value=1)
    adopted = serializers.BooleanField()
    sentence = serializers.CharField(max_length=500)


class ConsultationFilters(FilterSet):
    class Meta:
        model = Consultation
        fields = ["campaign", "asked_by"]


class ConsultationResource(Resource):
    """Sales' word before launch: marketing asks, named reps answer, advice is answered, the round is closed."""

    queryset = Consultation.objects.all()
    serializer_class = ConsultationSerializer
    filterset_class = ConsultationFilters

    @extend_schema(request=AskSerializer, responses={201: RoundSerializer})
    @idempotent
    def create(self, request):
        """Ask reps for their word; each has three working days."""
        wish = checked(AskSerializer(data=request.data))
        self._require("leads.ask_word", wish["campaign"])
        made = self._do(
            consulting.ask, wish["campaign"], wish["reps"], audience=wish["audience"], offer=wish["offer"], by=request.user
        )  # fmt: skip
        return Response(self._told(made.pk), status=201)

    @extend_schema(responses=RoundSerializer)
    def retrieve(self, request, pk):
        """A round with what each rep says."""
        return Response(self._told(self.get_permitted().pk))

    @extend_schema(request=WordSerializer, responses=RoundSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def word(self, request, pk):
        """The caller's own word, as one of the reps asked."""
        found = self.get_permitted()
        mine = found.advice.filter(rep=request.user).first()
        if mine is None:
            raise PermissionDenied
        wish = checked(WordSerializer(data=request.data))
        self._do(consulting.answer, mine, agrees=wish["agrees"], text=wish["text"])
        return Response(self._told(found.pk))

    @extend_schema(request=ReplySerializer, responses=RoundSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def reply(self, request, pk):
        """Adopt or decline a rep's advice, with a sentence."""
        found = self.get_permitted()
        self._require("leads.ask_word", found.campaign)
        wish = checked(ReplySerializer(data=request.data))
        said = found.advice.filter(rep=wish["rep"]).first()
        if said is None:
            raise Http404
        self._do(consulting.reply, said, adopted=wish["adopted"], sentence=wish["sentence"], by=request.user)
        return Response(self._told(found.pk))

    @extend_schema(request=None, responses=RoundSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def close(self, request, pk):
        """Close the round: nobody's clock runs, all advice is answered."""
        found = self.get_permitted()
        self._require("leads.ask_word", found.campaign)
        self._do(consulting.close, found, by=request.user)
        return Response(self._told(found.pk))

    def _require(self, permission, thing):
        if not self.request.user.has_perm(permission, thing):
            raise PermissionDenied

    def _do(self, verb, *args, **named):
        try:
            return verb(*args, **named, at=timezone.now())
        except consulting.Refused as refused:
            raise serializers.ValidationError({"detail": str(refused)}) from None

    def _told(self, pk):
        row = self.rows(self.get_queryset()).get(pk=pk)
        at = row["closed_at"] or timezone.now()
        said = Advice.objects.filter(consultation=pk).order_by("id")
        names = [one for one in AdviceSerializer.Meta.fields if one != "state"]
        advice = [
            {**{name: getattr(one, _column(name)) for name in names}, "state": one.state(at)} for one in said
        ]
        return {**row, "advice": advice}


def _column(name):
    return f"{name}_id" if name in ("rep", "replied_by") else name
