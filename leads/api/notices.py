"""What one is told, by which ways, and the robots that tell teams, in the REST API."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.resources import Resource, Writable
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import notices, robots
from leads.models import Notice, NoticeKind, Robot
from leads.models.notices import Vendor
from leads.notices import texts
from ui.filters import FilterSet


class NoticeSerializer(serializers.ModelSerializer):
    """Something that the caller was told; `text` is its sentence in the caller's language."""

    text = serializers.CharField(read_only=True)

    class Meta:
        model = Notice
        fields = ["id", "kind", "text", "path", "facts", "at", "read_at"]


class WaySerializer(Heard, serializers.Serializer):
    """By which ways one kind of notice is told besides the page."""

    kind = serializers.ChoiceField(NoticeKind.choices)
    mail = serializers.BooleanField()
    robot = serializers.BooleanField()


class NoticeFilters(FilterSet):
    class Meta:
        model = Notice
        fields = ["kind"]


class NoticeResource(Resource):
    """Notices: the caller's own, whoever it is."""

    queryset = Notice.objects.all()
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilters

    def get_queryset(self):
        """Everybody has their own."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return self.queryset.filter(user=self.request.user)

    def rows(self, queryset, serializer_class=None):
        """Without the sentence, which is made when it is read."""
        return queryset.values("id", "kind", "path", "facts", "at", "read_at")

    def finish(self, rows):
        """Each with its sentence."""
        for row in rows:
            row["text"] = texts.text(row["kind"], row["facts"])
        return rows

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def read(self, request, pk):
        """It has been read."""
        found = self.get_permitted()
        Notice.objects.filter(pk=found.pk, read_at=None).update(read_at=timezone.now())
        return self.row(pk)

    @extend_schema(operation_id="notices_read_all", request=None, responses={204: None})
    @action(detail=False, methods=["post"], url_path="read")
    @idempotent
    @bodiless
    def read_all(self, request):
        """Everything up to now has been read."""
        self.get_queryset().filter(read_at=None).update(read_at=timezone.now())
        return Response(status=204)

    @extend_schema(responses=WaySerializer(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def choices(self, request):
        """By which ways the caller is told, kind by kind."""
        return Response([{"kind": kind, **ways} for kind, ways in notices.chosen(request.user).items()])

    @extend_schema(request=WaySerializer(many=True), responses=WaySerializer(many=True))
    @choices.mapping.put
    def choose(self, request):
        """Choose the ways of the kinds given; the others stay."""
        said = checked(WaySerializer(data=request.data, many=True))
        ways = {one["kind"]: {"mail": one["mail"], "robot": one["robot"]} for one in said}
        notices.choose(request.user, ways)
        return self.choices(request)


class RobotSerializer(serializers.ModelSerializer):
    """A chat robot. Its secret is written and never shown; empty keeps the one that is stored."""

    kinds = serializers.ListField(child=serializers.ChoiceField(NoticeKind.choices), required=False)
    secret = serializers.CharField(write_only=True, required=False, allow_blank=True, max_length=200)

    class Meta:
        model = Robot
        fields = [
            "id",
            "name",
            "vendor",
            "address",
            "secret",
            "chat",
            "team",
            "kinds",
            "active",
            "created_at",
        ]

    def validate_address(self, address):
        """An address that the outbox would refuse is refused here."""
        if why_not := robots.why_not(address):
            raise serializers.ValidationError(why_not)
        return address

    def validate(self, values):
        """A Telegram bot writes into a named chat."""
        now = {**(vars(self.instance) if self.instance else {}), **values}
        if now.get("vendor") == Vendor.TELEGRAM and not now.get("chat"):
            raise serializers.ValidationError({"chat": _("Telegram needs the id of the chat.")})
        if not values.get("secret"):
            values.pop("secret", None)
        return values


class RobotFilters(FilterSet):
    class Meta:
        model = Robot
        fields = ["team", "active"]


class RobotResource(Writable):
    """Robots, for administrators."""

    queryset = Robot.objects.all()
    serializer_class = RobotSerializer
    filterset_class = RobotFilters
    may = dict.fromkeys(("list", "create", "partial_update", "destroy", "test"), "leads.manage_robots")

    def get_queryset(self):
        """Nobody else sees any."""
        allowed = self.request and self.request.user.has_perm("leads.manage_robots")
        return self.queryset if allowed else self.queryset.none()

    def destroy(self, request, pk):
        """Forget a robot; what is still owed to it is not sent."""
        self.get_permitted().delete()
        return Response(status=204)

    @extend_schema(request=None, responses={202: None})
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def test(self, request, pk):
        """Owe the robot a message, to see whether it arrives."""
        robot = self.get_permitted()
        if not robot.active:
            raise Conflict(_("This robot is not in use."))
        robots.try_out(robot, timezone.now())
        return Response(status=202)
