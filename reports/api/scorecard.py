"""The scorecard of the chiefs in the REST API, and the word that each leaves on a month."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import require
from accounts.tokens import HasScope
from accounts.unheard import Heard, checked
from engine.refusals import Conflict
from pipeline.api.shapes import MonthField
from reports.api.reports import CHOICE, Report, asked, number
from reports.api.shapes import PeriodSerializer
from reports.choice import axes, bounded, parse
from reports.heeding import heeded
from reports.models import Chief
from reports.models.chiefs import LEAST, MOST
from reports.months.closing import Refused
from reports.promising import quarterly
from reports.scorecard import figures, saying
from reports.views.scorecard import READ, SPEAK


class ScoreSerializer(serializers.Serializer):
    """A figure: what was agreed, null for nothing; what came, null where it was not measured; `due`: how much of a sum is due by today."""

    name = serializers.CharField()
    chiefs = serializers.ListField(child=serializers.CharField(), help_text="who answers for it")
    kind = serializers.CharField(help_text="flow: a sum of the days; level; cost: no more than agreed")
    agreed = serializers.DecimalField(22, 6, allow_null=True)
    actual = serializers.DecimalField(22, 6, allow_null=True)
    due = serializers.DecimalField(None, 6)
    standing = serializers.CharField(
        allow_null=True, help_text="reached, on_the_way or behind; null where it cannot be told"
    )


class WordOfChiefSerializer(serializers.Serializer):
    """The latest word of a chief on a month."""

    month = serializers.DateField()
    chief = serializers.CharField()
    satisfied = serializers.IntegerField()
    text = serializers.CharField()
    by = serializers.CharField()


class ScorecardSerializer(PeriodSerializer):
    """What the chiefs answer for; words of the last six months."""

    results = ScoreSerializer(many=True)
    words = WordOfChiefSerializer(many=True)


class WordWishSerializer(Heard, serializers.Serializer):
    """How satisfied the caller is with a month, and why."""

    month = MonthField(help_text="any day of it")
    satisfied = serializers.IntegerField(min_value=LEAST, max_value=MOST)
    text = serializers.CharField(max_length=500)


class WordSaidSerializer(serializers.Serializer):
    """For which chiefs it was said."""

    month = serializers.DateField()
    chiefs = serializers.ListField(child=serializers.CharField(), help_text=", ".join(Chief.values))


class Scorecard(Report):
    """The scorecard of the chiefs."""

    permission = READ

    @extend_schema(
        parameters=[one for one in CHOICE if one.name in ("period", "from", "to")],
        responses=ScorecardSerializer,
        operation_id="reports_scorecard",
    )
    def get(self, request):
        """Each figure with what was agreed, what came, and how it stands. Default: this quarter."""
        require(request, self.permission)
        query, at = request.query_params.copy(), timezone.now()
        quarterly(query)
        known = axes(query)
        choice = heeded(bounded(parse(query, known, at)), figures.HEEDED)
        found = figures.scorecard(choice, at, known.locks)
        words = [
            {"month": month, **{name: one[name] for name in ("chief", "satisfied", "text", "by")}}
            for month, said in found.words.items()
            for one in said.values()
        ]
        return Response({**asked(choice), "results": [_score(one) for one in found.scores], "words": words})


class ChiefWords(APIView):
    """The word of a chief."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(
        request=WordWishSerializer, responses=WordSaidSerializer, operation_id="reports_say_satisfied"
    )
    def put(self, request):
        """Say how satisfied one is with a month, as every chief that the caller is; an earlier word is kept beneath."""
        require(request, READ)
        require(request, SPEAK)
        said = checked(WordWishSerializer(data=request.data))
        try:
            made = saying.say(
                said["month"], said["satisfied"], said["text"], by=request.user, at=timezone.now()
            )
        except Refused as refused:
            raise Conflict(str(refused)) from None
        except ValueError:
            raise PermissionDenied from None
        return Response({"month": said["month"], "chiefs": [one.chief for one in made]})


def _score(one):
    return {
        "name": str(one.name),
        "chiefs": [chief.value for chief in one.chiefs],
        "kind": one.kind.value,
        "agreed": number(one.agreed and round(one.agreed, 6)),
        "actual": number(one.actual and round(one.actual, 6)),
        "due": number(round(one.due, 6)),
        "standing": one.standing and one.standing.value,
    }
