"""Campaigns by sales region in the REST API."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from reports.api.reports import CHOICE, Report, asked, number
from reports.api.shapes import PeriodSerializer
from reports.places import EMPTY, TARGETED, places


class PlaceSerializer(serializers.Serializer):
    """What was brought and earned. Null where nobody knows."""

    leads = serializers.IntegerField()
    mqls = serializers.IntegerField()
    sqls = serializers.IntegerField()
    answered = serializers.IntegerField(help_text="of those first offered in the period")
    accepted = serializers.IntegerField()
    acceptance = serializers.DecimalField(None, 6, allow_null=True)
    days = serializers.DecimalField(None, 6, allow_null=True, help_text="mean, from the capture to the SQL")
    opened = serializers.IntegerField()
    pipeline = serializers.DecimalField(22, 4, help_text="amounts at opening of the deals opened")
    won = serializers.IntegerField()
    won_amount = serializers.DecimalField(22, 4)
    margin = serializers.DecimalField(22, 4, allow_null=True, help_text="of what was won")
    credited = serializers.DecimalField(None, 6, help_text="deals, by the model")
    revenue = serializers.DecimalField(22, 4, help_text="credited by the model")
    credited_margin = serializers.DecimalField(22, 4, allow_null=True)


class CampaignPlaceSerializer(PlaceSerializer):
    """A campaign, with all under it, in a region, with all that is part of it."""

    campaign = serializers.IntegerField(help_text="0: none")
    name = serializers.CharField()
    parent = serializers.IntegerField(allow_null=True)
    region = serializers.IntegerField(help_text="0: none")


class PlacedRegionSerializer(PlaceSerializer):
    """A region with all that is part of it over all campaigns asked for, with its targets of the period, whichever campaign is asked for."""

    region = serializers.IntegerField(help_text="0: none")
    parent = serializers.IntegerField(allow_null=True, help_text="the region that it is part of")
    targets = serializers.DictField(child=serializers.DecimalField(22, 4, allow_null=True))


class PlacesSerializer(PeriodSerializer):
    """Campaigns by region."""

    total = PlaceSerializer()
    regions = PlacedRegionSerializer(many=True)
    results = CampaignPlaceSerializer(many=True)


class PlacesReport(Report):
    """Campaigns by region."""

    permission = "reports.view_money"

    @extend_schema(
        parameters=[one for one in CHOICE if one.name not in ("channel", "team", "rep")],
        responses=PlacesSerializer,
        operation_id="reports_places",
    )
    def get(self, request):
        """What each campaign brought and earned in each region, each event by its own day, and the regions' targets."""
        return super().get(request)

    def report(self, request, choice, at):
        found = places(choice)
        regions = sorted({*found.sums, *(pk for one in found.targets.values() for pk in one)})
        return {
            **asked(found.choice),
            "total": place_of(found.total),
            "regions": [
                {
                    "region": pk,
                    "parent": found.tree.above.get(pk),
                    **place_of(found.sums.get(pk, EMPTY)),
                    "targets": {one.value: number(found.target(one, pk)) for one in TARGETED},
                }
                for pk in regions
            ],
            "results": [
                {
                    "campaign": line.campaign,
                    "name": line.name,
                    "parent": line.parent,
                    "region": region,
                    **place_of(place),
                }
                for line in found.lines
                for region, place in sorted(line.places.items())
            ],
        }


def place_of(one):
    """A Place."""
    counts = ("leads", "mqls", "sqls", "answered", "accepted", "opened", "won")
    amounts = ("acceptance", "days", "won_amount", "credited", "revenue")
    return {
        **{name: getattr(one, name) for name in counts},
        **{name: number(getattr(one, name)) for name in amounts},
        "pipeline": number(one.opened_amount),
        "margin": number(one.known_margin),
        "credited_margin": number(one.known_credit),
    }
