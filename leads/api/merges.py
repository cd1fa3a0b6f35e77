"""Merges in the REST API: two records of one person or company become one, singly or in bulk; and back."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError

from accounts.resources import Resource
from accounts.unheard import Heard, bodiless
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import merging
from leads.api.bulk import BulkAnswerSerializer, bulk
from leads.models import Merge, MergeKind
from ui.filters import FilterSet

VERBS = {MergeKind.CONTACT: merging.merge_contacts, MergeKind.COMPANY: merging.merge_companies}


class MergeSerializer(serializers.ModelSerializer):
    """A merge: `gone` became part of `survivor`. An undo is a row of its own that names what it undoes."""

    class Meta:
        model = Merge
        fields = ["id", "kind", "survivor_id", "gone_id", "by", "at", "reason", "undoes"]


class MergeShownSerializer(MergeSerializer):
    """A merge, and the `evidence` for it: what both records had in common, in words.

    Of an undo: the touches that came since the merge and went `back` with the addresses by which they came, and those
    that stay with the survivor though it is `unclear` whose they are.
    """

    evidence = serializers.ListField(child=serializers.CharField(), read_only=True)
    back = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    unclear = serializers.ListField(child=serializers.IntegerField(), read_only=True)

    class Meta(MergeSerializer.Meta):
        fields = [*MergeSerializer.Meta.fields, "evidence", "back", "unclear"]


class MergeThemSerializer(Heard, serializers.Serializer):
    """Which record goes into which; `take` names the fields whose value the survivor takes from the one that goes."""

    kind = serializers.ChoiceField(MergeKind.choices)
    survivor = serializers.IntegerField(min_value=1)
    gone = serializers.IntegerField(min_value=1)
    take = serializers.ListField(child=serializers.CharField(max_length=50), default=list, max_length=20)
    reason = serializers.CharField(max_length=300, default="", allow_blank=True)

    def validate(self, values):
        """Only fields that the page lets choose, too."""
        strange = set(values["take"]) - set(merging.CHOOSABLE[values["kind"]])
        if strange:
            raise serializers.ValidationError(
                {"take": _("Not to be chosen: %(fields)s.") % {"fields": ", ".join(sorted(strange))}}
            )
        return values


class MergeFilters(FilterSet):
    at = django_filters.IsoDateTimeFromToRangeFilter(field_name="at")

    class Meta:
        model = Merge
        fields = ["kind", "survivor_id", "gone_id"]


class MergeResource(Resource):
    """Merges of contacts and of companies."""

    queryset = Merge.objects.all()
    serializer_class, shown = MergeSerializer, MergeShownSerializer
    filterset_class = MergeFilters
    order = ("-at", "-id")
    may = {"create": "leads.merge_contact", "bulk": "leads.merge_contact", "undo": "leads.view_merge"}

    def finish(self, rows):
        """With what both records had in common, where Tandem compared them, and what an undo did with what came since."""
        names = ("evidence", "back", "unclear")
        found = Merge.objects.filter(pk__in=[row["id"] for row in rows]).values_list(
            "pk", *(f"moved__{name}" for name in names)
        )
        known = {pk: dict(zip(names, values, strict=True)) for pk, *values in found}
        for row in rows:
            row |= {name: known[row["id"]][name] or [] for name in names}
            row["evidence"] = [_(word) for word in row["evidence"]]
        return rows

    @extend_schema(request=MergeThemSerializer)
    @idempotent
    def create(self, request):
        """Merge two records. Every touch, handoff and deal is kept. A record that does not exist is told by the name of its field."""
        shape = MergeThemSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        try:
            made = self._merge(shape, timezone.now())
        except merging.NoSuchRecord as error:
            field = "survivor" if error.pk == shape.validated_data["survivor"] else "gone"
            raise ValidationError({field: [str(error)]}) from None
        except merging.MergeRefused as error:
            raise Conflict(str(error)) from None
        return self.row(made, status=201)

    @extend_schema(request=MergeThemSerializer(many=True), responses=BulkAnswerSerializer)
    @action(detail=False, methods=["post"])
    @idempotent
    def bulk(self, request):
        """Merge up to 1,000 pairs; each has its own result, and a refused one harms no other."""
        return bulk(request, MergeThemSerializer, self._merge)

    @extend_schema(request=None, responses={201: MergeShownSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def undo(self, request, pk):
        """Take a merge apart again; answers the undoing."""
        merge = self.get_permitted()
        if not request.user.has_perm(f"leads.merge_{merge.kind}"):
            raise PermissionDenied
        try:
            undone = merging.undo(merge.pk, by=request.user, at=timezone.now())
        except merging.MergeRefused as error:
            raise Conflict(str(error)) from None
        return self.row(undone.pk, status=201)

    def _merge(self, shape, at):
        """The key of the merge of a checked shape."""
        said = shape.validated_data
        made = VERBS[said["kind"]](
            said["survivor"],
            said["gone"],
            by=self.request.user,
            at=at,
            chosen=said["take"],
            reason=said["reason"],
        )
        return made.pk
