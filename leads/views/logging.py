"""Logging what happened from the page of a contact, a company or a deal."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import get_permitted, permitted, require
from leads import attempts, capture, complaints
from leads.forms.leads import WhoLogForm
from leads.forms.rep import NoteForm
from leads.views import taps
from leads.views.collisions import tell, warn
from pipeline.models import Company, Contact, Deal, Step
from ui import formats
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


@require_POST
def contact_again(request, pk):
    """No answer of somebody who has no lead in hand: log the attempt and plan the next one in two hours."""
    found = get_permitted(request, Contact.objects, "pipeline.view_contact", pk)
    require(request, "leads.add_touch")
    return called_in_vain(request, found, _back_to(request, reverse("pipeline:contact", args=[pk])))


@require_POST
def contact_note(request, pk):
    """Write something down about a contact."""
    found = get_permitted(request, Contact.objects, "pipeline.view_contact", pk)
    require(request, "leads.add_touch")
    form, at, to = (
        NoteForm(request.POST),
        timezone.now(),
        _back_to(request, reverse("pipeline:contact", args=[pk])),
    )
    if form.is_valid():
        attempts.note(found, form.cleaned_data["note"], by=request.user, at=at)
        taps.say(request, _("Noted."), at, to)
    else:
        messages.error(request, _("Write the note first."))
    return redirect(request, to)


@transaction.atomic
def called_in_vain(request, contact, to):
    """Log a call that nobody answered, tick off the own step that it was, plan the next, and go on to `to`.

    Of one step once, however often it is sent.
    """
    tried = request.POST.get("step", "")
    own = Step.objects.select_for_update(of=("self",)).filter(
        Q(contact=contact) | Q(contact=None), owner=request.user
    )
    step = own.filter(pk=tried).first() if tried.isdecimal() and len(tried) < 19 else None
    at = timezone.now()
    if step and step.done_at:
        messages.info(request, _("That step is done already."))
        return redirect(request, to)
    beside = warn(request, contact.pk, at)
    planned = attempts.call_again(contact, by=request.user, at=at, step=step)
    said = _("Logged. Call again %(when)s.") % {"when": formats.moment(planned.due_at)}
    taps.say(request, said, at, to)
    tell(request, beside)
    return redirect(request, to)


def _log(request, found, people, home, theirs):
    """The panel, or the log of what is posted; afterwards back to the page that it stands on."""
    seen = Contact.objects.visible_to(request.user).surviving().filter(people).order_by("full_name", "pk")
    form = WhoLogForm(request.POST or None, people=seen[:PEOPLE] if request.method != "POST" else seen)
    if request.method == "POST":
        require(request, "leads.add_touch")
        if not form.is_valid():
            return invalid(request, "leads/log.html", _context(request, found, form, home, theirs))
        to = _back_to(request, reverse(home, args=[found.pk]))
        _logged(request, form, to)
        return redirect(request, to)
    return render_part(request, "leads/log.html", "panel", _context(request, found, form, home, theirs))


def _back_to(request, home):
    """Where the form says it came from, if that is a page of ours; else `home`."""
    return following(request.POST.get("next", ""), request, home)


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
