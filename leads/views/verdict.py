"""What sales says of a campaign, and what became of each of its leads."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.doors import get_permitted, permitted
from leads import verdict
from leads.models import Lead
from leads.views.leads import TONES
from pipeline.models import Campaign
from pipeline.stages import Stage
from ui import keyset
from ui.htmx import render_part
from ui.tables import Column, Table

ANSWERS = {
    "accepted": (gettext_lazy("Accepted"), "ok"),
    "returned": (gettext_lazy("Returned"), "bad"),
    "expired": (gettext_lazy("Expired"), "warn"),
    "waiting": (gettext_lazy("Waits for an answer"), "accent"),
    "never": (gettext_lazy("Not offered yet"), ""),
}
COLUMNS = [
    Column("name", gettext_lazy("Lead"), href="href", note="contact__company__name"),
    Column("stage_name", gettext_lazy("Stage"), kind="pill", tone="stage_tone"),
    Column("answer", gettext_lazy("What sales said"), kind="pill", tone="answer_tone", note="why"),
    Column("rep", gettext_lazy("Rep")),
    Column("dealt_at", gettext_lazy("Last dealing"), kind="ago"),
    Column("deal_name", gettext_lazy("Deal"), href="deal_href"),
    Column("deal_amount", gettext_lazy("Amount"), kind="short_money", currency="deal_currency"),
]


def campaign_said(request, campaign):
    """What sales says, as the panel that opens a campaign's page."""
    found = get_permitted(request, Campaign.objects, "pipeline.view_campaign", campaign)
    desk = permitted(request, "leads.qualify_lead")
    context = {"campaign": found, "verdict": verdict.of_campaign(found, timezone.now()), "desk": desk}
    return render_part(request, "leads/verdict/said.html", "panel", context)


def campaign_became(request, campaign):
    """What became of each lead of a campaign that the user sees, newest first."""
    found = get_permitted(request, Campaign.objects, "pipeline.view_campaign", campaign)
    leads = Lead.objects.counted().visible_to(request.user).filter(campaign=found)
    leads = verdict.became(leads)
    answer = request.GET.get("answer", "")
    if answer in verdict.ANSWERED:
        leads = leads.filter(verdict.ANSWERED[answer])
    rows = leads.values(
        "id", "contact__full_name", "contact__company__name", "stage", "rep", "accepted_at", "end", "reason", "dealt_at",
        "deal", "deal_name", "deal_amount", "deal_currency", "captured_at",
    )  # fmt: skip
    page = keyset.page(rows, ("-captured_at", "-id"), cursor=request.GET.get("cursor", ""))
    for row in page.rows:
        row.update(_words(row))
    empty = _("No lead of this campaign is here.")
    table = Table(page.rows, COLUMNS, _("Leads"), request=request, page=page, cards=True, empty=empty)
    tabs = [
        ("", _("All"), not answer),
        *((key, label, key == answer) for key, (label, _tone) in ANSWERS.items()),
    ]
    context = {"campaign": found, "table": table, "tabs": tabs}
    return render(request, "leads/verdict/became.html", context)


def _words(row):
    key = "accepted" if row["accepted_at"] else row["end"] or ("never" if row["end"] is None else "waiting")
    label, tone = ANSWERS.get(key, ("", ""))
    returned = key == "returned" or (key == "accepted" and row["end"] == "returned")
    return {
        "name": row["contact__full_name"] or _("Nameless contact"),
        "href": reverse("leads:lead", args=[row["id"]]),
        "stage_name": Stage(row["stage"]).label,
        "stage_tone": TONES.get(row["stage"], ""),
        "answer": label,
        "answer_tone": tone,
        "why": _(row["reason"]) if returned and row["reason"] else "",
        "deal_href": reverse("leads:deal", args=[row["deal"]]) if row["deal"] else "",
    }
