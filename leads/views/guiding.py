"""One next step with its reason, as a panel of a lead, a deal or a company; and the ways to speak with a person."""

from django.utils import timezone

from accounts.doors import get_permitted
from leads import guiding, ways
from leads.models import Lead
from pipeline.models import Company, Contact, Deal
from ui.htmx import render_part

LEADS = Lead.objects.select_related("contact")


def lead_next(request, pk):
    """Of a lead."""
    found = get_permitted(request, LEADS, "leads.view_lead", pk)
    return _told(request, found, found.contact, "leads:lead", guiding.of_lead)


def deal_next(request, pk):
    """Of a deal."""
    found = get_permitted(request, Deal.objects, "pipeline.view_deal", pk)
    return _told(request, found, found, "leads:deal", guiding.of_deal)


def company_next(request, pk):
    """Of a company."""
    found = get_permitted(request, Company.objects, "pipeline.view_company", pk)
    return _told(request, found, found, "pipeline:company", guiding.of_company)


def _told(request, found, name, home, guide):
    told = guide(found, by=request.user, at=timezone.now())
    context = {"found": found, "name": name, "home": home, "guide": told}
    return render_part(request, "leads/guide/next.html", "panel", context)


def contact_ways(request, pk):
    """What each way has said to a person and heard, over both tracks, and which is best next."""
    found = get_permitted(
        request, Contact.objects.prefetch_related("identities"), "pipeline.view_contact", pk
    )
    told = ways.of(found, by=request.user, at=timezone.now())
    return render_part(request, "leads/guide/ways.html", "panel", {"contact": found, "ways": told})
