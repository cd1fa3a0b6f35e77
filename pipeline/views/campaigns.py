"""Campaigns: the list, and the form of one."""

import django_filters
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import saved
from accounts.bulk import matched, ticks
from accounts.doors import get_held, owners_permitted, permitted, requires, saves
from accounts.models import User
from accounts.organisation import current
from pipeline import campaigns
from pipeline.channels import Channel
from pipeline.forms.campaigns import CAMPAIGN, CampaignForm
from pipeline.many import CAMPAIGNS
from pipeline.models import Campaign, CampaignStatus
from pipeline.views.voice import tell_wrong
from ui import inline, keyset
from ui.filters import FilterSet, WordsFilter
from ui.htmx import redirect, render_part
from ui.responses import invalid
from ui.tables import Column, Table, addresses, chosen, extra, labels, sorting

TONES = {CampaignStatus.ACTIVE: "ok", CampaignStatus.PLANNED: "accent", CampaignStatus.CANCELLED: "bad"}
COLUMNS = [
    Column("name", gettext_lazy("Campaign"), href="href", note="note", sort="name"),
    Column("status_name", gettext_lazy("Status"), kind="pill"),
    Column("starts_on", gettext_lazy("First day"), kind="day", sort="starts_on", first="-", edit="starts_on"),
    Column("budget", gettext_lazy("Budget"), kind="short_money", edit="budget"),
    Column(
        "committed",
        gettext_lazy("Committed"),
        kind="short_money",
        currency="base",
        sort="committed",
        first="-",
    ),
    Column("paid", gettext_lazy("Paid"), kind="short_money", currency="base", sort="paid", first="-"),
    Column("leads", gettext_lazy("Leads"), kind="number", sort="brought", first="-"),
    Column("mql", gettext_lazy("MQL"), kind="number"),
    Column("sql", gettext_lazy("SQL"), kind="number"),
    Column("won", gettext_lazy("Won"), kind="number"),
    Column("ends_on", gettext_lazy("Last day"), kind="day", edit="ends_on", shown=False),
    Column("owner__full_name", gettext_lazy("Owner"), kind="person", edit="owner", shown=False),
    Column("parent__name", gettext_lazy("Programme"), shown=False),
    Column("product__name", gettext_lazy("Product"), edit="product", shown=False),
    Column("segment__name", gettext_lazy("Segment"), edit="segment", shown=False),
    Column("region__name", gettext_lazy("Region"), edit="region", shown=False),
    Column(
        "expected_leads", gettext_lazy("Expected leads"), kind="number", edit="expected_leads", shown=False
    ),
]


class CampaignFilters(FilterSet):
    """What the list may be narrowed to; all of it stands in the address."""

    q = WordsFilter(columns=["name", "code"], label=gettext_lazy("Search"))
    owner = django_filters.ModelChoiceFilter(
        queryset=User.objects.filter(Exists(Campaign.objects.filter(owner=OuterRef("pk")))),
        label=gettext_lazy("Owner"),
    )

    class Meta:
        model = Campaign
        fields = [
            "status",
            "channel",
            "segment",
            "region",
            "owner",
            "track",
            "parent",
            "product",
            "for_existing",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for hidden in ("track", "parent", "product", "for_existing"):
            if not self.data.get(hidden):
                del self.form.fields[hidden]


@matched("pipeline:campaign-list")
def matching(request, data):
    """The filters of the list, over the campaigns that the user sees."""
    seen = campaigns.with_spend(Campaign.objects.visible_to(request.user))
    return CampaignFilters(data or None, seen, request=request)


@requires("pipeline.view_campaign")
def campaign_list(request):
    """Campaigns with what they cost and whom they brought, newest first unless sorted otherwise."""
    if home := saved.opening(request, "campaigns"):
        return home
    filters = matching(request, request.GET)
    shown, sort = chosen(request, COLUMNS), sorting(request, COLUMNS, "-starts_on")
    # Counting the leads of every campaign is only worth it where the list is sorted by them.
    by_leads = sort.removeprefix("-") == "brought"
    found = campaigns.with_leads(filters.qs) if by_leads else filters.qs
    rows = found.values(
        "id", "name", "code", "status", "channel", "starts_on", "budget", "currency", "committed", "paid", "owner_id",
        *extra(shown, COLUMNS), *(["brought"] if by_leads else []),
    )  # fmt: skip
    page = keyset.page(rows, (sort, "-id"), cursor=request.GET.get("cursor", ""))
    _complete(request, page.rows)
    first = ()
    if permitted(request, "pipeline.add_campaign"):
        words = _("No campaigns yet: plan the first, and its leads and spend stand here.")
        first = (words, reverse("pipeline:campaign-new"), _("New campaign"))
    bulk = CAMPAIGNS.bar(request)
    table = Table(
        page.rows,
        shown,
        _("Campaigns"),
        request=request,
        sort=sort,
        page=page,
        cards=True,
        **ticks(bulk),
        empty=_("No campaigns match. Take a filter away."),
        first=first,
    )
    context = {
        "filter": filters,
        "table": table,
        "many": bulk,
        "views": saved.Bar(request, "campaigns", COLUMNS),
    }
    return render_part(request, "pipeline/campaigns/list.html", "rows", context)


def _complete(request, rows):
    """Add addresses, words and the figures of the funnel to the rows of one page."""
    reached = campaigns.reached([row["id"] for row in rows])
    base = current().currency
    changeable, address = (
        owners_permitted(request, "pipeline.change_campaign", Campaign, rows),
        addresses("pipeline:campaign"),
    )
    channel, status = labels(Channel), labels(CampaignStatus)
    for row in rows:
        figures = reached.get(row["id"], campaigns.Reached())
        href = address(row["id"])
        row.update(
            vars(figures),
            base=base,
            href=href,
            edit=f"{href}edit/" if row["owner_id"] in changeable else "",
            note=f"{row['code']} · {channel(row['channel'])}",
            status_name=status(row["status"]),
            tone=TONES.get(row["status"], ""),
        )


@requires("pipeline.add_campaign")
def campaign_new(request):
    """Plan a new campaign; `?parent=` makes it part of a programme."""
    parent = request.GET.get("parent", "")
    initial = {"owner": request.user.pk, "parent": parent if parent.isdigit() else None}
    return _form(request, CampaignForm(request.POST or None, initial=initial), _("New campaign"))


@saves
def campaign_edit(request, pk):
    """Change a campaign and its plan."""
    campaign = get_held(request, Campaign.objects, "pipeline.change_campaign", pk)
    return _form(request, CampaignForm(request.POST or None, instance=campaign), _("Edit the campaign"))


@saves
def campaign_field(request, pk, field):
    """Change one field of a campaign where it is read."""
    found = get_held(request, Campaign.objects, "pipeline.change_campaign", pk)
    return inline.change(request, CAMPAIGN, found, field, lambda form: form.save())


def _form(request, form, title):
    context = {"form": form, "title": title}
    if request.method != "POST":
        return render(request, "pipeline/campaigns/form.html", context)
    if not form.is_valid():
        return invalid(request, "pipeline/campaigns/form.html", context)
    campaign = form.save()
    messages.success(request, _("“%(campaign)s” is saved.") % {"campaign": campaign})
    tell_wrong(request, campaign.name, campaign.note)
    return redirect(request, "pipeline:campaign", campaign.pk)
