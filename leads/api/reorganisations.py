"""Reorganisations in the REST API: several changes of one moment, put together, foreseen, planned and taken back as one."""

from collections import Counter

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.models import Reorganisation
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from engine.moments import in_reach
from engine.refusals import Conflict
from leads import structure
from leads.api.structure import ChangeSerializer, ForeseenSerializer, OfStructure
from ui.filters import FilterSet

CHANGE = "accounts.change_team"


class ReorganisationSerializer(serializers.ModelSerializer):
    """Several changes of one day as one act: put together, planned (`planned_at`), called off before its day."""

    class Meta:
        model = Reorganisation
        fields = [
            "id",
            "name",
            "since",
            "reason",
            "changes",
            "by",
            "created_at",
            "planned_at",
            "called_off_at",
        ]


class NewReorganisationSerializer(Heard, serializers.Serializer):
    """What is put together: a moment ahead, a reason, and the changes."""

    name = serializers.CharField(max_length=120)
    since = serializers.DateTimeField(validators=[in_reach])
    reason = serializers.CharField(max_length=500)
    changes = ChangeSerializer(many=True, allow_empty=False)

    def validate_since(self, since):
        """Only what is ahead can be taken back as one."""
        if since <= timezone.now():
            raise serializers.ValidationError(_("Give a day that is still ahead."))
        return since

    def validate_changes(self, changes):
        """Each fact of each subject once: it cannot become two things on one day."""
        said = Counter((one["what"], one["subject"]) for one in changes)
        names = ", ".join(f"{what} {subject}" for (what, subject), times in said.items() if times > 1)
        if names:
            raise serializers.ValidationError(_("Say each change once: %(names)s.") % {"names": names})
        return changes


class ReorganisationFilters(FilterSet):
    class Meta:
        model = Reorganisation
        fields = ["by"]


class ReorganisationResource(OfStructure):
    """Reorganisations."""

    queryset = Reorganisation.objects.all()
    serializer_class = ReorganisationSerializer
    filterset_class = ReorganisationFilters
    order = ("-since", "-id")
    may = dict.fromkeys(("create", "plan", "call_off"), CHANGE)

    @extend_schema(request=NewReorganisationSerializer, responses={201: ReorganisationSerializer})
    @idempotent
    def create(self, request):
        """Put one together. Nothing comes of it before it is planned."""
        said = checked(NewReorganisationSerializer(data=request.data))
        for one in said["changes"]:
            structure.permit(request.user, one["what"], one.pop("of"))
        return self.row(Reorganisation.objects.create(**said, by=request.user).pk, status=201)

    @extend_schema(responses=ForeseenSerializer, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def preview(self, request, pk):
        """What it would change. Nothing is kept."""
        found = self.get_permitted()
        return Response(
            ForeseenSerializer(structure.foresee(found.changes, found.since, timezone.now())).data
        )

    @extend_schema(request=None, responses=ReorganisationSerializer, filters=False)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def plan(self, request, pk):
        """Its changes come into force at its moment; 409 where it is planned or over, or something else stands for then."""
        return self._done(lambda found: structure.plan(found, request.user, timezone.now()))

    @extend_schema(request=None, responses=ReorganisationSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="call-off")
    @idempotent
    @bodiless
    def call_off(self, request, pk):
        """Nothing of it comes into force; 409 once its moment has come."""
        return self._done(lambda found: structure.call_off(found, timezone.now()))

    def _done(self, act):
        found = self.get_permitted()
        try:
            act(found)
        except structure.Refused as error:
            raise Conflict(str(error)) from None
        return self.row(found.pk)
