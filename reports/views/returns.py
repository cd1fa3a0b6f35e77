"""Return of campaigns: all of them with every model side by side, and one of them as a panel."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts import organisation
from accounts.doors import requires
from accounts.models.organisation import Level
from leads.models import Audience
from pipeline.models import Campaign
from reports import (
    attribution,
    comparing,
    effects,
    exporting,
    planned,
    planning_tables,
    platforms,
    returns,
)
from reports.attribution.models import shown
from reports.choice import axes, parse, to_date
from reports.figures import FIGURES
from reports.views.head import head
from ui.htmx import render_part

PARTS = [
    ("by-campaign", gettext_lazy("By campaign")),
    ("costs", gettext_lazy("Cost of each step and average sale")),
    ("plan", gettext_lazy("Plan against actual")),
    ("by-channel", gettext_lazy("By channel")),
    ("platforms", gettext_lazy("As the platforms report it")),
]


@require_safe
@requires("reports.view_money")
def campaigns(request):
    """Every campaign of the choice under its programme, and every channel, by all models."""
    known = axes(request.GET)
    choice = parse(request.GET, known, timezone.now())
    found = returns.side_by_side(choice, shown(organisation.current().level, choice.model), whole=True)
    plans, lines = planned.plans(choice), found[choice.model].tree()
    reported = platforms.platform_table(found[choice.model], choice)
    if kind := exporting.wanted(request):
        more = [planning_tables.channels_file(found, choice), *([reported] if reported else [])]
        return exporting.answer(kind, "campaigns", *planning_tables.file(found, plans, choice), more=more)
    context = head(request, choice, known, _("Return of campaigns"), choice.query()) | {
        "costs": planning_tables.cost_table(lines, plans, choice),
        "plan": planning_tables.plan_table(lines, plans, choice),
        "table": comparing.models_table(found, plans, choice),
        "channels": comparing.channels_table(found, choice),
        "platforms": reported,
        "parts": PARTS if reported else PARTS[:-1],
        "figures": FIGURES,
    }
    return render_part(request, "reports/campaigns.html", "board", context)


@require_safe
@requires("reports.view_money")
def campaign_return(request, pk):
    """What one campaign earned, with what is under it, by all models: a panel of its page, and a page of its own."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    choice = to_date(timezone.now())
    found = returns.side_by_side(choice, shown(organisation.current().level, choice.model), under=campaign.pk)
    audience = Audience.objects.select_related("campaign").filter(campaign=campaign).first()
    context = effects.shown(campaign, audience, timezone.now()) | {
        "campaign": campaign,
        "begun": any(
            one.total.spend or one.total.credited or one.total.open_credited for one in found.values()
        ),
        "measures_effect": audience is not None or organisation.current().level >= Level.FULL,
        "table": comparing.one_campaign(found, choice, campaign),
        "facts": [
            *comparing.cost_facts(found[choice.model].total, choice),
            *planning_tables.facts(
                planned.plans(choice).get(campaign.pk, planned.NONE), found[choice.model].total, choice
            ),
        ],
        "figures": FIGURES,
        "model": attribution.MODELS[choice.model].label,
    }
    return render_part(request, "reports/campaign_return.html", "panel", context)
