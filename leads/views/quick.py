"""Quick-add: at the booth, on the phone, one person after the other, staying on the campaign."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.doors import get_permitted, requires
from leads import capture
from leads.forms.quick import SOURCE, QuickForm
from leads.models import Touch
from pipeline import files
from pipeline.models import Attachment, Campaign, CampaignStatus, Identity
from ui.htmx import redirect
from ui.offline import keep
from ui.responses import invalid

OPEN = (CampaignStatus.ACTIVE, CampaignStatus.PLANNED)
MOST = 30


@requires("leads.add_lead")
def quick_choose(request):
    """Which campaign? Those that run, the own ones first."""
    running = Campaign.objects.visible_to(request.user).filter(status__in=OPEN).order_by("-starts_on", "-id")
    mine = [campaign for campaign in running[:MOST] if campaign.owner_id == request.user.pk]
    others = [campaign for campaign in running[:MOST] if campaign.owner_id != request.user.pk]
    page = render(request, "leads/quick/choose.html", {"campaigns": [*mine, *others]})
    return keep(page, request.user)


@requires("leads.add_lead")
def quick_add(request, campaign):
    """Take one person in and be ready for the next. A phone that was offline posts the same form later.

    The page opens without a connection too; a phone with one asks for a token before it sends what waited, since the
    one in a page that it kept may belong to an earlier sign-in.
    """
    found = get_permitted(request, Campaign.objects, "pipeline.view_campaign", campaign)
    as_json = "application/json" in request.headers.get("Accept", "")
    if request.method != "POST":
        if as_json:
            return JsonResponse({"token": get_token(request)})
        page = render(request, "leads/quick/add.html", _context(request, found, _blank(request, found)))
        return keep(page, request.user)
    form = QuickForm(request.POST, request.FILES, campaign=found, user=request.user)
    lead = _take(request, form) if form.is_valid() else None
    if as_json:
        return _as_json(form, lead)
    if lead is None:
        return invalid(request, "leads/quick/add.html", _context(request, found, form))
    messages.success(request, _("%(name)s is in. Next, please.") % {"name": _known_as(lead, form)})
    return redirect(request, "leads:quick-add", found.pk)


def _take(request, form):
    """The lead, or None with the form's errors. Lead and card are stored together, once for each key."""
    at = timezone.now()
    try:
        with transaction.atomic():
            lead = capture.capture(form.captured(at), by=request.user, at=at)
            _keep_card(form, lead, request.user)
    except (capture.IdentityConflict, capture.Suppressed) as error:
        form.add_error(None, str(error))
        return None
    return lead


def _keep_card(form, lead, user):
    card = form.cleaned_data["card"]
    if not card:
        return
    card.name = f"{form.cleaned_data['key']}.{card.name.rpartition('.')[2]}"
    if not Attachment.objects.filter(contact=lead.contact_id, name=card.name).exists():
        files.keep(card, by=user, contact=lead.contact)


def _as_json(form, lead):
    if lead is None:
        errors = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"errors": errors, "wrong": form.wrong()}, status=422)
    return JsonResponse({"id": lead.pk, "name": _known_as(lead, form)}, status=201)


def _known_as(lead, form):
    return lead.contact.full_name or form.known_as() or str(lead.contact)


def _blank(request, campaign):
    return QuickForm(campaign=campaign, user=request.user, initial={"key": uuid.uuid4()})


def _context(request, campaign, form):
    mine = Touch.objects.filter(campaign=campaign, source=SOURCE, actor=request.user)
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    latest = mine.filter(at__gte=start).select_related("contact__company").order_by("-at", "-pk")
    address = Identity.objects.filter(contact=OuterRef("contact")).order_by("pk").values("value")[:1]
    shown = latest.annotate(address=Subquery(address))[:5]  # a card with a number and no name
    return {"campaign": campaign, "form": form, "latest": list(shown), "count": latest.count()}
