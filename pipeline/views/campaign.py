"""One campaign: its plan, its money, whom it brought."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import organisation
from accounts.doors import get_permitted, hold, permitted, require, saves
from pipeline import campaigns, months
from pipeline.forms.campaigns import CAMPAIGN, SpendForm
from pipeline.models import Campaign, Spend, SpendKind
from pipeline.stages import Stage
from pipeline.views.campaigns import TONES
from ui import charts, formats
from ui.htmx import redirect
from ui.menu import address
from ui.responses import invalid

SEEN = Campaign.objects.select_related("owner", "parent", "segment", "region", "product")
LATEST = 20


def campaign(request, pk):
    """The page of a campaign."""
    found = get_permitted(request, SEEN, "pipeline.view_campaign", pk)
    return render(request, "pipeline/campaigns/campaign.html", _page(request, found))


@require_POST
def spend_new(request, pk):
    """Log money planned, committed or paid for a campaign."""
    found = get_permitted(request, SEEN, "pipeline.view_campaign", pk)
    require(request, "pipeline.add_spend")
    form = SpendForm(request.POST, instance=Spend(campaign=found))
    if not form.is_valid():
        return invalid(request, "pipeline/campaigns/campaign.html", _page(request, found, form))
    form.instance.entered_by = request.user
    logged = form.save()
    messages.success(request, _("The spend is logged."))
    _tell_booked(request, logged)
    return redirect(request, "pipeline:campaign", pk)


@saves
def spend_edit(request, pk, spend):
    """Correct a spend; history keeps what it was."""
    found = _spend(request, pk, spend)
    if request.method == "POST":
        found = hold(found)
    form = SpendForm(request.POST or None, instance=found)
    context = {"form": form, "spend": found, "campaign": found.campaign}
    if request.method != "POST":
        return render(request, "pipeline/campaigns/spend.html", context)
    if not form.is_valid():
        return invalid(request, "pipeline/campaigns/spend.html", context)
    _tell_booked(request, form.save())
    return redirect(request, "pipeline:campaign", pk)


@require_POST
def spend_delete(request, pk, spend):
    """Take a spend away; history keeps it."""
    _spend(request, pk, spend).delete()
    messages.success(request, _("The spend is deleted."))
    return redirect(request, "pipeline:campaign", pk)


def _tell_booked(request, spend):
    """Say so where the month of service is closed and the spend counts in a later one."""
    if words := months.told(spend):
        messages.warning(request, words)


def _spend(request, pk, spend):
    found = get_object_or_404(Spend.objects.visible_to(request.user), pk=spend, campaign=pk)
    require(request, "pipeline.change_spend", found)
    return found


def _page(request, found, spend_form=None):
    spending = campaigns.spending(found)
    spent = campaigns.spend_months(found)
    reached = campaigns.reached([found.pk]).get(found.pk, campaigns.Reached())
    currency = organisation.current().currency
    today = organisation.today(timezone.now())
    budget = campaigns.budget_in_base(found, today)
    may_spend = permitted(request, "pipeline.add_spend")
    may_change = permitted(request, "pipeline.change_campaign", found)
    leads_page = _leads_page(request, found)
    if spend_form is None and may_spend:
        spend_form = SpendForm(instance=Spend(campaign=found))
    return {
        "campaign": found,
        "tone": TONES.get(found.status, ""),
        "may_change": may_change,
        "edit": CAMPAIGN.pencils(found, may_change),
        "may_add": permitted(request, "pipeline.add_campaign"),
        "may_spend": may_spend,
        "spend_form": spend_form,
        "currency": currency,
        "spending": spending,
        "used": spending["paid"] + spending["committed"],
        "budget": budget,
        "reached": reached,
        "plan_chart": _plan_chart(found, budget, spending, reached, currency, today),
        "month_chart": _month_chart(spent, currency) if spent else "",
        "funnel_chart": _funnel_chart(reached, leads_page) if reached.leads else "",
        "standing": _standing(found, leads_page),
        "leads_url": leads_page,
        "spends": found.spends.order_by("-month", "-id")[:LATEST],
        "children": _children(request, found),
    }


def _plan_chart(found, budget, spending, reached, currency, today):
    used = spending["paid"] + spending["committed"]
    unit, due = charts.money(currency), campaigns.passed(found, today)
    goals = [
        charts.Target(_("Paid and committed"), used, budget, unit, lower_is_better=True) if budget else None,
        charts.Target(_("Leads"), reached.leads, found.expected_leads, due=due)
        if found.expected_leads
        else None,
    ]
    goals = [goal for goal in goals if goal]
    return charts.bullet(goals, _("Plan and what became of it")) if goals else ""


def _month_chart(months, currency):
    names = {SpendKind.PLANNED: 6, SpendKind.COMMITTED: 3, SpendKind.PAID: 1}
    series = [
        charts.Series(str(kind.label), [row[kind.value] for row in months], tone=tone)
        for kind, tone in names.items()
    ]
    labels = [formats.month(row["month"]) for row in months]
    return charts.bars(labels, series, _("Spend by month of service"), unit=charts.money(currency))


def _funnel_chart(reached, leads_page):
    stages = [
        charts.Stage(_("Leads"), reached.leads, href=leads_page),
        charts.Stage(str(Stage.MQL.label), reached.mql),
        charts.Stage(str(Stage.SQL.label), reached.sql),
        charts.Stage(str(Stage.DEAL.label), reached.deals),
        charts.Stage(str(Stage.WON.label), reached.won),
    ]
    return charts.funnel(stages, _("How far the leads of this campaign came"))


def _standing(found, leads_page):
    """Where its leads stand now: name, count, address of the list."""
    counts = campaigns.standing(found)
    return [
        {
            "name": stage.label,
            "count": counts[stage],
            "href": f"{leads_page}&stage={stage.value}" if leads_page else "",
        }
        for stage in Stage
        if stage in counts
    ]


def _leads_page(request, found):
    """The list of its leads, where that room is open to the reader."""
    page = address("leads:lead-list") if request.user.has_perm("leads.view_lead") else ""
    return f"{page}?campaign={found.pk}" if page else ""


def _children(request, found):
    """The campaigns that are part of this one: each with what was paid for it, and its figures."""
    rows = list(found.children.visible_to(request.user).order_by("starts_on", "id"))
    keys = [row.pk for row in rows]
    paid, reached = (campaigns.paid(keys), campaigns.reached(keys)) if rows else ({}, {})
    return [(row, paid.get(row.pk), reached.get(row.pk, campaigns.Reached())) for row in rows]
