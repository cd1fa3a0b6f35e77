"""First pages: a rep's day, the desk's day."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.doors import requires
from leads import worklists


@requires("leads.claim_lead")
def my_day(request):
    """What waits for the rep today, most urgent first; made for the phone."""
    day = worklists.day_of(request.user, timezone.now())
    return render(request, "leads/my_day.html", {"day": day, "pool_url": reverse("leads:pool")})


@requires("leads.qualify_lead")
def today(request):
    """What waits for marketing today."""
    desk = worklists.desk_of(request.user, timezone.now())
    return render(request, "leads/today.html", {"desk": desk, "ages": worklists.AGES})
