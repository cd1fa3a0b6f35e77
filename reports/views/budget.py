"""The budget: planned, committed, paid, left, and what each line has earned."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.doors import requires
from reports import budgeting, exporting, file_tables
from reports.budget import budget as budget_of
from reports.choice import axes, parse
from reports.views.head import head
from ui.htmx import render_part


@require_safe
@requires("reports.view_money")
def budget(request):
    """Every programme and campaign with money or a budget in the period, and spend without a campaign."""
    known = axes(request.GET)
    choice = parse(request.GET, known, timezone.now())
    found = budget_of(choice)
    table = budgeting.table(found, choice)
    if kind := exporting.wanted(request):
        return exporting.answer(kind, "budget", table.columns, table.rows, more=[file_tables.service(found)])
    context = head(request, choice, known, _("Budget"), choice.query()) | {
        "table": table,
        "chart": budgeting.chart(found, choice),
        "facts": budgeting.facts(found, choice),
    }
    return render_part(request, "reports/budget.html", "board", context)
