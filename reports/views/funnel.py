"""The funnel by cohort, where passes take their time, and which sources convert."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.doors import requires
from reports import cohorts, exporting, file_tables, waiting
from reports.choice import axes, parse
from reports.figures import FIGURES
from reports.views.head import head
from ui.htmx import render_part

FILTERS = ("period", "channel", "segment", "region", "campaign", "team", "rep")


@require_safe
@requires("reports.view_report")
def funnel(request):
    """Cohorts by month of capture, days of each step, and conversion by channel, segment and region."""
    known = axes(request.GET)
    choice = parse(request.GET, known, timezone.now())
    found = cohorts.cohorts(choice, request.user)
    sources = cohorts.source_tables(found, known, choice)
    if kind := exporting.wanted(request):
        named = {label: found.funnel.steps[step] for step, label in cohorts.STEPS.items()}
        queues = waiting.table(found.queues, choice, timezone.now())
        tables = (file_tables.placed(table, found.tree) for _heading, table in sources)
        more = [file_tables.steps(named), queues, *tables]
        return exporting.answer(kind, "funnel", *cohorts.file(found, choice), more=more)
    context = head(request, choice, known, _("Funnel and velocity"), choice.query(), FILTERS) | {
        "heat": cohorts.heat_map(found, choice),
        "board": found,
        "steps": cohorts.step_rows(found, choice),
        "sources": sources,
        "waiting": waiting.table(found.queues, choice, timezone.now()),
        "figures": FIGURES,
    }
    return render_part(request, "reports/funnel.html", "board", context)
