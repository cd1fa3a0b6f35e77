"""Measurements of the brand in the REST API: judged and kept by the forms of their pages."""

from decimal import Decimal

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import organisation
from accounts.formed import Formed, Shown
from accounts.models import Region, Segment
from accounts.unheard import Heard
from engine.idempotency import idempotent
from engine.parsers import RowsJSONParser
from leads.api.bulk import BulkAnswerSerializer, bulk
from pipeline.api.shapes import MonthField
from reports.brand.forms import SIGNS, Percent, SearchForm, WaveForm
from reports.brand.shares import GROUPS, awareness, reputation
from reports.models import BrandWave, SearchShare
from ui.filters import FilterSet

CHANGE = "reports.change_brand"


@extend_schema_field({"type": "string", "nullable": True, "example": "118"})
class PeopleField(serializers.DecimalField):
    """How many people, or, written with %, which share of those asked."""

    def __init__(self, **options):
        super().__init__(14, 4, required=False, allow_null=True, min_value=Decimal(0), **options)

    def to_internal_value(self, data):
        """A number of people, or a Percent."""
        if isinstance(data, str) and (text := data.strip()).endswith(SIGNS):
            return Percent(super().to_internal_value(text[:-1].strip()))
        return super().to_internal_value(data)


class OfMarket(Heard, Formed, serializers.ModelSerializer):
    """Measured of a region, of a segment, of both, or of the whole house; the caller writes it down."""

    region = serializers.PrimaryKeyRelatedField(
        queryset=Region.objects.all(), required=False, allow_null=True
    )
    segment = serializers.PrimaryKeyRelatedField(
        queryset=Segment.objects.all(), required=False, allow_null=True
    )

    def begin(self, *data):
        """The page's form."""
        made = self.instance or self.Meta.model(entered_by=self._user())
        return self.Meta.form(*data, instance=made, today=organisation.today(timezone.now()))

    def _user(self):
        return self.context["user"] if "user" in self.context else self.context["request"].user


class WaveSerializer(OfMarket):
    """A wave of a brand survey, over `on` a day. `top` named the brand first, `other` named it later unaided, `prompted` knew it only
    when prompted: people, or a share of those `asked` written with %; null where it was not asked. `score` is a mean from `low`
    to `high`, with the standard `deviation` of the answers, or a net score.
    """

    top = PeopleField()
    other = PeopleField()
    prompted = PeopleField()

    class Meta:
        model, form = BrandWave, WaveForm
        fields = [
            "id", "name", "on", "region", "segment", "asked", "top", "other", "prompted", "reputation", "score", "low", "high",
            "deviation", "note", "entered_by", "created_at",
        ]  # fmt: skip
        read_only_fields = ["entered_by", "created_at"]
        validators = []


class AwarenessSerializer(serializers.Serializer):
    """A share of those asked, from 0 to 1, and where the true one lies in 19 of 20 cases."""

    group = serializers.ChoiceField(GROUPS)
    people = serializers.DecimalField(14, 4)
    share = serializers.DecimalField(None, 6)
    low = serializers.FloatField()
    high = serializers.FloatField()


class WaveShownSerializer(WaveSerializer):
    """With `awareness` by group (unaided = top + other, total = unaided + prompted), and the `mark`: the reputation in % of its scale."""

    awareness = AwarenessSerializer(many=True)
    mark = serializers.DecimalField(None, 6, allow_null=True)
    mark_low = serializers.FloatField(allow_null=True)
    mark_high = serializers.FloatField(allow_null=True)

    class Meta(WaveSerializer.Meta):
        fields = [*WaveSerializer.Meta.fields, "awareness", "mark", "mark_low", "mark_high"]


class SearchSerializer(OfMarket):
    """Searches of a month: for our own brand, of those for all brands of the category, ours included."""

    month = MonthField()

    class Meta:
        model, form = SearchShare, SearchForm
        fields = [
            "id", "month", "region", "segment", "own", "total", "tool", "note", "entered_by", "created_at",
        ]  # fmt: skip
        read_only_fields = ["entered_by", "created_at"]
        validators = []

    def asked(self, values):
        """As the form asks for a month."""
        return values | ({"month": f"{values['month']:%Y-%m}"} if "month" in values else {})


class SearchShownSerializer(SearchSerializer):
    """With the `share` of search, from 0 to 1."""

    share = serializers.DecimalField(None, 6)

    class Meta(SearchSerializer.Meta):
        fields = [*SearchSerializer.Meta.fields, "share"]


class WaveFilters(FilterSet):
    on = django_filters.DateFromToRangeFilter()

    class Meta:
        model = BrandWave
        fields = ["region", "segment", "reputation"]


class SearchFilters(FilterSet):
    month = django_filters.DateFromToRangeFilter()

    class Meta:
        model = SearchShare
        fields = ["region", "segment"]


class Measurements(Shown):
    """What the measurements share: singly or in bulk, corrected, and taken away again."""

    reads = "reports.view_report"
    may = dict.fromkeys(("create", "partial_update", "destroy", "bulk"), CHANGE)

    def destroy(self, request, pk):
        """Take it away; history keeps it."""
        with self.unchanged() as one:
            one.delete()
        return Response(status=204)

    def written(self, request):
        """The answer to a list of rows, each of which stands or falls alone."""
        return bulk(request, self.serializer_class, lambda shape, at: shape.save().pk)


class WaveResource(Measurements):
    """Waves of brand surveys."""

    queryset = BrandWave.objects.all()
    serializer_class, shown = WaveSerializer, WaveShownSerializer
    filterset_class = WaveFilters
    order = ("-on", "-id")

    def finish(self, rows):
        """With shares, intervals and the mark."""
        for row in rows:
            mark = reputation(row)
            interval = (mark and mark.interval) or (None, None)
            row["awareness"] = [_share(name, one) for name, one in awareness(row).items() if one]
            row |= {
                "mark": mark and round(mark.percent, 6),
                "mark_low": interval[0],
                "mark_high": interval[1],
            }
        return rows

    @extend_schema(request=WaveSerializer(many=True), responses=BulkAnswerSerializer)
    @action(detail=False, methods=["post"], parser_classes=[RowsJSONParser])
    @idempotent
    def bulk(self, request):
        """Write down up to 1,000 waves; the answer has a result for each row."""
        return self.written(request)


class SearchResource(Measurements):
    """Shares of search by month."""

    queryset = SearchShare.objects.all()
    serializer_class, shown = SearchSerializer, SearchShownSerializer
    filterset_class = SearchFilters
    order = ("-month", "-id")

    def finish(self, rows):
        """With the share."""
        for row in rows:
            row["share"] = round(Decimal(row["own"]) / row["total"], 6)
        return rows

    @extend_schema(request=SearchSerializer(many=True), responses=BulkAnswerSerializer)
    @action(detail=False, methods=["post"], parser_classes=[RowsJSONParser])
    @idempotent
    def bulk(self, request):
        """Write down up to 1,000 months; the answer has a result for each row."""
        return self.written(request)


def _share(name, one):
    low, high = one.interval
    return {"group": name, "people": one.people, "share": round(one.rate, 6), "low": low, "high": high}
