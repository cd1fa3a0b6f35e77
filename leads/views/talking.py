"""With whom of a campaign's people sales is talking: the list of who is left out of its mailings, and including them."""

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.doors import get_permitted, permitted, require
from leads import audiences, links, talking
from leads.forms.audiences import IncludeForm
from leads.models import Audience
from pipeline.models import Campaign, Contact
from ui import keyset
from ui.htmx import redirect, render_part
from ui.tables import Column, Table, addresses

COLUMNS = [
    Column("name", pgettext_lazy("of a person", "Name"), href="href"),
    Column("company__name", gettext_lazy("Company")),
    Column("company__sales_owner__full_name", gettext_lazy("Account owner"), kind="person"),
]


def campaign_talking(request, campaign):
    """Who is left out of the mailings of a campaign because sales is talking with them; a POST includes them, or no longer."""
    found, at = get_permitted(request, Campaign.objects, "pipeline.view_campaign", campaign), timezone.now()
    if request.method == "POST":
        require(request, "pipeline.change_campaign", found)
        return _decide(request, found, at)
    people = _addressed(found).filter(talking.with_sales(at))
    rows = people.visible_to(request.user).values(
        "id", "full_name", "company__name", "company__sales_owner__full_name"
    )
    page, address = (
        keyset.page(rows, ("full_name", "id"), cursor=request.GET.get("cursor", "")),
        addresses("pipeline:contact"),
    )
    for row in page.rows:
        row.update(name=row["full_name"] or _("Nameless contact"), href=address(row["id"]))
    empty = _("Sales is talking with nobody of this campaign.")
    context = {
        "campaign": found,
        "table": Table(page.rows, COLUMNS, _("People"), request=request, page=page, cards=True, empty=empty),
        "all": people.count(),
        "included": talking.included(found),
        "form": IncludeForm(),
        "may_decide": permitted(request, "pipeline.change_campaign", found),
    }
    return render_part(request, "leads/links/talking.html", "rows", context)


def _addressed(campaign):
    """Whom a mailing of the campaign would reach otherwise: those whom it brought, and those of its lot."""
    brought = links.brought(campaign)
    if lot := Audience.objects.filter(campaign=campaign).first():
        drawn = audiences.lot(lot).values("pk")
        return Contact.objects.filter(pk__in=drawn) | Contact.objects.filter(pk__in=brought.values("pk"))
    return brought


def _decide(request, campaign, at):
    form = IncludeForm(request.POST)
    if request.POST.get("leave_out"):
        talking.include(campaign, "", request.user, at)
        messages.success(request, _("They are left out again."))
    elif form.is_valid():
        talking.include(campaign, form.cleaned_data["reason"], request.user, at)
        messages.success(request, _("They are included, and the reason is kept."))
    else:
        messages.warning(request, _("Say why they are included."))
    return redirect(request, "leads:campaign-talking", campaign.pk)
