"""The organisation and the axes on which it plans, in the REST API: kept by the forms of their page."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from accounts import organisation
from accounts.formed import Formed, Shown
from accounts.forms.house import OrganisationForm, RegionForm, SegmentForm
from accounts.models import Organisation, Region, Segment
from accounts.resources import IF_MATCH, Resource
from engine.copying import chunk
from ui.filters import FilterSet


class HouseForm(OrganisationForm):
    """What the page of the organisation asks, and the tax that the first run asks."""

    class Meta(OrganisationForm.Meta):
        fields = [*OrganisationForm.Meta.fields, "tax_percent"]


class OrganisationSerializer(Formed, serializers.ModelSerializer):
    """What holds for everybody. `currency` stays as it is once money is recorded; `level` 1 to 3 hides pages, never data.

    `shadow` and `live_on` tell from when on offers are made and figures count, `demo` whether it holds invented data.
    """

    zone = serializers.CharField(max_length=64)
    language = serializers.ChoiceField(settings.LANGUAGES)

    class Meta:
        model, form = Organisation, HouseForm
        fields = [*HouseForm.Meta.fields, "shadow", "live_on", "demo"]
        read_only_fields = ["shadow", "live_on", "demo"]

    def save(self):
        """At once, for everybody."""
        super().save()
        organisation.forget()
        return self.instance


class OrganisationResource(Resource):
    """The organisation: one, for administrators."""

    queryset = Organisation.objects.all()
    serializer_class = OrganisationSerializer
    may = dict.fromkeys(("retrieve", "partial_update"), "accounts.change_organisation")

    def get_queryset(self):
        """The only one."""
        return self.queryset.none() if getattr(self, "swagger_fake_view", False) else self.queryset.all()

    def get_permitted(self):
        """It has no number in its address."""
        self.kwargs["pk"] = self._pk()
        return super().get_permitted()

    def _pk(self):
        return Organisation.objects.values_list("pk", flat=True).get()

    def retrieve(self, request, pk=None):
        """Its settings."""
        return super().retrieve(request, self._pk())

    @extend_schema(parameters=[IF_MATCH])
    def partial_update(self, request):
        """Change the settings given; they hold at once."""
        with chunk(), self.unchanged() as ours:  # another time zone marks the score of every lead
            shape = OrganisationSerializer(ours, data=request.data, partial=True)
            shape.is_valid(raise_exception=True)
            shape.save()
        return self.row(self._pk())


class MarketSegmentSerializer(Formed, serializers.ModelSerializer):
    """A group of customers that marketing plans by; its code is made of the name."""

    code = serializers.CharField(read_only=True)  # in any script

    class Meta:
        model, form = Segment, SegmentForm
        fields = ["id", "code", "name", "position"]
        read_only_fields = ["code", "position"]


class RegionSerializer(Formed, serializers.ModelSerializer):
    """A territory that sales plans by, perhaps part of another."""

    code = serializers.CharField(read_only=True)  # in any script

    class Meta:
        model, form = Region, RegionForm
        fields = ["id", "code", "name", "parent", "position"]
        read_only_fields = ["code", "position"]


class SegmentFilters(FilterSet):
    class Meta:
        model = Segment
        fields = ["code"]


class RegionFilters(FilterSet):
    class Meta:
        model = Region
        fields = ["code", "parent"]


class SegmentResource(Shown):
    """Segments, in the order in which they are shown. They are added, never changed: reports are kept by them."""

    http_method_names = ["get", "post", "head", "options"]
    queryset = Segment.objects.all()
    serializer_class = MarketSegmentSerializer
    filterset_class = SegmentFilters
    order = ("position", "name", "id")
    reads = "accounts.view_team"
    may = {"create": "accounts.change_organisation"}


class RegionResource(SegmentResource):
    """Regions, in the order in which they are shown. They are added, never changed: reports are kept by them."""

    queryset = Region.objects.all()
    serializer_class = RegionSerializer
    filterset_class = RegionFilters
