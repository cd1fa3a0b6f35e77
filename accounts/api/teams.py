"""Teams in the REST API: who belongs to them, on any day, and moves from a day on; the same functions as the page."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import dated, memberships
from accounts.formed import Formed
from accounts.forms.people import TeamForm
from accounts.models import DatedFact, Role, Team, User
from accounts.resources import Writable
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from engine.moments import in_reach
from engine.refusals import Conflict
from ui.filters import FilterSet


class TeamSerializer(Formed, serializers.ModelSerializer):
    """A team of one track. Its head is somebody who may sign in, and no machine."""

    class Meta:
        model, form = Team, TeamForm
        fields = ["id", "name", "track", "region", "head", "calendar"]


class StretchSerializer(serializers.Serializer):
    """Somebody's time in the team: [since, until), null where no end is known. `id` takes a planned one back."""

    id = serializers.IntegerField(source="pk")
    user = serializers.IntegerField(source="user.pk")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)


class MoveSerializer(Heard, serializers.Serializer):
    """From `since` on (ahead, now or behind) the person belongs to the team; null: to none."""

    user = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True).exclude(role=Role.SERVICE)
    )
    team = serializers.PrimaryKeyRelatedField(queryset=Team.objects.all(), allow_null=True)
    since = serializers.DateTimeField(validators=[in_reach])


class MembershipSerializer(serializers.ModelSerializer):
    """What was noted."""

    user = serializers.IntegerField(source="subject")
    team = serializers.IntegerField(source="value", allow_null=True)

    class Meta:
        model = DatedFact
        fields = ["id", "user", "team", "since"]


class OnSerializer(serializers.Serializer):
    """The moment asked for; now without it."""

    on = serializers.DateTimeField(default=None, validators=[in_reach])


class TeamFilters(FilterSet):
    class Meta:
        model = Team
        fields = ["track", "region", "head"]


class TeamResource(Writable):
    """Teams: made and changed by the heads. Who belongs to them changes by `move`."""

    queryset = Team.objects.all()
    serializer_class = TeamSerializer
    filterset_class = TeamFilters
    order = ("name", "id")
    may = {
        "list": "accounts.view_team",
        **dict.fromkeys(("create", "partial_update", "move", "call_off"), "accounts.change_team"),
    }

    def get_queryset(self):
        """Every team, for whoever may see teams."""
        seen = self.request is not None and self.request.user.has_perm("accounts.view_team")
        return self.queryset.all() if seen else self.queryset.none()

    @extend_schema(
        parameters=[OnSerializer], responses=serializers.ListSerializer(child=serializers.IntegerField())
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def members(self, request, pk):
        """The ids of the people who belonged to it at a moment, by name."""
        asked = checked(OnSerializer(data=request.query_params))
        at = asked["on"] or timezone.now()
        return Response(list(memberships.members(self.get_permitted(), at).values_list("pk", flat=True)))

    @extend_schema(responses=StretchSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def stretches(self, request, pk):
        """Everybody who was, is or will be in it, with the time, the newest first."""
        return Response(StretchSerializer(memberships.stretches(self.get_permitted()), many=True).data)

    @extend_schema(request=MoveSerializer, responses={201: MembershipSerializer})
    @action(detail=False, methods=["post"])
    @idempotent
    def move(self, request):
        """Somebody belongs to another team from a moment on."""
        said = checked(MoveSerializer(data=request.data))
        who, team = said["user"], said["team"]
        try:
            moved = dated.note(
                memberships.TEAM, who.pk, team and team.pk, said["since"], timezone.now(), by=request.user
            )
        except dated.NotPlanned as refusal:
            raise Conflict(str(refusal)) from None
        return Response(MembershipSerializer(moved).data, status=201)

    @extend_schema(
        request=None,
        responses={204: None},
        parameters=[OpenApiParameter("membership", int, "path")],
        filters=False,
    )
    @action(detail=False, methods=["post"], url_path=r"move/(?P<membership>[0-9]{1,18})/call-off")
    @idempotent
    @bodiless
    def call_off(self, request, membership):
        """Take a planned move back; 409 for one that has begun, or that belongs to a reorganisation."""
        try:
            dated.forget(DatedFact.objects.of(memberships.TEAM).filter(pk=membership), timezone.now())
        except dated.NotPlanned as error:
            raise Conflict(str(error)) from None
        return Response(status=204)
