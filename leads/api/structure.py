"""The structure with its dates in the REST API: facts, what they were when, and changes ahead or late."""

import django_filters
from django.core.exceptions import ValidationError as Wrong
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response

from accounts import dated
from accounts.models import DatedFact
from accounts.resources import Resource
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from engine.moments import in_reach
from engine.refusals import Conflict
from leads import structure
from ui.filters import FilterSet, refuse_strange

VIEW = "accounts.view_team"


class FactSerializer(serializers.ModelSerializer):
    """From `since` until the next one of the same `what` and `subject` this was, is or will be so.

    `value` is an id, a list of ids, a word or a number, null for none. `subject` is the id of a person, a team, a rule of
    routing or a company, as `what` asks. `pending`: not in force yet.
    """

    class Meta:
        model = DatedFact
        fields = ["id", "what", "subject", "value", "since", "pending", "by", "noted_at", "reorganisation"]


class ChangeSerializer(Heard, serializers.Serializer):
    """To what a fact changes. `value` is judged as on the page."""

    what = serializers.CharField(max_length=20)
    subject = serializers.IntegerField(min_value=1)
    value = serializers.JSONField(allow_null=True)

    def validate(self, values):
        """As it is kept, with the subject itself beside it. Raises ValidationError."""
        fact = dated.facts().get(values["what"])
        if fact is None:
            names = ", ".join(dated.facts())
            raise serializers.ValidationError({"what": _("Give one of: %(names)s") % {"names": names}})
        subject = fact.subjects().filter(pk=values["subject"]).first()
        if subject is None:
            raise serializers.ValidationError({"subject": _("There is nobody and nothing of that id.")})
        try:
            return {**values, "value": fact.clean(values["value"]), "of": subject}
        except (Wrong, TypeError) as error:
            raise serializers.ValidationError(
                {"value": getattr(error, "messages", [_("This does not fit.")])}
            ) from None


class DatedChangeSerializer(ChangeSerializer):
    """The same from a moment on, ahead, now or behind."""

    since = serializers.DateTimeField(validators=[in_reach])


class StructureOnSerializer(serializers.Serializer):
    """Which fact is asked for, at which moment; now without it."""

    what = serializers.CharField()
    on = serializers.DateTimeField(default=None, validators=[in_reach])


class SoThenSerializer(serializers.Serializer):
    """What was so of a subject."""

    subject = serializers.IntegerField()
    value = serializers.JSONField(allow_null=True)


class ForeseenLineSerializer(serializers.Serializer):
    """One change in words."""

    what = serializers.CharField()
    subject = serializers.IntegerField()
    whom = serializers.CharField()
    was = serializers.CharField()
    will = serializers.CharField()


class ForeseenStaysSerializer(serializers.Serializer):
    """What stays with somebody concerned."""

    user = serializers.IntegerField()
    name = serializers.CharField()
    leads = serializers.IntegerField()
    offers = serializers.IntegerField()
    deals = serializers.IntegerField()
    accounts = serializers.IntegerField()


class ForeseenShareSerializer(serializers.Serializer):
    """How many of the same leads a rep would get without the changes and with them."""

    user = serializers.IntegerField()
    name = serializers.CharField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()


class ForeseenSerializer(serializers.Serializer):
    """What changes would bring. `due`: the `leads` tried are due or wait in line; else they are the newest."""

    lines = ForeseenLineSerializer(many=True)
    stays = ForeseenStaysSerializer(many=True)
    shares = ForeseenShareSerializer(many=True)
    leads = serializers.IntegerField()
    due = serializers.BooleanField()


class FactFilters(FilterSet):
    planned = django_filters.BooleanFilter(method="of_planned")

    class Meta:
        model = DatedFact
        fields = ["what", "subject", "reorganisation"]

    def of_planned(self, rows, name, value):
        """Those that are still ahead, or the others."""
        ahead = {"since__gt": Now()}
        return rows.filter(**ahead) if value else rows.exclude(**ahead)


class OfStructure(Resource):
    """Everybody who sees teams reads it."""

    def get_queryset(self):
        """All of it, for whoever may see teams."""
        seen = self.request is not None and self.request.user.has_perm(VIEW)
        return self.queryset.all() if seen else self.queryset.none()


class StructureResource(OfStructure):
    """Facts of the structure with their dates, written by what each of them asks."""

    queryset = DatedFact.objects.all()
    serializer_class = FactSerializer
    filterset_class = FactFilters
    order = ("-since", "-id")
    may = {}

    @extend_schema(request=DatedChangeSerializer, responses={201: FactSerializer})
    @idempotent
    def create(self, request):
        """Something is so from a moment on."""
        said = self._said(request)
        try:
            made = dated.note(
                said["what"], said["subject"], said["value"], said["since"], timezone.now(), by=request.user
            )
        except dated.NotPlanned as refusal:
            raise Conflict(str(refusal)) from None
        return self.row(made.pk, status=201)

    @extend_schema(request=DatedChangeSerializer, responses=ForeseenSerializer)
    @action(detail=False, methods=["post"])
    @idempotent
    def preview(self, request):
        """What a change would bring. Nothing is kept."""
        said = self._said(request)
        change = {name: said[name] for name in ("what", "subject", "value")}
        return Response(ForeseenSerializer(structure.foresee([change], said["since"], timezone.now())).data)

    @extend_schema(parameters=[StructureOnSerializer], responses=SoThenSerializer(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None, filter_backends=[])
    def on(self, request):
        """What one fact was of everybody at a moment: who headed which team then."""
        refuse_strange(request.query_params, {"what", "on"})
        asked = checked(StructureOnSerializer(data=request.query_params))
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        if asked["what"] not in dated.facts():
            raise ValidationError({"what": _("There is no such fact.")})
        held = dated.values(asked["what"], asked["on"] or timezone.now())
        rows = [{"subject": subject, "value": value} for subject, value in sorted(held.items())]
        return Response(SoThenSerializer(rows, many=True).data)

    @extend_schema(request=None, responses={204: None}, filters=False)
    @action(detail=True, methods=["post"], url_path="call-off")
    @idempotent
    @bodiless
    def call_off(self, request, pk):
        """Take a planned change back; 409 for one that has begun, or that belongs to a reorganisation."""
        row = self.get_permitted()
        subject = dated.facts()[row.what].subjects().filter(pk=row.subject).first()
        if subject is not None:
            structure.permit(request.user, row.what, subject)
        try:
            dated.forget(DatedFact.objects.filter(pk=row.pk), timezone.now())
        except dated.NotPlanned as error:
            raise Conflict(str(error)) from None
        return Response(status=204)

    def _said(self, request):
        said = checked(DatedChangeSerializer(data=request.data))
        structure.permit(request.user, said["what"], said["of"])
        return said
