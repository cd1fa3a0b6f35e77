"""Working calendars in the REST API: weekly hours in a zone, holidays and moved working days, as on their pages."""

from django.core.validators import RegexValidator
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts import holidays, organisation
from accounts.formed import Formed, Shown
from accounts.forms.house import CalendarForm, SpecialDayForm
from accounts.models import CalendarDay, WorkingCalendar
from accounts.unheard import Heard
from engine.idempotency import idempotent
from ui.filters import FilterSet

CLOCK = RegexValidator(r"^\d{1,2}:\d{2}$", gettext_lazy("Write hours like 9:00–12:30, 13:30–18:00."))
DAY = OpenApiParameter("day", int, "path")


def hours_field(**options):
    """The hours of a day: [["09:00", "12:30"], ["13:30", "18:00"]]; empty is a day off, "24:00" ends a day."""
    clock = serializers.CharField(max_length=5, validators=[CLOCK])
    pair = serializers.ListField(child=clock, min_length=2, max_length=2)
    return serializers.ListField(child=pair, max_length=12, **options)


class CalendarSerializer(Formed, serializers.ModelSerializer):
    """`hours` are those of seven days, Monday first, each a list of [from, to]. Named by a `country`, its holidays stand in `days/`."""

    zone = serializers.CharField(max_length=64)
    hours = serializers.ListField(child=hours_field(), min_length=7, max_length=7, required=False)

    class Meta:
        model, form = WorkingCalendar, CalendarForm
        fields = ["id", "name", "zone", "country", "hours"]
        extra_kwargs = {"name": {"validators": []}}  # the form's own words

    def asked(self, values):
        """The hours of each day by themselves."""
        week = {f"day{number}": day for number, day in enumerate(values.get("hours", ()))}
        return {**{name: value for name, value in values.items() if name != "hours"}, **week}

    def ours(self, name):
        """A day's hours are hours."""
        return "hours" if name.startswith("day") else name

    def save(self):
        """With the holidays of this year and the next. What somebody entered by hand stays."""
        saved = super().save()
        holidays.fill_ahead(saved, organisation.today(timezone.now()))
        return saved


class DaySerializer(Heard, Formed, serializers.ModelSerializer):
    """A day that differs from its weekday: without hours a day off, with hours a moved working day."""

    hours = hours_field(required=False)

    class Meta:
        model, form = CalendarDay, SpecialDayForm
        fields = ["id", "day", "name", "hours"]

    def begin(self, *data):
        """The form of a day of this calendar."""
        return SpecialDayForm(*data, instance=CalendarDay(calendar=self.context["calendar"]))


class CalendarFilters(FilterSet):
    class Meta:
        model = WorkingCalendar
        fields = ["country"]


class CalendarResource(Shown):
    """Working calendars: the clocks of a team run by its own."""

    queryset = WorkingCalendar.objects.all()
    serializer_class = CalendarSerializer
    filterset_class = CalendarFilters
    order = ("name", "id")
    reads = "accounts.view_team"
    may = dict.fromkeys(("create", "partial_update", "add_day", "drop_day"), "accounts.change_calendar")

    @extend_schema(responses=DaySerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def days(self, request, pk):
        """The special days that are known, by date."""
        return Response(DaySerializer(self.get_permitted().days.order_by("day"), many=True).data)

    @extend_schema(request=DaySerializer, responses={201: DaySerializer})
    @days.mapping.post
    @idempotent
    def add_day(self, request, pk):
        """Enter a day off, or a moved working day."""
        shape = DaySerializer(data=request.data, context={"calendar": self.get_permitted()})
        shape.is_valid(raise_exception=True)
        return Response(DaySerializer(shape.save()).data, status=201)

    @extend_schema(request=None, responses={204: None}, parameters=[DAY])
    @action(detail=True, methods=["delete"], url_path=r"days/(?P<day>[0-9]{1,18})")
    def drop_day(self, request, pk, day):
        """The day is like its weekday after all."""
        gone, _kinds = self.get_permitted().days.filter(pk=day).delete()
        if not gone:
            raise Http404
        return Response(status=204)
