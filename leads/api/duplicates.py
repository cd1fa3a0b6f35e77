"""Likely duplicates in the REST API: looked at, merged or kept apart, one or many."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from accounts.resources import Resource
from accounts.unheard import Heard, checked
from engine.idempotency import idempotent
from leads import dedupe
from leads.models import Duplicate
from ui.filters import FilterSet

MOST = 1000


class DuplicateSerializer(serializers.ModelSerializer):
    """A likely pair, the older record first; `evidence` says in English what agrees, `against` what speaks against it."""

    class Meta:
        model = Duplicate
        fields = ["id", "kind", "low_id", "high_id", "probability", "evidence", "against", "found_at"]


class PairsSerializer(Heard, serializers.Serializer):
    """Which pairs; what does not wait any more is left out."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=MOST
    )


class MergedPairsSerializer(serializers.Serializer):
    """The merges that were made, and why others were not."""

    merges = serializers.ListField(child=serializers.IntegerField())
    refused = serializers.ListField(child=serializers.CharField())


class DismissedSerializer(serializers.Serializer):
    """How many pairs will not be proposed again."""

    dismissed = serializers.IntegerField()


class DuplicateFilters(FilterSet):
    class Meta:
        model = Duplicate
        fields = ["kind"]


class DuplicateResource(Resource):
    """The worklist of pairs that are probably the same, the likeliest first."""

    queryset = Duplicate.objects.to_look_at()
    serializer_class = DuplicateSerializer
    filterset_class = DuplicateFilters
    order = ("-probability", "-id")

    @extend_schema(request=PairsSerializer, responses=MergedPairsSerializer)
    @action(detail=False, methods=["post"])
    @idempotent
    def merge(self, request):
        """Merge each of these pairs into its older record. Each merge can be undone."""
        merges, refused = dedupe.merge_pairs(self._asked(request), by=request.user, at=timezone.now())
        return Response({"merges": [merge.pk for merge in merges], "refused": refused})

    @extend_schema(request=PairsSerializer, responses=DismissedSerializer)
    @action(detail=False, methods=["post"])
    @idempotent
    def dismiss(self, request):
        """These are not the same: they are not proposed again, and never merged without asking."""
        return Response(
            {"dismissed": dedupe.dismiss(self._asked(request), by=request.user, at=timezone.now())}
        )

    def _asked(self, request):
        """The pairs that still wait, likeliest first. Raises PermissionDenied for a kind that is not theirs to merge."""
        said = checked(PairsSerializer(data=request.data))
        pairs = self.get_queryset().filter(pk__in=said["ids"]).order_by(*self.order)
        pairs = list(pairs)
        for kind in {pair.kind for pair in pairs}:
            if not request.user.has_perm(f"leads.merge_{kind}"):
                raise PermissionDenied
        return pairs
