"""What happened with a company or a contact: a panel of their page, and a page of its own."""

from django.utils.translation import gettext as _

from accounts.doors import get_surviving
from leads import story
from pipeline.models import Company, Contact
from ui.htmx import redirect, render_part


def company_story(request, pk):
    """Of a company and its people."""
    found = get_surviving(request, Company.objects, "pipeline.view_company", pk)
    return _told(request, found, pk, story.of_company, "company")


def contact_story(request, pk):
    """Of one person."""
    found = get_surviving(request, Contact.objects, "pipeline.view_contact", pk)
    return _told(request, found, pk, story.of_contact, "contact")


def _told(request, found, pk, tell, name):
    if found.merged_into_id or found.pk != pk:
        return redirect(request, f"leads:{name}-story", found.merged_into_id or found.pk)
    told = tell(found, by=request.user, cursor=request.GET.get("cursor", ""))
    context = {
        "found": found,
        "story": told,
        "home": f"pipeline:{name}",
        "title": _("What happened"),
        "later": "cursor" in request.GET,
    }
    return render_part(request, "leads/story.html", "panel", context)
