"""Both sides' standing under the agreement in the REST API: the same functions as the page."""

from dataclasses import asdict

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.tokens import HasScope
from accounts.unheard import checked
from leads import owing, standing, terms


class AskedSerializer(serializers.Serializer):
    """Any day of a month gone by or of this one; without it, this month so far."""

    month = serializers.DateField(default=None)


class OwedSerializer(serializers.Serializer):
    """Accepted SQLs of grade B or better of a segment (empty: all): owed by now, accepted, and offered.

    `key` is the number of the segment, `none` for leads of no segment, empty for all.
    """

    segment = serializers.CharField(allow_blank=True)
    segment_id = serializers.IntegerField(allow_null=True)
    key = serializers.CharField(allow_blank=True)
    owed = serializers.FloatField()
    accepted = serializers.IntegerField()
    offered = serializers.IntegerField()


class KeptSerializer(serializers.Serializer):
    """A promise of sales or of the desk: how many fell due, how many were kept."""

    name = serializers.CharField()
    due = serializers.IntegerField()
    kept = serializers.IntegerField()


class SpellSerializer(serializers.Serializer):
    """A version and the part of the month in which it was in force; what is owed follows it."""

    version = serializers.IntegerField(source="version.number")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()


class StandingSerializer(serializers.Serializer):
    """What marketing owes and delivered, what sales promised and kept.

    `version` was in force last; what is owed counts each of `versions` for as long as it was.
    """

    version = serializers.IntegerField()
    versions = SpellSerializer(many=True)
    marketing = OwedSerializer(many=True)
    sales = KeptSerializer(many=True)
    desk = KeptSerializer(help_text="answers that marketing's desk owed")


class Standing(APIView):
    """Both sides' standing of a month."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(parameters=[AskedSerializer], responses=StandingSerializer)
    def get(self, request):
        """This month so far, or a month gone by."""
        if not request.user.has_perm("leads.view_agreement"):
            raise PermissionDenied
        asked = checked(AskedSerializer(data=request.query_params))
        at, month = timezone.now(), asked["month"]
        start, end, passed = standing.month_of(at, month)
        held = terms.in_force() if passed < 1 else terms.in_force_at(end)
        owed = [asdict(row) for row in standing.owed(at, month)]
        kept = [asdict(row) for row in standing.kept(start, end, at)]
        spells = owing.spells(owing.versions(), start, min(end, at))
        return Response(
            {
                "version": held.version,
                "versions": SpellSerializer(spells, many=True).data,
                "marketing": owed,
                "sales": kept,
                "desk": asdict(standing.desk(start, end, at)),
            }
        )
