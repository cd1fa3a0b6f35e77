"""Incrementality: the audience of a campaign, the lot, and what the campaign changed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import organisation
from accounts.doors import held, permitted, require, requires, saves
from accounts.models.organisation import Level
from leads import audiences, talking
from leads.forms.audiences import AudienceForm, DrawForm
from leads.models import Audience
from pipeline.models import Campaign
from reports import effects, exporting
from reports.columns import link
from reports.figures import FIGURES
from ui import keyset
from ui.htmx import redirect, render_part
from ui.responses import invalid
from ui.tables import Column, Table

COLUMNS = [
    Column("full_name", pgettext_lazy("of a person", "Name"), href="href"),
    Column("company__name", gettext_lazy("Company")),
    Column("email", gettext_lazy("E-mail")),
]


def _campaign(request, pk):
    return get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@saves
@requires("reports.view_money")
def effect(request, pk):
    """How the effect of a campaign is measured, and what it is; a POST changes how."""
    campaign, at = _campaign(request, pk), timezone.now()
    audience = Audience.objects.select_related("campaign").filter(campaign=campaign).first()
    kept = held(request, audience or Audience(campaign=campaign))
    form = AudienceForm(request.POST or None, instance=kept)
    if request.method == "POST":
        require(request, "leads.draw_audience")
        if form.is_valid():
            if form.instance.created_by_id is None:
                form.instance.created_by = request.user
            form.save()
            messages.success(request, _("How the effect is measured is saved."))
            return redirect(request, "reports:effect", pk)
    context = {
        "campaign": campaign,
        "audience": audience,
        "counts": audience and audiences.counts(audience),
        "may_draw": permitted(request, "leads.draw_audience"),
        "form": form,
        "draw_form": DrawForm(),
        "figures": FIGURES,
        "shows_commission": permitted(request, "reports.view_commission")
        and organisation.current().level >= Level.FULL,
        **effects.shown(campaign, audience, at),
    }
    if form.errors:
        return invalid(request, "reports/effect.html", context)
    return render_part(request, "reports/effect.html", "panel", context)


@require_POST
@requires("leads.draw_audience")
def draw(request, pk):
    """Draw people into the audience of a campaign; whoever is there already keeps their lot."""
    campaign = _campaign(request, pk)
    audience, form = get_object_or_404(Audience, campaign=campaign), DrawForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Nothing was drawn: choose from what there is."))
        return redirect(request, "reports:effect", pk)
    added = audiences.draw(audience, form.wish(), timezone.now())
    said = ngettext("%(count)s person was drawn.", "%(count)s people were drawn.", added)
    messages.success(request, said % {"count": added})
    return redirect(request, "reports:effect", pk)


@require_safe
@requires("leads.draw_audience")
def audience(request, pk):
    """The people whom a campaign may reach, without those held out and those who withdrew: a list and a file."""
    campaign = _campaign(request, pk)
    found = get_object_or_404(Audience, campaign=campaign)
    at = timezone.now()
    rows = audiences.reached(found, at).values("id", "full_name", "company__name", "email")
    if kind := exporting.wanted(request):
        return exporting.answer(
            kind,
            "audience",
            COLUMNS,
            exporting.chunked(rows.order_by("full_name", "id"), lambda chunk: chunk),
            title=_("Audience"),
        )
    page = keyset.page(rows, ("full_name", "id"), cursor=request.GET.get("cursor", ""))
    for row in page.rows:
        row["href"] = link("pipeline:contact", row["id"])
    table = Table(
        page.rows,
        COLUMNS,
        _("Audience"),
        request=request,
        page=page,
        cards=True,
        empty=_("Nobody was drawn yet."),
    )
    context = {
        "campaign": campaign,
        "table": table,
        "left_out": talking.left_out(audiences.lot(found), campaign, at).count(),
        "included": talking.included(campaign),
    }
    return render_part(request, "reports/audience.html", "rows", context)
