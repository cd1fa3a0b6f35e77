"""Teams, and the calendars they work by."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import holidays, organisation
from accounts.doors import held, permitted, requires, saves
from accounts.forms.house import CalendarForm, SpecialDayForm
from accounts.forms.people import TeamForm
from accounts.models import CalendarDay, Team, User, WorkingCalendar
from ui import keyset
from ui.htmx import redirect, render_part
from ui.responses import invalid
from ui.tables import Column, Table, sorting

TEAMS = [
    Column("name", gettext_lazy("Team"), href="href", sort="name"),
    Column("track_name", gettext_lazy("Track")),
    Column("head__full_name", gettext_lazy("Head"), kind="person"),
    Column("region__name", gettext_lazy("Region")),
    Column("people", gettext_lazy("People"), kind="number"),
    Column("calendar__name", gettext_lazy("Working calendar")),
]


@requires("accounts.view_team")
def team_list(request):
    """Teams by name."""
    here = Count("members", filter=Q(members__is_active=True))
    rows = Team.objects.annotate(people=here).values(
        "id", "name", "track", "head__full_name", "region__name", "people", "calendar__name"
    )
    sort = sorting(request, TEAMS, "name")
    page = keyset.page(rows, (sort, "id"), cursor=request.GET.get("cursor", ""))
    tracks = dict(Team._meta.get_field("track").choices)
    for row in page.rows:
        row.update(href=reverse("accounts:team", args=[row["id"]]), track_name=tracks[row["track"]])
    empty = _("No teams yet: reps and marketers work in teams.")
    table = Table(
        page.rows, TEAMS, _("Teams"), request=request, sort=sort, page=page, cards=True, empty=empty
    )
    calendars = WorkingCalendar.objects.all()
    return render_part(request, "accounts/teams/list.html", "rows", {"table": table, "calendars": calendars})


@requires("accounts.view_team")
def team(request, pk):
    """A team and its people."""
    found = get_object_or_404(Team.objects.select_related("head", "region", "calendar"), pk=pk)
    people = User.objects.filter(team=found, is_active=True).select_related("rep").order_by("full_name")
    return render(request, "accounts/teams/team.html", {"team": found, "people": people})


@requires("accounts.change_team")
def team_new(request):
    """A new team."""
    return _team_form(request, TeamForm(request.POST or None), _("New team"))


@saves
@requires("accounts.change_team")
def team_edit(request, pk):
    """Change a team."""
    found = held(request, get_object_or_404(Team, pk=pk))
    return _team_form(request, TeamForm(request.POST or None, instance=found), _("Edit the team"))


def _team_form(request, form, title):
    context = {"form": form, "title": title}
    if request.method != "POST":
        return render(request, "accounts/teams/form.html", context)
    if not form.is_valid():
        return invalid(request, "accounts/teams/form.html", context)
    return redirect(request, "accounts:team", form.save().pk)


# -- calendars ---------------------------------------------------------------------------------------------
@requires("accounts.change_calendar")
def calendar_new(request):
    """A new calendar."""
    usual = {"zone": organisation.current().zone, "country": organisation.country()}
    form = CalendarForm(request.POST or None, initial=usual)
    return _calendar_form(request, form, {"title": _("New working calendar")})


@saves
@requires("accounts.view_team")
def calendar(request, pk):
    """A calendar: its hours, to change by whoever may, and its special days from this year on."""
    found = get_object_or_404(WorkingCalendar, pk=pk)
    may_change = permitted(request, "accounts.change_calendar")
    if not may_change and request.method != "GET":
        return redirect(request, "accounts:calendar", pk)
    found = held(request, found)
    return _calendar_form(
        request, CalendarForm(request.POST or None, instance=found), _calendar(request, found)
    )


def _calendar_form(request, form, context):
    context = {"form": form, "may_change": permitted(request, "accounts.change_calendar"), **context}
    if request.method != "POST":
        return render(request, "accounts/teams/calendar.html", context)
    if not form.is_valid():
        return invalid(request, "accounts/teams/calendar.html", context)
    saved = form.save()
    new = holidays.fill_ahead(saved, organisation.today(timezone.now()))
    messages.success(
        request, _("“%(name)s” is saved; %(n)d special days are new.") % {"name": saved, "n": new}
    )
    return redirect(request, "accounts:calendar", saved.pk)


@require_POST
@requires("accounts.change_calendar")
def day_new(request, pk):
    """A day off, or a moved working day."""
    found = get_object_or_404(WorkingCalendar, pk=pk)
    form = SpecialDayForm(request.POST, instance=CalendarDay(calendar=found))
    if not form.is_valid():
        context = {"form": CalendarForm(instance=found), **_calendar(request, found), "day_form": form}
        return invalid(request, "accounts/teams/calendar.html", {**context, "may_change": True})
    form.save()
    return redirect(request, "accounts:calendar", pk)


@require_POST
@requires("accounts.change_calendar")
def day_delete(request, pk, day):
    """The day is like its weekday after all."""
    get_object_or_404(CalendarDay, pk=day, calendar=pk).delete()
    return redirect(request, "accounts:calendar", pk)


def _calendar(request, found):
    this_year = organisation.today(timezone.now()).replace(month=1, day=1)
    return {
        "title": str(found),
        "calendar": found,
        "days": found.days.filter(day__gte=this_year).order_by("day"),
        "day_form": SpecialDayForm(instance=CalendarDay(calendar=found)),
    }
