"""Plan against execution: all campaigns that were launched, and one of them with its changes and why."""

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import get_permitted, permitted, require, requires
from pipeline import campaigns
from pipeline.models import Campaign
from reports import attribution, executing, executing_tables, exporting
from reports.choice import axes, parse, to_date
from reports.forms import PlanRemarkForm
from reports.views.head import head
from ui.htmx import redirect, render_part
from ui.tables import sorting


@require_safe
@requires("reports.view_money")
def executions(request):
    """Every launched campaign with days in the period: plan as launched, what came, and how far off."""
    query, known = request.GET.copy(), axes(request.GET)
    sort = sorting(request, executing_tables.COLUMNS, executing_tables.DEFAULT)
    query.pop("sort", None)
    choice = parse(query, known, timezone.now())
    found = executing.executed(choice)
    if kind := exporting.wanted(request):
        columns, rows = executing_tables.file(found, choice, sort)
        return exporting.answer(kind, "execution", columns, rows, title=_("Plan against execution"))
    context = head(
        request, choice, known, _("Plan against execution"), choice.query(sort=sort), executing.HEEDED
    ) | {"table": executing_tables.overview(found, choice, request, sort)}
    return render_part(request, "reports/execution.html", "board", context)


@require_safe
@requires("reports.view_money")
def execution(request, pk):
    """One campaign: a panel of its page, and a page of its own."""
    return _one(request, pk, PlanRemarkForm())


@require_POST
@requires("reports.view_money")
def remark(request, pk):
    """Say why the plan of a campaign was changed or came otherwise; every word is kept."""
    campaign = get_permitted(request, Campaign.objects, "pipeline.change_campaign", pk)
    form = PlanRemarkForm(request.POST)
    if not form.is_valid():
        return _one(request, pk, form)
    executing.remark(campaign, form.cleaned_data["text"], request.user, timezone.now())
    messages.success(request, _("What you said is kept."))
    return redirect(request, "reports:execution-one", pk)


def _one(request, pk, form):
    campaign = get_permitted(request, Campaign.objects, "pipeline.view_campaign", pk)
    require(request, "reports.view_money")
    known, at = axes(), timezone.now()
    choice = to_date(at)
    found = executing.executed(choice, under=campaign.pk)
    one = found[0] if found else None
    table = one and executing_tables.of_one(one, choice, known)
    months = one and executing_tables.months(one, campaigns.spend_months(campaign, whole=True), choice)
    if one and (kind := exporting.wanted(request)):
        return exporting.answer(
            kind, "execution", table.columns, table.rows, more=[months], title=_("Plan against execution")
        )
    context = {
        "campaign": campaign,
        "one": one,
        "model": attribution.MODELS[choice.model].label,
        "table": table,
        "months": months,
        "since": one and executing_tables.known(one),
        "story": executing_tables.story(
            executing.changes(campaign, one),
            campaign.plan_remarks.select_related("by"),
        ),
        "form": form,
        "may_say": permitted(request, "pipeline.change_campaign", campaign),
    }
    status = 422 if form.errors else 200
    return render_part(request, "reports/execution_one.html", "panel", context, status=status)
