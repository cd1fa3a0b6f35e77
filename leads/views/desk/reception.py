"""Taking a lead at the desk, giving it back, and logging a talk without leaving its page."""

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import get_permitted
from leads import capture, reception
from leads.forms.leads import LogForm
from leads.models import Lead, Touch
from leads.views.collisions import tell, warn
from leads.views.desk.queues import queue_of
from ui.htmx import redirect, toast, wants_fragment

LATEST = 6


def desk_of(lead, at):
    """Who works on a lead at the desk, for its page."""
    return {"holder": reception.holder(lead, at), "at_desk": lead.stage in reception.AT_DESK}


def talk_of(lead, form=None):
    """The last dealings with a lead's contact, and the form that logs the next."""
    touches = Touch.objects.filter(contact=lead.contact_id).select_related("campaign", "actor")
    return {
        "touches": list(touches.order_by("-at", "-pk")[:LATEST]),
        "identities": list(lead.contact.identities.order_by("pk")),
        "log_form": form or LogForm(),
    }


@require_POST
def take(request, pk):
    """Take a lead at the desk; who comes too late is told who has it."""
    lead, at = _permitted(request, pk), timezone.now()
    taken = reception.take(lead.pk, by=request.user, at=at)
    if not taken and not wants_fragment(request):  # the fragment says it by itself
        messages.warning(request, reception.too_late(lead.pk, at))
    return _reception(request, lead.pk, at)


@require_POST
def free(request, pk):
    """Give a lead back to the desk."""
    lead = _permitted(request, pk)
    reception.free(lead.pk, by=request.user)
    return _reception(request, lead.pk, timezone.now())


@require_POST
def log(request, pk):
    """Log a talk from the desk's page, which keeps what is typed there; it counts as work on the lead."""
    lead, at = _permitted(request, pk), timezone.now()
    form = LogForm(request.POST)
    if not form.is_valid():
        return _talk(request, lead, {"beside": []} | talk_of(lead, form), status=422)
    beside = warn(request, lead.contact_id, at) if form.facts["outbound"] else []
    capture.log_touch(lead.contact, by=request.user, at=at, **form.facts)
    reception.take(lead.pk, by=request.user, at=at)
    if wants_fragment(request):
        return toast(_talk(request, lead, {"beside": beside} | talk_of(lead)), _("Logged."))
    messages.success(request, _("Logged."))
    tell(request, beside)
    return _back(request, lead.pk)


def _permitted(request, pk):
    return get_permitted(request, Lead.objects.select_related("contact"), "leads.qualify_lead", pk)


def _reception(request, pk, at):
    if not wants_fragment(request):
        return _back(request, pk)
    lead = Lead.objects.select_related("desk_by").get(pk=pk)
    context = {"lead": lead, "queue": queue_of(request), **desk_of(lead, at)}
    return render(request, "leads/desk/reception.html", context)


def _talk(request, lead, context, status=200):
    """The panel for htmx; else a page of its own, for a form that is not valid."""
    context |= {"lead": lead, "queue": queue_of(request)}
    name = "leads/desk/talk.html" if wants_fragment(request) else "leads/desk/talk_page.html"
    return render(request, name, context, status=status)


def _back(request, pk):
    return redirect(request, f"{reverse('leads:complete', args=[pk])}?queue={queue_of(request)}")
