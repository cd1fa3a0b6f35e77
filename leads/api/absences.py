"""When reps are away, in the REST API: noted and taken back as on the page of a person, and what waits for them goes on."""

import django_filters
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts import absences
from accounts.api.reps import REPS, OfReps
from accounts.middleware import zone_of
from accounts.models import Absence
from accounts.unheard import Heard, checked
from engine.idempotency import idempotent
from leads import handoffs
from ui.filters import FilterSet


class StoredAbsenceSerializer(serializers.ModelSerializer):
    """An absence as it is kept."""

    user = serializers.IntegerField(source="rep.user")
    since = serializers.DateTimeField(source="during.startswith")
    until = serializers.DateTimeField(source="during.endswith")

    class Meta:
        model = Absence
        fields = ["id", "user", "note", "since", "until"]


class AbsenceSerializer(serializers.ModelSerializer):
    """A time in which the rep (the id of a user) is offered nothing new: [since, until), null where it is open.

    `first` and `last` are its days in the caller's time zone, or the organisation's for whoever has chosen none.
    """

    rep = serializers.IntegerField()
    first = serializers.DateField(allow_null=True)
    last = serializers.DateField(allow_null=True)
    since = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = Absence
        fields = ["id", "rep", "first", "last", "note", "since", "until"]


class NotedAbsenceSerializer(AbsenceSerializer):
    """The absence, and how many offers without an answer went on to the next rep because it has begun."""

    passed_on = serializers.IntegerField()

    class Meta(AbsenceSerializer.Meta):
        fields = [*AbsenceSerializer.Meta.fields, "passed_on"]


class NewAbsenceSerializer(Heard, serializers.Serializer):
    """Days on which a rep (the id of a user) is offered nothing new: whole days, both included, in the caller's time zone."""

    rep = serializers.PrimaryKeyRelatedField(queryset=REPS.select_related("rep"))
    first = serializers.DateField(validators=absences.SENSIBLE)
    last = serializers.DateField(validators=absences.SENSIBLE)
    note = serializers.CharField(max_length=200, allow_blank=True, default="")

    def validate(self, values):
        """In their order."""
        if values["last"] < values["first"]:
            raise serializers.ValidationError({"last": _("The last day is before the first day.")})
        return values


class RunningFilter(django_filters.BooleanFilter):
    """Whether an absence runs at this moment."""

    def filter(self, queryset, value):
        """`queryset` narrowed; all of it where nothing is asked."""
        running = Q(during__contains=Now())
        return queryset if value is None else queryset.filter(running if value else ~running)


class AbsenceFilters(FilterSet):
    rep = django_filters.ModelChoiceFilter(field_name="rep__user", queryset=REPS)
    running = RunningFilter()

    class Meta:
        model = Absence
        fields = []


class AbsenceResource(OfReps):
    """Absences, the latest first. Reps note their own, and whoever may set up a rep those of the rep.

    Once an absence has begun, offers without an answer go on to the next rep. What was accepted stays.
    """

    queryset = Absence.objects.all()
    serializer_class, shown = StoredAbsenceSerializer, AbsenceSerializer
    filterset_class = AbsenceFilters
    order = ("-since", "-id")
    may = dict.fromkeys(("create", "destroy"), "accounts.add_absence")

    def finish(self, rows):
        """With its days, where the caller is."""
        zone = zone_of(self.request.user)
        for row in rows:
            row["rep"] = row.pop("user")
            row["first"], row["last"] = absences.days(row["since"], row["until"], zone)
        return rows

    @extend_schema(request=NewAbsenceSerializer, responses={201: NotedAbsenceSerializer})
    @idempotent
    def create(self, request):
        """Note an absence; once it has begun, offers that wait for this rep's answer go on at once."""
        said = checked(NewAbsenceSerializer(data=request.data))
        rep, zone = said["rep"], zone_of(request.user)
        self.insist(rep.rep)
        at = timezone.now()
        with transaction.atomic():
            made = absences.note(rep.rep, said["first"], said["last"], said["note"], zone, at)
            moved = handoffs.pass_on(at=at, rep=rep)
        answer = self.row(made.pk, status=201)
        answer.data["passed_on"] = moved
        return answer

    def destroy(self, request, pk):
        """The rep is back after all."""
        self.get_permitted().delete()
        return Response(status=204)
