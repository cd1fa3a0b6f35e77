"""Counsel between the tracks in the REST API: ask, offer, give, answer; the same verbs as the pages."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied

from accounts.models import User
from accounts.resources import Resource
from accounts.unheard import Heard, checked
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import counsel
from leads.consulting import Refused
from leads.models import Counsel, Lead
from pipeline.models import Company, Deal
from ui.filters import FilterSet

ABOUT = ("lead", "deal", "company")


class CounselSerializer(serializers.ModelSerializer):
    """Advice of a track that is not responsible: asked for (`question`, `due_at`) or offered; `adopted` once answered."""

    class Meta:
        model = Counsel
        fields = [
            "id", "lead", "deal", "company", "track", "asked_by", "asked_at", "question", "due_at", "adviser", "text", "given_at",
            "adopted", "reply", "replied_by", "replied_at",
        ]  # fmt: skip


class CounselInSerializer(Heard, serializers.Serializer):
    """One lead, deal or company, and either a `question` to an `adviser`, or the `text` of advice that nobody asked for."""

    lead = serializers.PrimaryKeyRelatedField(queryset=Lead.objects.all(), required=False)
    deal = serializers.PrimaryKeyRelatedField(queryset=Deal.objects.all(), required=False)
    company = serializers.PrimaryKeyRelatedField(queryset=Company.objects.surviving(), required=False)
    adviser = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True), required=False)
    question = serializers.CharField(max_length=2000, required=False)
    text = serializers.CharField(max_length=2000, required=False)

    def validate(self, given):
        """About one thing; a question names whom it is for."""
        if sum(name in given for name in ABOUT) != 1:
            raise serializers.ValidationError("Name one lead, one deal or one company.")
        if ("question" in given) == ("text" in given) or ("question" in given) != ("adviser" in given):
            raise serializers.ValidationError("Give a question and an adviser, or the text of your advice.")
        return given


class GiveSerializer(Heard, serializers.Serializer):
    """The advice that was asked for."""

    text = serializers.CharField(max_length=2000)


class CounselReplySerializer(Heard, serializers.Serializer):
    """What became of it."""

    adopted = serializers.BooleanField()
    sentence = serializers.CharField(max_length=500)


class CounselFilters(FilterSet):
    given = django_filters.BooleanFilter(field_name="given_at", lookup_expr="isnull", exclude=True)
    answered = django_filters.BooleanFilter(field_name="replied_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Counsel
        fields = ["lead", "deal", "company", "track", "adviser", "asked_by", "adopted"]


class CounselResource(Resource):
    """Advice between marketing and sales on a lead, a deal or a company."""

    queryset = Counsel.objects.all()
    serializer_class = CounselSerializer
    filterset_class = CounselFilters

    @extend_schema(request=CounselInSerializer, responses={201: CounselSerializer})
    @idempotent
    def create(self, request):
        """Ask the other side (`question`, `adviser`), or advise unasked (`text`)."""
        wish = checked(CounselInSerializer(data=request.data))
        thing = next(wish[name] for name in ABOUT if name in wish)
        if not type(thing).objects.visible_to(request.user).filter(pk=thing.pk).exists():
            raise PermissionDenied
        asks = "question" in wish
        if not request.user.has_perm("leads.ask_counsel" if asks else "leads.give_counsel", thing):
            raise PermissionDenied
        if asks:
            made = self._do(counsel.ask, thing, wish["question"], of=wish["adviser"])
        else:
            made = self._do(counsel.offer, thing, wish["text"])
        return self.row(made.pk, status=201)

    @extend_schema(request=GiveSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def give(self, request, pk):
        """Give the advice that was asked for."""
        found = self._permitted("leads.answer_counsel")
        self._do(counsel.give, found, checked(GiveSerializer(data=request.data))["text"])
        return self.row(pk)

    @extend_schema(request=CounselReplySerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def reply(self, request, pk):
        """Adopt or decline it, with a sentence."""
        found = self._permitted("leads.reply_counsel")
        self._do(counsel.reply, found, **checked(CounselReplySerializer(data=request.data)))
        return self.row(pk)

    def _permitted(self, permission):
        found = self.get_permitted()
        if not self.request.user.has_perm(permission, found):
            raise PermissionDenied
        return found

    def _do(self, verb, *args, **named):
        try:
            return verb(*args, **named, by=self.request.user, at=timezone.now())
        except Refused as refused:
            raise Conflict(str(refused)) from None
