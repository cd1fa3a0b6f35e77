"""Who belonged to a team when: as of any day, who came and went, and changes planned ahead."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import dated, memberships, organisation
from accounts.doors import permitted, require, requires
from accounts.forms.people import MoveForm, OnForm
from accounts.models import DatedFact, Team
from ui.htmx import redirect
from ui.responses import invalid


@requires("accounts.view_team")
def team_people(request, pk):
    """The people of a team on a day, its changes; what is posted moves somebody from a day on."""
    found, at = get_object_or_404(Team, pk=pk), timezone.now()
    if request.method != "POST":
        return render(request, "accounts/teams/people.html", _page(request, found, at))
    require(request, "accounts.change_team")
    form = MoveForm(request.POST)
    if not form.is_valid():
        return invalid(request, "accounts/teams/people.html", _page(request, found, at, form))
    who, team = form.cleaned_data["user"], form.cleaned_data["team"]
    try:
        dated.note(memberships.TEAM, who.pk, team and team.pk, form.since(at), at, by=request.user)
    except dated.NotPlanned as refusal:
        form.add_error(None, str(refusal))
        return invalid(request, "accounts/teams/people.html", _page(request, found, at, form))
    messages.success(
        request, _("Noted: %(person)s, %(team)s.") % {"person": who, "team": team or _("no team")}
    )
    return redirect(request, "accounts:team-people", pk)


@require_POST
@requires("accounts.change_team")
def plan_delete(request, pk, planned):
    """A planned change is off; one that belongs to a reorganisation goes with it alone."""
    try:
        dated.forget(DatedFact.objects.of(memberships.TEAM).filter(pk=planned), timezone.now())
        messages.success(request, _("The planned change is off."))
    except dated.NotPlanned as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, "accounts:team-people", pk)


def _page(request, team, at, form=None):
    asked = OnForm(request.GET)
    day = (asked.is_valid() and asked.cleaned_data["on"]) or organisation.today(at)
    moment = at if day == organisation.today(at) else organisation.midnight(day)
    may = permitted(request, "accounts.change_team")
    return {
        "team": team,
        "day": day,
        "asked": asked if asked.errors else OnForm(initial={"on": day}),
        "people": memberships.members(team, moment),
        "stretches": memberships.stretches(team),
        "at": at,
        "form": (form or MoveForm(initial={"team": team.pk, "day": organisation.today(at)})) if may else None,
    }
