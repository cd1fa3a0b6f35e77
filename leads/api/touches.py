"""Touches in the REST API."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.models import Role
from accounts.resources import Resource
from accounts.unheard import Heard, bodiless, checked
from engine.idempotency import idempotent
from engine.parsers import RowsJSONParser
from engine.refusals import Conflict
from leads import capture, complaints
from leads.api.bulk import BulkAnswerSerializer, bulk
from leads.api.leads import scopes
from leads.api.shapes import LoggedSerializer, TouchLogSerializer, beside_attempt, refuse_unreadable
from leads.api.taps import take_back
from leads.models import Touch, TouchKind
from pipeline import calling, identities
from pipeline.models import Contact
from ui.filters import FilterSet


class TouchSerializer(serializers.ModelSerializer):
    """One dealing of a contact with us."""

    class Meta:
        model = Touch
        fields = [
            "id", "contact", "kind", "at", "channel", "campaign", "track", "outbound", "automatic", "reached", "actor",
            "note", "source", "external_id", "created_at",
        ]  # fmt: skip


class TouchInSerializer(TouchLogSerializer):
    """A touch with the contact's key here, or an identity by which the contact is known."""

    contact = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    email = serializers.CharField(max_length=320, default="", allow_blank=True)
    phone = serializers.CharField(max_length=40, default="", allow_blank=True)
    wechat = serializers.CharField(max_length=100, default="", allow_blank=True)
    source = serializers.CharField(max_length=100, default="", allow_blank=True)
    external_id = serializers.CharField(max_length=200, default="", allow_blank=True)

    def validate(self, values):
        """Find the contact: a touch of nobody, or of somebody whom the caller does not see, is refused.

        A token that only captures is told neither: of whom we do not know the contact stays None.
        """
        values = super().validate(values)
        refuse_unreadable(values)
        people = _known_to(self.context["user"])
        keys = [values.pop("contact"), values.pop("email"), values.pop("phone"), values.pop("wechat")]
        values["contact"] = _contact(people, *keys)
        if self.context["told_nothing"] and any(keys):
            return values
        if values["contact"] is None:
            raise serializers.ValidationError(
                {"contact": _("Nobody is known by this key. Capture a lead first.")}
            )
        if values["external_id"]:
            known = Touch.objects.filter(source=values["source"], external_id=values["external_id"])
            if known.exclude(contact__in=people.values("pk")).exists():
                taken = _("A touch of somebody else has this id. Nothing was changed; give another id.")
                raise serializers.ValidationError({"external_id": taken})
        return values


def _known_to(user):
    """The contacts that a caller may log touches of: those they see; a machine that writes logs for everybody."""
    people = Contact.objects.surviving()
    return people if user.role == Role.SERVICE else people.visible_to(user)


def _contact(people, pk, email, phone, wechat):
    if pk is not None:
        return people.filter(pk=pk).first()
    keys = [identities.email(email), calling.phone(phone), identities.wechat(wechat)]
    for kind, value in filter(None, keys):
        found = people.filter(identities__kind=kind, identities__value=value).first()
        if found:
            return found
    return None


class TakenSerializer(serializers.Serializer):
    """What a token is told that may only capture: nothing of the person."""

    detail = serializers.CharField()


class ClosedSerializer(Heard, serializers.Serializer):
    """What was done about a complaint."""

    done = serializers.CharField(max_length=2000)


class TouchFilters(FilterSet):
    at = django_filters.IsoDateTimeFromToRangeFilter()

    class Meta:
        model = Touch
        fields = ["contact", "campaign", "kind", "channel", "track", "source", "external_id"]


class TouchResource(Resource):
    """Touches: every dealing of a contact with us."""

    queryset = Touch.objects.all()
    serializer_class = TouchSerializer
    filterset_class = TouchFilters
    order = ("-at", "-id")
    capture = frozenset({"create", "bulk"})
    may = {
        "create": "leads.capture_lead",
        "bulk": "leads.capture_lead",
        "close_complaint": "leads.add_touch",
        "reopen_complaint": "leads.add_touch",
        "undo": "leads.take_back",
    }

    @extend_schema(request=TouchInSerializer, responses={201: LoggedSerializer, 202: TakenSerializer})
    @idempotent
    def create(self, request):
        """Log a touch; one of ours is answered with the other track's contact that it comes beside (`collision`). The same source and external id again changes the touch instead of adding one.

        A token that may only capture adds touches and changes none. It gets 202 without an id, whether or not the
        person is known: a touch of nobody is not kept, so capture the lead first.
        """
        context = {"user": request.user, "told_nothing": _is_told_nothing(request)}
        shape = TouchInSerializer(data=request.data, context=context)
        shape.is_valid(raise_exception=True)
        said = shape.validated_data
        tells = said["contact"] and not context["told_nothing"]
        beside = beside_attempt(said["contact"].pk, said, by=request.user) if tells else None
        pk = _log(request)(shape, timezone.now())
        if context["told_nothing"]:
            taken = _("Taken. It is kept where the person is known and the touch is new.")
            return Response({"detail": taken}, status=202)
        return Response({"id": pk, "collision": beside}, status=201)

    @extend_schema(request=ClosedSerializer)
    @action(detail=True, methods=["post"], url_path="close")
    @idempotent
    def close_complaint(self, request, pk):
        """Close a complaint with what was done about it, once."""
        said = checked(ClosedSerializer(data=request.data))
        found = self.get_permitted()
        if found.kind != TouchKind.COMPLAINT:
            raise serializers.ValidationError(_("Only a complaint is closed."))
        if not complaints.close(found, said["done"], by=request.user, at=timezone.now()):
            raise Conflict(_("It is closed already."))
        return self.row(pk)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="reopen")
    @idempotent
    @bodiless
    def reopen_complaint(self, request, pk):
        """Take the caller's own closing of a complaint back, within ten minutes."""
        if not complaints.reopen(self.get_permitted(), by=request.user, at=timezone.now()):
            raise Conflict(_("Only your own closing can be taken back, and for ten minutes."))
        return self.row(pk)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def undo(self, request, pk):
        """Take back what the caller logged by hand within the last ten minutes: its attempt does not count, a step that was planned with it goes, and what it answered is open again.

        Not what has an `external_id`, which is corrected by sending it again, and not what raised a hand: 409.
        """
        take_back(request, touch=self.get_permitted().pk)
        return Response(status=204)

    @extend_schema(request=TouchInSerializer(many=True), responses=BulkAnswerSerializer)
    @action(detail=False, methods=["post"], parser_classes=[RowsJSONParser])
    @idempotent
    def bulk(self, request):
        """Log up to 1,000 touches; the answer has a result for each row, without ids for a token that only captures."""
        write = _log(request)
        return bulk(
            request,
            TouchInSerializer,
            lambda shape, _at: write(shape, None),
            told_nothing=_is_told_nothing(request),
        )


def _is_told_nothing(request):
    """Whether the request's token may add touches, but neither change one nor learn who is known."""
    return "write" not in scopes(request)


def _log(request):
    """How a checked row is written, `tapped` where that may be taken back; answers the touch's key, None to a token that is told nothing."""
    told_nothing = _is_told_nothing(request)

    def write(shape, tapped):
        values = dict(shape.validated_data)
        contact = values.pop("contact")
        if contact is None:
            return None
        tapped = None if told_nothing else tapped
        touch = capture.log_touch(
            contact, by=request.user, corrects=not told_nothing, tapped=tapped, **values
        )
        return None if told_nothing else touch.pk

    return write
