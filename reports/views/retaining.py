"""A programme for existing customers: its goal, signed by both heads, what it kept and its return."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import organisation
from accounts.doors import permitted, requires
from leads import signing
from pipeline.models import Campaign
from reports import exporting
from reports.choice import axes
from reports.models import KeepGoal
from reports.retaining import goals, telling
from reports.retaining.figures import kept
from reports.retaining.forms import GoalForm
from ui.htmx import redirect, render_part

DRAFT, SIGN = "reports.draft_goal", "reports.sign_goal"


@require_safe
@requires("reports.view_money")
def programme(request, pk):
    """What the programme kept against its goal, and what would have been kept without it."""
    return _page(request, _programme(pk), GoalForm())


def _programme(pk):
    named = Campaign.objects.select_related("segment", "region", "owner")
    return get_object_or_404(named, pk=pk, for_existing=True)


def figures_of(campaign):
    """(Kept, the goal in force) of a programme, as of today."""
    known, goal = axes(), goals.in_force(campaign)
    region = known.regions.get(campaign.region_id)
    return kept(
        campaign, goal, list(region.under) if region else None, organisation.today(timezone.now())
    ), goal


def _page(request, campaign, form):
    found, goal = figures_of(campaign)
    currency = organisation.current().currency
    table = telling.sides(found, currency)
    if kind := exporting.wanted(request):
        return exporting.answer(kind, "programme", table.columns, table.rows, title=str(table.caption))
    tone, verdict = telling.verdict(found)
    context = {
        "campaign": campaign,
        "table": table,
        "facts": telling.facts(found, goal, currency),
        "tone": tone,
        "verdict": verdict,
        "goal": goal,
        "over": found.over,
        "drafts": _drafts(request, list(goals.drafts(campaign))),
        "may_draft": permitted(request, DRAFT),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render_part(request, "reports/retaining.html", "board", context, status=status)


def _drafts(request, found):
    """Each draft with the tracks for which the reader may sign it."""
    if not permitted(request, SIGN):
        return [(one, []) for one in found]
    return signing.opens(request.user, found)


@require_POST
@requires(DRAFT)
def draft(request, pk):
    """Draft a goal; it holds once both heads have signed."""
    campaign = _programme(pk)
    form = GoalForm(request.POST, instance=KeepGoal(campaign=campaign, created_by=request.user))
    if not form.is_valid():
        return _page(request, campaign, form)
    form.save()
    messages.success(request, _("The goal is drafted: both heads sign it."))
    return redirect(request, "reports:programme", pk)


@require_POST
@requires(SIGN)
def sign(request, pk, goal):
    """Sign a goal for one's own track."""
    _goal(pk, goal)
    try:
        whole = goals.sign(goal, by=request.user, at=timezone.now())
    except signing.NotToSign as refusal:
        messages.warning(request, str(refusal))
        return redirect(request, "reports:programme", pk)
    said = (
        _("Both sides have signed: the goal holds.")
        if whole
        else _("Signed. The other side's signature is missing.")
    )
    messages.success(request, said)
    return redirect(request, "reports:programme", pk)


@require_POST
@requires(DRAFT)
def discard(request, pk, goal):
    """Throw away a draft that nobody has signed."""
    _goal(pk, goal)
    try:
        goals.discard(goal)
        messages.success(request, _("The draft is gone."))
    except signing.NotToSign as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, "reports:programme", pk)


def _goal(pk, goal):
    if not KeepGoal.objects.filter(pk=goal, campaign=pk).exists():
        raise Http404
