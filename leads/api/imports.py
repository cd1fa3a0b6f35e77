"""Imports in the REST API: what each brought and refused, and taking one back. Files are brought on the page or by the commands."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.resources import Resource
from accounts.unheard import bodiless
from engine.idempotency import idempotent
from engine.refusals import Conflict
from leads import importing
from leads.importing import wording
from leads.models import ImportReject, ImportRun
from ui.filters import FilterSet


class ImportSerializer(serializers.ModelSerializer):
    """One import of one file. `counts` has what came of its rows, by name; `error` why it ended, where it failed.

    A draft waits on the page for an answer; what is done can be taken back for seven days.
    """

    counts = serializers.DictField()

    class Meta:
        model = ImportRun
        fields = [
            "id", "kind", "mode", "state", "file_name", "sheet", "rows", "rows_done", "counts", "error", "by", "created_at",
            "started_at", "finished_at", "undone_at",
        ]  # fmt: skip


class ImportFilters(FilterSet):
    class Meta:
        model = ImportRun
        fields = ["kind", "state", "by"]


class ImportResource(Resource):
    """Imports."""

    queryset = ImportRun.objects.all()
    serializer_class = ImportSerializer
    filterset_class = ImportFilters
    may = {"list": "leads.run_import", "undo": "leads.view_import"}

    @extend_schema(request=None, responses={202: None})
    @action(detail=True, methods=["post"])
    @idempotent
    @bodiless
    def undo(self, request, pk):
        """Have taken back what it wrote, but for rows worked since; 409 after seven days, and for what is not done."""
        try:
            importing.ask_undo(self.get_permitted(), at=timezone.now(), by=request.user)
        except importing.TooLate as error:
            raise Conflict(str(error)) from None
        return Response(status=202)


class ImportRejectSerializer(serializers.ModelSerializer):
    """Why a row was refused, or (`warning`) what is odd about one that came in: its line, column and value, and its `cells`."""

    cells = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = ImportReject
        fields = ["id", "run", "line", "column", "value", "reason", "cells", "warning"]


class ImportRejectFilters(FilterSet):
    class Meta:
        model = ImportReject
        fields = ["run", "warning"]


class ImportRejectResource(Resource):
    """Refused rows and warnings of the imports that one sees, those of the latest import first, by line."""

    queryset = ImportReject.objects.all()
    serializer_class = ImportRejectSerializer
    filterset_class = ImportRejectFilters
    order = ("-run", "line", "id")
    may = {"list": "leads.run_import"}

    def get_queryset(self):
        """Of imports that are theirs to see."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return self.queryset.filter(run__in=ImportRun.objects.visible_to(self.request.user))

    def rows(self, queryset, serializer_class=None):
        """With the reason as it can be said in any language."""
        return queryset.values(*ImportRejectSerializer.Meta.fields, "said")

    def finish(self, rows):
        """Each with the reason in the caller's language."""
        for row in rows:
            row["reason"] = wording.again(row.pop("said"), row["reason"])
        return rows
