"""The briefing before a visit: one screen, readable without a connection once it was opened."""

from django.db.models import Exists, OuterRef
from django.shortcuts import render
from django.utils import timezone

from accounts.doors import get_permitted
from leads import briefing
from pipeline.models import Contact, Unit
from ui.htmx import redirect
from ui.offline import keep

SEEN = (
    Contact.objects.select_related("company__marketing_contact", "company__sales_owner", "region")
    .prefetch_related("identities")
    .annotate(has_units=Exists(Unit.objects.filter(company=OuterRef("company"))))
)


def contact_briefing(request, pk):
    """What to know before meeting this contact; one that was merged away leads to the survivor."""
    found = get_permitted(request, SEEN, "pipeline.view_contact", pk)
    if found.merged_into_id:
        return redirect(request, "leads:briefing", found.merged_into_id)
    at = timezone.now()
    told = briefing.brief(found, by=request.user, at=at)
    return keep(render(request, "leads/briefing.html", {"told": told, "at": at}), request.user)
