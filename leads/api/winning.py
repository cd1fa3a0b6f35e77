"""The learned probability of a win in the REST API: each training with its card."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.resources import Resource
from leads.learning import reasons, trust
from leads.models import WinModel
from ui.filters import FilterSet


class WinModelSerializer(serializers.ModelSerializer):
    """A training. The newest is in use where it is `shown`: better than chance on the leads it had not seen."""

    class Meta:
        model = WinModel
        fields = ["id", "trained_at", "shown"]


class WinModelCardSerializer(serializers.ModelSerializer):
    """A training with its card: AUC and interval, calibration, lift, columns used, and columns left out with the reason.

    `trust` tells whether the calibration `holds` on the newest leads, `on_average` and for the `best` tenth, and whether wins `changed`, with `words` for what is wrong.
    """

    class Meta:
        model = WinModel
        fields = ["id", "trained_at", "shown", "card"]


class WinModelFilters(FilterSet):
    class Meta:
        model = WinModel
        fields = ["shown"]


class WinModelResource(Resource):
    """Trainings of the probability of a win, newest first."""

    queryset = WinModel.objects.all()
    serializer_class = WinModelSerializer
    filterset_class = WinModelFilters

    @extend_schema(responses=WinModelCardSerializer)
    def retrieve(self, request, pk):
        """One training with its card; the reasons of columns left out also in words."""
        model = self.get_permitted()
        row = self.rows(self.get_queryset(), WinModelCardSerializer).get(pk=model.pk)
        for one in row["card"]["left_out"]:
            one["reason"] = reasons.words(one["why"], one["detail"])
        row["card"]["trust"] = trust.told(row["card"])
        return Response(row)
