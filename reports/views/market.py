"""Goals of markets: all of them by fiscal year, one to set or correct, and how one is taken away."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import organisation
from accounts.doors import get_held, permitted, requires, saves
from reports import exporting
from reports.brand.showing import changes
from reports.market import telling
from reports.market.forms import GoalForm
from reports.models import MarketGoal
from ui.htmx import redirect
from ui.responses import invalid

READ, CHANGE = "reports.view_money", "reports.change_market"


@require_safe
@requires(READ)
def goals(request):
    """Every goal that was set, the latest year first."""
    may_change = permitted(request, CHANGE)
    found = MarketGoal.objects.select_related("region", "segment", "entered_by").order_by(
        "-first", "region__name", "segment__name"
    )
    table = telling.listed(found, organisation.current().currency, may_change)
    if kind := exporting.wanted(request):
        return exporting.answer(kind, "market-goals", telling.FILED, table.rows, title=_("Goals of markets"))
    return render(request, "reports/market/list.html", {"table": table, "may_change": may_change})


@saves
@requires(CHANGE)
def goal_new(request):
    """Set goals of a market for a fiscal year."""
    return _form(request, MarketGoal(entered_by=request.user))


@saves
@requires(CHANGE)
def goal(request, pk):
    """Correct the goals of a market; their history is kept."""
    return _form(request, get_held(request, MarketGoal.objects, CHANGE, pk))


@require_POST
@requires(CHANGE)
def goal_remove(request, pk):
    """Take the goals of a market away; their history stays."""
    one = get_object_or_404(MarketGoal.objects, pk=pk)
    one.delete()
    messages.success(request, _("The goals are taken away; history keeps them."))
    return redirect(request, "reports:market-goals")


def _form(request, one):
    today = organisation.today(timezone.now())
    form = GoalForm(request.POST or None, instance=one, today=today)
    kept = bool(one.pk)
    context = {"form": form, "one": one if kept else None, "changes": changes(one) if kept else []}
    if request.method != "POST":
        return render(request, "reports/market/form.html", context)
    if not form.is_valid():
        return invalid(request, "reports/market/form.html", context)
    form.save()
    messages.success(request, _("The goals are saved."))
    return redirect(request, "reports:market-goals")
