"""Both sides of the agreement, as a tab of the dashboard."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.doors import requires
from reports import exporting, file_tables, siding
from reports.choice import axes, by_default, parse
from reports.sides import sides as sides_of
from reports.views.head import head
from ui.htmx import render_part

FILTERS = ("period", "channel", "segment", "region", "campaign", "team", "rep")


@require_safe
@requires("leads.view_agreement")
def sides(request):
    """What each side owed and gave, returns by reason, speed; over the months of the period."""
    known, at = axes(request.GET), timezone.now()
    choice = parse(by_default(request.GET.copy(), "month"), known, at)
    found = sides_of(choice, at)
    if kind := exporting.wanted(request):
        rows = [
            row for side in ("marketing", "sales") for row in siding.account_table(found, side, choice).rows
        ]
        more = [siding.reason_table(found, choice), file_tables.offers(found.answers, choice)]
        return exporting.answer(kind, "sides", siding.ACCOUNT, rows, more=more)
    context = head(request, choice, known, _("Both sides of the agreement"), choice.query(), FILTERS) | {
        "version": found.version,
        "marketing": siding.account_table(found, "marketing", choice),
        "sales": siding.account_table(found, "sales", choice),
        "reasons": siding.reason_table(found, choice),
        "facts": siding.facts(found, choice),
        "crossings": siding.crossings_address(choice),
        "chart": siding.month_chart(found, choice),
    }
    return render_part(request, "reports/sides.html", "board", context)
