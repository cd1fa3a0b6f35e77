"""Saved views of lists in the REST API: one's own, and those that colleagues shared with the team."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts import saved
from accounts.models import SavedView
from accounts.resources import Resource
from accounts.unheard import Heard, checked
from engine.idempotency import idempotent
from engine.refusals import Conflict
from ui.filters import FilterSet

PAGES = [(name, name) for name in saved.PAGES]


class ViewSerializer(serializers.ModelSerializer):
    """A list as somebody keeps it: `query` has its filters and order, `columns` those shown, in order (empty: the usual ones).

    `team`: with whose people it is shared. `is_default` opens the list with it, for its owner.
    """

    class Meta:
        model = SavedView
        fields = ["id", "owner", "page", "name", "query", "columns", "team", "is_default", "created_at"]


class ShownViewSerializer(ViewSerializer):
    """A view, with the address of the page at which it opens."""

    path = serializers.CharField()

    class Meta(ViewSerializer.Meta):
        fields = [*ViewSerializer.Meta.fields, "path"]


class NewViewSerializer(Heard, serializers.Serializer):
    """A view to keep. `shared` shows it to one's team, for whoever is in one.

    `replaces`: the key of the own view of that name that it takes the place of; without it a name that is taken is 409.
    """

    page = serializers.ChoiceField(PAGES)
    name = serializers.CharField(max_length=80)
    query = serializers.CharField(max_length=1000, allow_blank=True, default="")
    columns = serializers.ListField(child=serializers.CharField(max_length=80), max_length=40, default=list)
    shared = serializers.BooleanField(default=False)
    is_default = serializers.BooleanField(default=False)
    replaces = serializers.IntegerField(min_value=1, default=None, allow_null=True)


class ViewFilters(FilterSet):
    class Meta:
        model = SavedView
        fields = ["page", "owner"]


class ViewResource(Resource):
    """Saved views."""

    queryset = SavedView.objects.all()
    serializer_class, shown = ViewSerializer, ShownViewSerializer
    filterset_class = ViewFilters
    order = ("name", "id")

    def finish(self, rows):
        """Each with its address."""
        for row in rows:
            one = SavedView(pk=row["id"], query=row["query"], columns=row["columns"])
            row["path"] = saved.address(resolve_url(saved.PAGES[row["page"]]), one)
        return rows

    @extend_schema(request=NewViewSerializer, responses={201: ShownViewSerializer})
    @idempotent
    def create(self, request):
        """Keep a list under a name; 409 for one's own that is taken, unless `replaces` names the view that has it."""
        said, me = checked(NewViewSerializer(data=request.data)), request.user
        if said["shared"] and me.team_id is None:
            raise serializers.ValidationError(
                {"shared": _("You belong to no team with which it could be shared.")}
            )
        try:
            view = saved.keep(me, **said)
        except saved.NameTaken as error:
            here = _("Send its key %(key)s as “replaces”, or another name.") % {"key": error.view.pk}
            raise Conflict(f"{error} {here}") from None
        return self.row(view.pk, status=201)

    def destroy(self, request, pk):
        """Forget an own view; somebody else's stays."""
        view = self.get_permitted()
        if view.owner_id != request.user.pk:
            raise PermissionDenied
        view.delete()
        return Response(status=204)
