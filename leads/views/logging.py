"""Logging what happened from the page of a contact, a company or a deal."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.doors import get_permitted, permitted, require
from leads import capture, complaints
from leads.forms.leads import WhoLogForm
from leads.views import taps
from leads.views.collisions import tell, warn
from pipeline.models import Company, Contact, Deal
from ui.htmx import redirect, render_part
from ui.inline import following
from ui.responses import invalid

PEOPLE = 200


def contact_log(request, pk):
    """What happened with one person."""
    found = get_permitted(request, Contact.objects, "pipeline.view_contact", pk)
    return _log(request, found, Q(pk=found.pk), "pipeline:contact", Q(contact=found))


def company_log(request, pk):
    """What happened with somebody at a company."""
    found = get_permitted(request, Company.objects, "pipeline.view_company", pk)
    return _log(request, found, Q(company=found), "pipeline:company", Q(contact__company=found))


def deal_log(request, pk):
    """What happened with somebody of a deal, or of its company."""
    found = get_permitted(request, Deal.objects.select_related("company"), "pipeline.view_deal", pk)
    people = Q(pk__in=found.contacts.values("pk"))
    theirs = Q(contact__in=found.contacts.values("pk"))
    if found.company_id:
        people, theirs = people | Q(company=found.company_id), theirs | Q(contact__company=found.company_id)
    return _log(request, found, people, "leads:deal", theirs)


def _log(request, found, people, home, theirs):
    """The panel, or the log of what is posted; afterwards back to the page that it stands on."""
    seen = Contact.objects.visible_to(request.user).surviving().filter(people).order_by("full_name", "pk")
    form = WhoLogForm(request.POST or None, people=seen[:PEOPLE] if request.method != "POST" else seen)
    if request.method == "POST":
        require(request, "leads.add_touch")
        if not form.is_valid():
            return invalid(request, "leads/log.html", _context(request, found, form, home, theirs))
        to = following(request.POST.get("next", ""), request, reverse(home, args=[found.pk]))
        _logged(request, form, to)
        return redirect(request, to)
    return render_part(request, "leads/log.html", "panel", _context(request, found, form, home, theirs))


def _logged(request, form, to):
    contact, at = form.cleaned_data["contact"], timezone.now()
    beside = warn(request, contact.pk, at) if form.facts["outbound"] else []
    capture.log_touch(contact, by=request.user, at=at, tapped=at, **form.facts)
    taps.say(request, _("Logged."), at, to)
    tell(request, beside)


def _context(request, found, form, home, theirs):
    may = permitted(request, "leads.add_touch")
    return {
        "found": found,
        "home": home,
        "form": form if may else None,
        "complaints": complaints.open_ones(theirs, request.user),
        "may": may,
    }
