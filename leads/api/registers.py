"""Remembered mappings of imports in the REST API: renamed and forgotten, as on their page."""

from rest_framework import serializers
from rest_framework.response import Response

from accounts.formed import Formed, Shown
from leads.forms.registers import MappingForm
from leads.models import Mapping
from ui.filters import FilterSet


class MappingSerializer(Formed, serializers.ModelSerializer):
    """How files with one header are read: `spec` has the field of each column, and what cells mean; `header` stands for it.

    A mapping is kept when a file is brought in; only its name is changed.
    """

    spec = serializers.DictField(read_only=True)

    class Meta:
        model, form = Mapping, MappingForm
        fields = ["id", "name", "kind", "header", "spec", "used_at"]
        read_only_fields = ["kind", "header", "used_at"]


class MappingFilters(FilterSet):
    class Meta:
        model = Mapping
        fields = ["kind"]


class MappingResource(Shown):
    """Mappings of imports."""

    http_method_names = ["get", "patch", "delete", "head", "options"]
    queryset = Mapping.objects.all()
    serializer_class = MappingSerializer
    filterset_class = MappingFilters
    reads = "leads.change_words"
    may = dict.fromkeys(("partial_update", "destroy"), "leads.change_words")

    def destroy(self, request, pk):
        """Forget a mapping: a file with its header is asked about anew."""
        self.get_permitted().delete()
        return Response(status=204)
