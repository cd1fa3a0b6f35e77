"""Who brought a deal: a panel of its page, and a page of its own with a model to choose."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts import organisation
from accounts.doors import get_permitted
from leads.models.touches import TouchKind
from pipeline.channels import Channel
from pipeline.models import Deal, Outcome
from reports import attribution, locks
from reports.attribution.models import shown
from reports.brought import SIDES, WORK, brought
from reports.choice import one_of
from ui.filters import refuse_strange
from ui.htmx import render_part
from ui.tables import Column, Table

EARNS = [
    Column("side", gettext_lazy("Whose work"), kind="pill", tone="tone"),
    Column("share", gettext_lazy("Share"), kind="percent"),
    Column("amount", gettext_lazy("Amount"), kind="money"),
]
GROUPED = [
    Column("campaign", gettext_lazy("Campaign"), href="href"),
    Column("touches", gettext_lazy("Touches"), kind="number"),
    *EARNS,
]
COLUMNS = [
    Column("at", gettext_lazy("When"), kind="day"),
    Column("what", gettext_lazy("What"), note="channel"),
    Column("campaign", gettext_lazy("Campaign"), href="href"),
    *EARNS,
]
TONES = {"marketing": "accent", "sales": "ok", "partner": "warn"}


@require_safe
def deal_brought(request, pk):
    """The touches on the way of a deal and what each earns, for whoever may see the deal."""
    deal = get_permitted(request, Deal.objects.select_related("company"), "pipeline.view_deal", pk)
    refuse_strange(request.GET, {"model"})
    model = one_of(request.GET, "model", attribution.MODELS, locked_for(deal))
    found = brought(deal.pk, model)
    context = {
        "deal": deal,
        "lost": deal.outcome == Outcome.LOST,
        "found": found,
        "source": SIDES[found.source] if found.source not in ("", "other") else "",
        "sides": [(SIDES[side], share) for side, share in found.sides.items()],
        "models": shown(organisation.current().level, model).values(),
        "grouped": _grouped(found, request),
        "touches": _touches(found, request),
    }
    return render_part(request, "reports/brought.html", "panel", context)


def locked_for(deal):
    """The name of the model that finance locked for the year of the win (an open deal: for today), else the default one."""
    day = deal.signed_on or organisation.today(timezone.now())
    return locks.model_on(day) or attribution.DEFAULT


def _grouped(found, request):
    """One row for each campaign, or channel without a campaign, on the way."""
    rows = [
        {
            **_told(group[0]),
            "campaign": group[0].campaign_name or _channel(group[0]),
            "touches": len(group),
            "share": sum(one.share for one in group),
            "amount": None if group[0].amount is None else sum(one.amount for one in group),
        }
        for group in found.bringers()
    ]
    return Table(rows, GROUPED, _("Who brought this deal"), request=request, sideways=True)


def _touches(found, request):
    """One row for each touch on the way."""
    rows = [
        _told(one) | {"at": one.at, "what": TouchKind(one.kind).label, "channel": _channel(one)}
        for one in found.touches
    ]
    return Table(rows, COLUMNS, _("The way of the deal"), request=request, sideways=True)


def _told(one):
    return {
        "campaign": one.campaign_name,
        "href": reverse("pipeline:campaign", args=[one.campaign]) if one.campaign else "",
        "side": WORK[one.side],
        "tone": TONES.get(one.side, ""),
        "share": one.share,
        "amount": one.amount,
        "currency": organisation.current().currency,
    }


def _channel(one):
    return Channel(one.channel).label if one.channel else ""
