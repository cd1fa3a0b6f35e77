"""Tracking links: the panel of a campaign, the form of one, and the redirect that strangers follow."""

import csv

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import get_held, get_permitted, permitted, require, saves
from leads import links, talking
from leads.forms.links import LinkForm
from leads.models import TrackingLink
from leads.webforms import addresses
from leads.webforms.asking import TRACKED
from pipeline.models import Campaign
from ui.htmx import redirect, render_part
from ui.responses import invalid

SEEN = TrackingLink.objects.select_related("campaign")


def campaign_links(request, campaign):
    """The tracking links of a campaign with their clicks, as a panel of its page."""
    found = get_permitted(request, Campaign.objects, "pipeline.view_campaign", campaign)
    rows = links.counted(found.links.all())
    context = {
        "campaign": found,
        "links": [(link, _address(link.key)) for link in rows],
        "may_change": permitted(request, "leads.change_link"),
    }
    return render_part(request, "leads/links/of_campaign.html", "panel", context)


def link_new(request, campaign):
    """Make a tracking link for a campaign."""
    found = get_permitted(request, Campaign.objects, "pipeline.view_campaign", campaign)
    require(request, "leads.change_link")
    new = TrackingLink(campaign=found, source=found.channel, created_by=request.user)
    return _edit(request, new, _("New tracking link"))


@saves
def link_edit(request, pk):
    """Change where a link leads; its address stays."""
    return _edit(request, get_held(request, SEEN, "leads.change_link", pk), _("Edit the tracking link"))


@require_POST
def link_copies(request, pk):
    """A file with a link for each person whom the campaign brought, for a mailing."""
    found = get_permitted(request, SEEN, "leads.change_link", pk)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="links-{found.key}.csv"'
    answer.write("\ufeff")
    rows = csv.writer(answer)
    rows.writerow([pgettext("of a person", "Name"), _("E-mail"), _("Link")])
    rows.writerows(
        [_harmless(name), email, _address(key)] for name, email, key in links.personal(found, timezone.now())
    )
    return answer


@require_safe
@never_cache
@login_not_required
def follow(request, key):
    """Count the click and go where the link leads, with the click ids that came along."""
    try:
        link, contact = links.find(key)
    except TrackingLink.DoesNotExist:
        raise Http404 from None
    extra = [(name, request.GET[name][:300]) for name in TRACKED if request.GET.get(name)]
    robot = request.method == "HEAD" or links.is_robot(
        request.headers.get("User-Agent", ""), request.headers.get("Sec-Purpose", "")
    )
    links.follow(link, contact, robot=robot, at=timezone.now())
    return HttpResponseRedirect(links.target(link, extra))


def _address(key):
    return addresses.absolute(reverse("leads:follow", args=[key]))


def _harmless(text):
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _edit(request, instance, title):
    form = LinkForm(request.POST or None, instance=instance)
    context = {"form": form, "title": title, "campaign": instance.campaign, "link": instance}
    if instance.pk:
        campaign, at = instance.campaign, timezone.now()
        context["address"] = _address(instance.key)
        context["left_out"] = talking.left_out(links.brought(campaign), campaign, at).count()
        context["included"] = talking.included(campaign)
    if request.method != "POST":
        return render(request, "leads/links/edit.html", context)
    if not form.is_valid():
        return invalid(request, "leads/links/edit.html", context)
    form.save()
    messages.success(request, _("The link is saved."))
    return redirect(request, "pipeline:campaign", instance.campaign_id)
