"""The joint pack of a month and the heads' words on it in the REST API."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import require
from accounts.tokens import HasScope
from accounts.unheard import Heard, checked
from reports import monthly
from reports.api.kept import written
from reports.api.months import told
from reports.api.reports import number, only
from reports.months import closing, comments
from reports.months.pack import pack as pack_of
from reports.views.months import month_of


class CommentSerializer(Heard, serializers.Serializer):
    """What the head of a track says of a month."""

    text = serializers.CharField(max_length=4000)


class SaidSerializer(CommentSerializer):
    """A head's latest word."""

    by = serializers.CharField()
    at = serializers.DateTimeField()


class ChiefSaidSerializer(SaidSerializer):
    """A chief's latest word: satisfied from 1 to 5, and why."""

    satisfied = serializers.IntegerField()


class PackSerializer(serializers.Serializer):
    """The joint pack of the whole house: as frozen, or as it stands while the month is open. Amounts and ratios are exact, as text."""

    month = serializers.CharField()
    frozen = serializers.BooleanField()
    model = serializers.CharField()
    currency = serializers.CharField()
    figures = serializers.DictField(help_text="by the month's own dates")
    late = serializers.DictField(
        help_text="{figure: what came late from closed months}: the official figure is both together"
    )
    pack = serializers.DictField(
        help_text="funnel, kinds, last_year, campaigns, biggest, returned, budget, targets, agreement; segments and quotas once it is closed"
    )
    restated = serializers.DictField(
        help_text="{month: {figure: change}} of closed months that changed since"
    )
    comments = serializers.DictField(child=SaidSerializer(allow_null=True), help_text="by track")
    chiefs = serializers.DictField(
        child=ChiefSaidSerializer(allow_null=True), help_text="how satisfied each chief is, by chief"
    )


class Pack(APIView):
    """The joint pack of a month."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(responses=PackSerializer, operation_id="reports_month_pack")
    def get(self, request, key):
        """Everything that the printed page says. It is of the whole house and takes no filter."""
        require(request, "reports.view_money")
        only(request)
        return Response(pack_told(month_of(key)))


class Comment(APIView):
    """A head's word on a month."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(request=CommentSerializer, responses=PackSerializer, operation_id="reports_comment_month")
    def put(self, request, key):
        """Say something on the month as the head of a track; an earlier word is kept beneath."""
        require(request, "reports.comment_month")
        wish = checked(CommentSerializer(data=request.data))
        try:
            comments.say(month_of(key), wish["text"], request.user, timezone.now())
        except closing.Refused as refused:
            raise serializers.ValidationError({"month": [str(refused)]}) from None
        return Response(pack_told(month_of(key)))


def pack_told(day):
    """A Pack."""
    found = pack_of(day, timezone.now())
    return {
        "month": monthly.key(day),
        "frozen": found.frozen,
        "model": found.model,
        "currency": found.currency,
        "figures": written(found.figures),
        "late": {name: number(value) for name, value in monthly.late(found.month).items()},
        "pack": written(found.more),
        "restated": {
            monthly.key(one.month): {name: sides["restated"] for name, sides in told(one)["figures"].items()}
            for one in found.restated
        },
        "comments": {
            track: said and {"text": said.text, "by": said.by.full_name, "at": said.at}
            for track, said in found.comments.items()
        },
        "chiefs": {
            chief.value: said
            and {"satisfied": said.satisfied, "text": said.text, "by": said.by.full_name, "at": said.at}
            for chief, said in found.chiefs.items()
        },
    }
