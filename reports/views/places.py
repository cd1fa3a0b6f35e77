"""Campaigns by sales region."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.doors import requires
from reports import exporting, file_tables, placing
from reports.choice import axes, one_of, parse
from reports.places import HEEDED
from reports.places import places as places_of
from reports.views.head import head
from ui.htmx import render_part


@require_safe
@requires("reports.view_money")
def places(request):
    """Every campaign by region, of one measure, and every measure of each region beside its targets."""
    query, known = request.GET.copy(), axes(request.GET)
    asked = {"measure": "".join(query.pop("measure", [])[-1:])}
    measure = one_of(asked, "measure", placing.MEASURES, placing.DEFAULT)
    choice = parse(query, known, timezone.now())
    found = places_of(choice)
    table, regions = placing.matrix(found, known, measure), placing.by_region(found, known)
    if kind := exporting.wanted(request):
        return exporting.answer(
            kind, "places", table.columns, table.rows, more=[file_tables.placed(regions, found.tree)]
        )
    context = head(
        request, choice, known, _("Campaigns by region"), choice.query(measure=measure), HEEDED
    ) | {
        "measure": placing.MEASURES[measure],
        "measures": [
            (told.label, choice.query(measure=name), name == measure)
            for name, told in placing.MEASURES.items()
        ],
        "table": table,
        "regions": regions,
        "verdict": placing.verdict(found, known),
    }
    return render_part(request, "reports/places.html", "board", context)
