"""The 3-1-3 plan in the REST API."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.doors import require
from reports import outlining
from reports.api.planning import MEASURE, promise_of
from reports.api.promised import PromiseSerializer
from reports.api.reports import CHOICE, Report, number
from reports.choice import axes, parse
from reports.heeding import heeded
from reports.outlook import AXES, NEXT, THIS, outlook
from reports.views.outlook import asked_of

BY = OpenApiParameter("by", enum=AXES, description="of which place each row is, default segment")
YEAR = OpenApiParameter(
    "year", enum=(THIS, NEXT), description="the fiscal year whose budget is told, default this"
)


class OutlookYearSerializer(PromiseSerializer):
    """What was promised and attained in a fiscal year, given by its first day."""

    first = serializers.DateField()


class OutlookRowSerializer(serializers.Serializer):
    """A segment, or a region with all that is part of it (0: none); `budget` is that of the year asked for, null without any."""

    id = serializers.IntegerField()
    parent = serializers.IntegerField(allow_null=True, help_text="of a region: the one that it is part of")
    years = OutlookYearSerializer(many=True)
    planned = serializers.DecimalField(22, 4, allow_null=True)
    committed = serializers.DecimalField(22, 4, allow_null=True)
    paid = serializers.DecimalField(22, 4, allow_null=True)
    left = serializers.DecimalField(22, 4, allow_null=True, help_text="of the budgets, to date")


class ActivitySerializer(serializers.Serializer):
    """A campaign of the next three months (0: money without one); `planned` is a sum for each of `months`."""

    campaign = serializers.IntegerField()
    name = serializers.CharField()
    status = serializers.CharField()
    segment = serializers.IntegerField()
    region = serializers.IntegerField()
    owner = serializers.CharField()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    planned = serializers.ListField(child=serializers.DecimalField(22, 4))
    committed = serializers.DecimalField(22, 4)
    word = serializers.ChoiceField(["", "asked", "heard"], help_text="was sales asked for its word?")


class OutlookSerializer(serializers.Serializer):
    """The plan; `came` is the growth of the last whole year, `meant` that of the targets a year, `ahead` that from this year's
    target once the year is mostly over; null where not known."""

    measure = serializers.CharField()
    by = serializers.ChoiceField(AXES)
    year = serializers.DateField(help_text="first day of the year whose budget is told")
    came = serializers.DecimalField(None, 6, allow_null=True)
    meant = serializers.DecimalField(None, 6, allow_null=True)
    ahead = serializers.DecimalField(None, 6, allow_null=True)
    total = OutlookRowSerializer()
    results = OutlookRowSerializer(many=True)
    months = serializers.ListField(child=serializers.DateField())
    activities = ActivitySerializer(many=True)


class OutlookReport(Report):
    """The 3-1-3 plan."""

    permission = "reports.view_money"

    @extend_schema(
        parameters=[*(one for one in CHOICE if one.name in outlining.HEEDED), MEASURE, BY, YEAR],
        responses=OutlookSerializer,
        operation_id="reports_outlook",
    )
    def get(self, request):
        """Two past fiscal years, the running one and three to come; a year's budget; what runs in the next three months."""
        require(request, self.permission)
        query = request.query_params.copy()
        what = asked_of(query)
        choice = heeded(parse(query, axes(query), timezone.now()), outlining.HEEDED)
        found = outlook(choice, what["measure"], what["by"], what["year"])
        places = sorted({row.id for row in found.rows} | found.money.keys())
        rows = {row.id: row.years for row in found.rows}
        return Response(
            {
                "measure": what["measure"],
                "by": found.axis,
                "year": found.period.first,
                "came": number(found.came and round(found.came, 6)),
                "meant": number(found.meant and round(found.meant, 6)),
                "ahead": number(found.ahead and round(found.ahead, 6)),
                "total": row_of(0, found.total.years, found, found.money_total),
                "results": [row_of(pk, rows.get(pk, ()), found, found.money.get(pk)) for pk in places],
                "months": found.months,
                "activities": [activity_of(one) for one in found.activities],
            }
        )


def row_of(pk, promises, found, line):
    """A Row with the Line of its budget."""
    years = [
        {"first": period.first, **promise_of(one)} for period, one in zip(found.years, promises, strict=False)
    ]
    money = {name: number(line and getattr(line, name)) for name in ("planned", "committed", "paid", "left")}
    return {"id": pk, "parent": found.tree.above.get(pk), "years": years, **money}


def activity_of(one):
    """An Activity."""
    return vars(one) | {
        "planned": [number(value) for value in one.planned],
        "committed": number(one.committed),
    }
