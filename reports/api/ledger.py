"""The ledger of contributions in the REST API."""

from decimal import Decimal

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.doors import permitted, require
from reports import heeding, ledger
from reports.api.reports import CHOICE, Report, asked, number
from reports.api.shapes import PeriodSerializer
from reports.choice import axes, one_of, parse
from reports.ledger.people import HEEDED

BY_WHOM = OpenApiParameter("by", enum=list(ledger.BY), description="teams or people instead of both sides")


class ContributionSerializer(serializers.Serializer):
    """What stands on one side; `of`: of how many, where it is a share."""

    value = serializers.DecimalField(22, 4)
    of = serializers.IntegerField(allow_null=True)


class ContributionLineSerializer(serializers.Serializer):
    """A line; null where a side has none, or the filters cannot narrow it."""

    name = serializers.CharField()
    kind = serializers.CharField(help_text="information, activity or behaviour")
    unit = serializers.CharField(help_text="count, money or share")
    label = serializers.CharField()
    meaning = serializers.CharField()
    marketing = ContributionSerializer(allow_null=True)
    sales = ContributionSerializer(allow_null=True)


class ContributorSerializer(serializers.Serializer):
    """A team (`key` 0: people of none) or a person on one side."""

    key = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    team = serializers.CharField(allow_blank=True)
    side = serializers.CharField()
    entries = serializers.DictField(child=ContributionSerializer())


class ContributionsSerializer(PeriodSerializer):
    """`lines` of both sides, or with `by` the teams or people: `whose`."""

    lines = ContributionLineSerializer(many=True)
    whose = ContributorSerializer(many=True)


class LedgerReport(Report):
    """Both sides by kind of contribution."""

    permission = "leads.view_agreement"

    @extend_schema(
        parameters=[*CHOICE, BY_WHOM], responses=ContributionsSerializer, operation_id="reports_ledger"
    )
    def get(self, request):
        """What each side contributed: information, activity and sales behaviour. Money only for those who read it."""
        require(request, self.permission)
        given = request.query_params.copy()
        by = one_of(given, "by", ledger.BY, "")
        given.pop("by", None)
        at = timezone.now()
        choice = parse(given, axes(given), at)
        shown = {
            line.name
            for line in ledger.LINES
            if not line.by_money or permitted(request, "reports.view_money")
        }
        told = {"lines": [], "whose": []}
        if by:
            within = heeding.heeded(choice, HEEDED)
            told["whose"] = [_whose(one, shown) for one in ledger.people(request.user, within, by)]
        else:
            told["lines"] = [
                _line(line, sides) for line, sides in ledger.ledger(choice, at) if line.name in shown
            ]
        return Response({**asked(choice), **told})


def _line(line, sides):
    return {
        **{name: str(getattr(line, name)) for name in ("name", "kind", "unit", "label", "meaning")},
        **{side: _entry(sides.get(side)) for side in ("marketing", "sales")},
    }


def _whose(one, shown):
    told = {name: getattr(one, name) for name in ("key", "name", "team", "side")}
    return told | {"entries": {name: _entry(entry) for name, entry in one.entries.items() if name in shown}}


def _entry(entry):
    return entry and {"value": number(Decimal(entry.value)), "of": entry.of}
