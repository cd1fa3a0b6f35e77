"""My numbers and the leagues in the REST API."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.doors import require
from accounts.tokens import HasScope
from reports import minding, mine, ranking
from reports.api.reports import CHOICE, asked, number
from reports.api.shapes import PeriodSerializer
from reports.choice import axes, by_default, parse

POST = OpenApiParameter("post", enum=list(mine.POSTS), description="default: the caller's own")


class NumberSerializer(serializers.Serializer):
    """One figure as the page tells it, with its meaning."""

    figure = serializers.CharField()
    name = serializers.CharField()
    text = serializers.CharField()
    note = serializers.CharField()
    meaning = serializers.CharField()


class HeldNumberSerializer(NumberSerializer):
    """A figure of a post beside what was agreed for it."""

    goal = serializers.CharField(help_text="what was agreed for it; empty where nothing is")
    standing = serializers.ChoiceField(["", *minding.STANDINGS], help_text="to the goal")


class EntrySerializer(serializers.Serializer):
    """A rep or campaign by id. `first` and `last`: the places that chance allows it, null with too few cases or nobody to compare with."""

    key = serializers.IntegerField()
    name = serializers.CharField()
    good = serializers.IntegerField()
    cases = serializers.IntegerField()
    rate = serializers.DecimalField(None, 6)
    low = serializers.FloatField()
    high = serializers.FloatField()
    first = serializers.IntegerField(allow_null=True)
    last = serializers.IntegerField(allow_null=True)


class LeagueSerializer(serializers.Serializer):
    """`apart` of `pairs` differ by more than chance."""

    apart = serializers.IntegerField()
    pairs = serializers.IntegerField()
    verdict = serializers.CharField()
    results = EntrySerializer(many=True)


class MineSerializer(PeriodSerializer):
    """At most six figures of a post, and both leagues."""

    post = serializers.CharField()
    figures = HeldNumberSerializer(many=True)
    reps = LeagueSerializer()
    campaigns = LeagueSerializer()


class Mine(APIView):
    """The figures of the caller's post."""

    permission_classes = [IsAuthenticated, HasScope]

    @extend_schema(parameters=[*CHOICE, POST], responses=MineSerializer, operation_id="reports_mine")
    def get(self, request):
        """At most six figures of the caller's post, and the leagues of reps and campaigns. Default: this quarter."""
        require(request, "reports.view_mine")
        query = request.query_params.copy()
        post, _wanted, _held = mine.asked(request.user, query)
        by_default(query, "quarter")
        narrow = {**query.dict(), **mine.narrowing(request.user, post)}
        known, at = axes(narrow), timezone.now()
        wide, choice = parse(query, known, at), parse(narrow, known, at)
        found = mine.mine(request.user, choice, post, wide)
        names = ("name", "text", "note", "goal", "standing", "meaning")
        return Response(
            {
                **asked(choice),
                "post": post,
                "figures": [
                    {"figure": one["key"], **{name: one[name] for name in names}}
                    for one in minding.tiles(found, choice)
                ],
                **{name: league_of(one) for name, one in found.leagues.items()},
            }
        )


def league_of(league):
    """A League."""
    return {
        "apart": league.apart,
        "pairs": league.pairs,
        "verdict": ranking.verdict(league),
        "results": [
            {
                **{name: getattr(one, name) for name in ("key", "name", "good", "cases", "low", "high")},
                "rate": number(one.rate),
                "first": one.places and one.places[0],
                "last": one.places and one.places[1],
            }
            for one in (*league.ranked, *league.few)
        ],
    }
