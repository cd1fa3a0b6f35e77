"""Goals of markets in the REST API: to set, correct and take away; and what came of them."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts import organisation
from accounts.doors import require
from accounts.formed import Shown
from accounts.models import Region, Segment
from pipeline.api.shapes import MonthField
from reports import outlook
from reports.api.brand import OfMarket
from reports.api.reports import Report, number, only
from reports.choice import axes
from reports.market.forms import GoalForm
from reports.market.goals import markets
from reports.models import MarketGoal
from reports.views.market import CHANGE, READ
from ui.filters import FilterSet


class MarketGoalSerializer(OfMarket):
    """What is aimed at in a market (a region, a segment, both or the whole house) in the fiscal year that begins with `first`: its `size` in
    report currency by the `source`, own `share` and total `awareness` in %, new `customers`.
    """

    first = MonthField()

    class Meta:
        model, form = MarketGoal, GoalForm
        fields = [
            "id", "first", "region", "segment", "size", "source", "share", "awareness", "customers", "is_key", "note", "entered_by",
            "created_at",
        ]  # fmt: skip
        read_only_fields = ["entered_by", "created_at"]
        validators = []

    def asked(self, values):
        """As the form asks for a year."""
        return values | ({"first": f"{values['first']:%Y-%m-%d}"} if "first" in values else {})


class GoalFilters(FilterSet):
    class Meta:
        model = MarketGoal
        fields = ["first", "region", "segment", "is_key"]


class GoalResource(Shown):
    """Goals of markets, of readers of money."""

    queryset = MarketGoal.objects.all()
    serializer_class = MarketGoalSerializer
    filterset_class = GoalFilters
    reads = READ
    may = dict.fromkeys(("create", "partial_update", "destroy"), CHANGE)

    def destroy(self, request, pk):
        """Take them away; history keeps them."""
        with self.unchanged() as one:
            one.delete()
        return Response(status=204)


class MarketYearSerializer(serializers.Serializer):
    """A fiscal year of a market: goals (null where nothing is said), what came by today (null in years to come and where nothing was
    measured), and the short-term target of won revenue. `own_share` of the running year is told by its days so far. `first`: a goal keeps the
    twelve months for which it was set, with figures of those very months, also where the fiscal year begins in another month since.
    """

    first = serializers.DateField()
    size = serializers.DecimalField(18, 4, allow_null=True)
    share = serializers.DecimalField(None, 6, allow_null=True)
    awareness = serializers.DecimalField(None, 6, allow_null=True)
    customers = serializers.IntegerField(allow_null=True)
    is_key = serializers.BooleanField()
    own_share = serializers.DecimalField(None, 6, allow_null=True)
    own_awareness = serializers.DecimalField(None, 6, allow_null=True)
    new_customers = serializers.IntegerField(allow_null=True)
    won = serializers.DecimalField(22, 4, allow_null=True)
    target = serializers.DecimalField(22, 4, allow_null=True)


class MarketSerializer(serializers.Serializer):
    """A market: a region and a segment, null for all."""

    region = serializers.PrimaryKeyRelatedField(queryset=Region.objects.all(), allow_null=True)
    segment = serializers.PrimaryKeyRelatedField(queryset=Segment.objects.all(), allow_null=True)
    years = MarketYearSerializer(many=True)


class MarketsReport(Report):
    """Goals of markets beside what came and the short-term targets."""

    permission = READ

    @extend_schema(responses=MarketSerializer(many=True), operation_id="reports_markets")
    def get(self, request):
        """Every market with a goal: the last whole fiscal year, the running one and three to come."""
        require(request, self.permission)
        only(request)
        house, today = organisation.current(), organisation.today(timezone.now())
        years = outlook.fiscal_years(today, house.fiscal_year_start, house.live_on)
        found = markets(years, axes(), today)
        return Response(
            [
                {
                    "region": row.market[0],
                    "segment": row.market[1],
                    "years": [_year(row, place) for place in range(len(found.years))],
                }
                for row in found.rows
            ]
        )


def _year(row, place):
    goal, came = row.goals[place] or {}, row.came[place] if place < len(row.came) else None
    share, known = (row.share(place), row.awareness(place)) if came else (None, None)
    return {
        "first": row.years[place].first,
        **{name: number(row.goal(name, place)) for name in ("size", "share", "awareness")},
        "customers": goal.get("customers"),
        "is_key": bool(goal.get("is_key")),
        "own_share": number(share if share is None else round(share, 6)),
        "own_awareness": number(known if known is None else round(known, 6)),
        "new_customers": came and came.customers,
        "won": number(came and came.won),
        "target": number(row.promised[place]),
    }
