"""Whether the other track was in contact lately: a panel of a contact's and a company's page, and a page of its own."""

from django.contrib import messages
from django.utils import timezone

from accounts.doors import get_permitted
from accounts.models import Track
from leads import agreement, collisions
from leads.capture.person import track_of
from pipeline.models import Company, Contact
from ui.htmx import render_part


def contact_collision(request, pk):
    """Of a contact, else of their colleagues."""
    found = get_permitted(request, Contact.objects, "pipeline.view_contact", pk)
    return _told(request, found, collisions.of)


def company_collision(request, pk):
    """Of a company, whoever there it was."""
    found = get_permitted(request, Company.objects, "pipeline.view_company", pk)
    return _told(request, found, collisions.of_companies)


def _told(request, found, ask):
    others = next(track for track in Track if track != track_of(request.user))
    context = {
        "found": found,
        "collision": ask([found.pk], by=request.user, at=timezone.now()).get(found.pk),
        "others": others.label,
        "days": agreement.in_force().collision_days,
    }
    return render_part(request, "leads/lead/collision.html", "panel", context)


def warn(request, contact_id, at):
    """Before an attempt is logged: whom of the other track to speak with, as sentences for `tell`."""
    return [one.words for one in collisions.of([contact_id], by=request.user, at=at).values()]


def tell(request, warnings):
    """Say beside what was logged that the other track is at it too."""
    for words in warnings:
        messages.warning(request, words)
