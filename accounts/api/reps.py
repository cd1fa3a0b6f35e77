"""What routing knows of reps in the REST API: read by all who see people, changed as on the page of a person."""

from decimal import Decimal

import django_filters
from django.db.models import F
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from accounts import people
from accounts.models import Region, RepKind, RepProfile, Segment, User
from accounts.resources import IF_MATCH, Resource, ids_named
from ui.filters import FilterSet

REPS = User.objects.filter(rep__isnull=False)
MANY = {"region_ids": "regions", "segment_ids": "segments"}


class RepSerializer(serializers.ModelSerializer):
    """A rep, under the id of the user, as routing sees them.

    `open_n` leads are in hand, and at most `capacity` may be, save that what is in hand stays. Who has `weight` 2 gets
    twice as many as who has 1. Without `accepting` nothing new is offered. `region_ids` and `segment_ids` are the
    territory; empty: all. Working hours are those of the team's calendar.
    """

    kind = serializers.ChoiceField(RepKind.choices, source="rep.kind")
    weight = serializers.DecimalField(6, 2, source="rep.weight")
    capacity = serializers.IntegerField(source="rep.capacity")
    open_n = serializers.IntegerField(source="rep.open_n")
    accepting = serializers.BooleanField(source="rep.accepting")
    region_ids = serializers.ListField(child=serializers.IntegerField())
    segment_ids = serializers.ListField(child=serializers.IntegerField())

    class Meta:
        model = User
        fields = [
            "id", "full_name", "email", "team", "is_active", "kind", "weight", "capacity", "open_n", "accepting", *MANY,
        ]  # fmt: skip


class RepChangeSerializer(serializers.ModelSerializer):
    """What routing is told of a rep. A rep who takes leads again (`accepting`) queues with the others."""

    weight = serializers.DecimalField(6, 2, min_value=Decimal("0.01"))
    region_ids = serializers.PrimaryKeyRelatedField(
        many=True, source="regions", queryset=Region.objects.all()
    )
    segment_ids = serializers.PrimaryKeyRelatedField(
        many=True, source="segments", queryset=Segment.objects.all()
    )

    class Meta:
        model = RepProfile
        fields = ["kind", "weight", "capacity", "accepting", *MANY]

    def save(self):
        """The profile, as the page keeps it."""
        territory = {name: self.validated_data.pop(name, None) for name in MANY.values()}
        for name, value in self.validated_data.items():
            setattr(self.instance, name, value)
        people.keep_profile(self.instance, **territory)


class RepFilters(FilterSet):
    kind = django_filters.ChoiceFilter(field_name="rep__kind", choices=RepKind.choices)
    accepting = django_filters.BooleanFilter(field_name="rep__accepting")

    class Meta:
        model = User
        fields = ["team", "is_active"]


class OfReps(Resource):
    """What belongs to a rep: whoever sees people reads it, and what may be done is asked of the rep's profile."""

    def check_permissions(self, request):
        """As everywhere, and only for whoever sees what the page shows."""
        super().check_permissions(request)
        if not request.user.has_perm("accounts.view_user"):
            raise PermissionDenied

    def get_queryset(self):
        """All of them: people are everybody's to see."""
        return self.queryset.none() if getattr(self, "swagger_fake_view", False) else self.queryset.all()

    def get_permitted(self):
        """The object of the address, with its rep: 404 when it is not there, 403 when it is not theirs to change."""
        found = self.get_queryset().select_related("rep").filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.insist(found.rep)
        return found

    def insist(self, profile):
        """Raises PermissionDenied unless the action may be done for the rep."""
        if not self.request.user.has_perm(self.may[self.action], profile):
            raise PermissionDenied


class RepResource(OfReps):
    """Reps. Somebody invited for sales is one."""

    queryset = REPS
    serializer_class = RepSerializer
    change_serializer_class = RepChangeSerializer
    filterset_class = RepFilters
    order = ("full_name", "id")
    may = {"partial_update": "accounts.change_repprofile"}

    def rows(self, queryset, serializer_class=None):
        """With the ids of the territory."""
        profile = ("kind", "weight", "capacity", "open_n", "accepting")
        plain = [name for name in RepSerializer.Meta.fields if name not in MANY and name not in profile]
        return queryset.values(
            *plain,
            **{name: F(f"rep__{name}") for name in profile},
            **{name: ids_named(RepProfile, field, by="rep") for name, field in MANY.items()},
        )

    def hold(self, thing):
        """What is changed is the profile, so that is held."""
        thing.rep = super().hold(thing.rep)
        return thing

    def kept_in(self, thing):
        """The profile."""
        return thing.rep

    @extend_schema(parameters=[IF_MATCH], request=RepChangeSerializer)
    def partial_update(self, request, pk):
        """Change what routing knows of a rep."""
        with self.unchanged() as rep:
            shape = RepChangeSerializer(rep.rep, data=request.data, partial=True)
            shape.is_valid(raise_exception=True)
            shape.save()
        return self.row(pk)
