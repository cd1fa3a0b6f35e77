"""First pages: a rep's day, the desk's day."""

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import organisation
from accounts.doors import permitted, requires
from accounts.models.organisation import Level
from leads import collisions, needs, usage, worklists
from leads.forms.rep import FindForm
from leads.models.moments import Outcome
from leads.views.leads import take_in
from ui.htmx import redirect, render_part
from ui.responses import invalid

OUTCOME_ICONS = {Outcome.REACHED: "phone-call", Outcome.AGAIN: "phone-missed", Outcome.NOTHING: "check"}


@requires("leads.claim_lead")
def my_day(request):
    """What waits for the rep today, most urgent first; made for the phone."""
    at = timezone.now()
    day = worklists.day_of(request.user, at)
    collisions.mark(day.people, by=request.user, at=at)
    context = {
        "day": day,
        "needs": needs.of_others(request.user, at),
        "pool_url": reverse("leads:pool") if organisation.current().level >= Level.TEAM else "",
        "outcomes": _outcomes(),
        "currency": organisation.current().currency,
    }
    return render(request, "leads/my_day.html", context)


@requires("leads.claim_lead")
def use(request):
    """What the use of products at the rep's customers says: a part of the day that comes after the rest."""
    context = {
        "usage": usage.cards(request.user),
        "outcomes": _outcomes(),
        "currency": organisation.current().currency,
    }
    return render_part(request, "leads/units/cards.html", "cards", context)


def _outcomes():
    return [(outcome.value, OUTCOME_ICONS[outcome], outcome.label) for outcome in Outcome]


@requires("leads.claim_lead")
def find(request):
    """Take in somebody the rep found: the lead is the rep's at once and stays so."""
    form = FindForm(request.POST or None)
    if request.method != "POST":
        return render(request, "leads/my_day/find.html", {"form": form})
    lead = take_in(request, form) if form.is_valid() else None
    if lead is None:
        return invalid(request, "leads/my_day/find.html", {"form": form})
    if not permitted(request, "leads.view_lead", lead):
        messages.info(request, _("Somebody already works with this person; the touch was logged."))
        return redirect(request, "leads:my-day")
    return redirect(request, "leads:lead", lead.pk)


@requires("leads.qualify_lead")
def today(request):
    """What waits for marketing today."""
    at = timezone.now()
    context = {
        "needs": needs.of_marketing(request.user, at),
        "desk": worklists.desk_of(request.user, at),
        "currency": organisation.current().currency,
    }
    return render(request, "leads/today.html", context)
