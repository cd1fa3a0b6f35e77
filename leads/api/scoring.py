"""Scorecards in the REST API: every version with its rules and weights, to read."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.resources import Resource
from leads.models import ScoreModel
from ui.filters import FilterSet


class ScoreModelSerializer(serializers.ModelSerializer):
    """A version of the scorecard. `in_force` grades; one without `published_at` is a draft."""

    class Meta:
        model = ScoreModel
        fields = [
            "id", "number", "name", "in_force", "publishing", "published_at", "published_by", "half_life", "fit_floors",
            "engagement_floors", "grades", "caps",
        ]  # fmt: skip


class ScoreModelFilters(FilterSet):
    class Meta:
        model = ScoreModel
        fields = ["in_force", "publishing"]


class ScoreModelResource(Resource):
    """Scorecards: rules of fit, weights of touches, thresholds; one version is in force."""

    queryset = ScoreModel.objects.all()
    serializer_class = ScoreModelSerializer
    filterset_class = ScoreModelFilters

    @extend_schema(responses=ScoreModelSerializer)
    def retrieve(self, request, pk):
        """One version, with its `rules` and `weights`."""
        model = self.get_permitted()
        row = self.rows(self.get_queryset()).get(pk=model.pk)
        row["rules"] = list(model.rules.values("id", "field", "operator", "value", "points", "group"))
        row["weights"] = list(model.weights.order_by("kind").values("kind", "weight", "daily_cap"))
        return Response(row)
