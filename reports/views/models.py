"""All models of attribution side by side, by channel and by campaign."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.doors import requires
from reports import comparing, drawing, exporting, opinions, returns, tabs
from reports.attribution.models import MODELS
from reports.choice import axes, one_of, parse
from reports.forms import ChoiceForm
from ui.htmx import render_part

MEASURES = {
    "revenue": gettext_lazy("Revenue"),
    "margin": gettext_lazy("Margin"),
    "credited": gettext_lazy("Won deals"),
}


@require_safe
@requires("reports.view_money")
def models(request):
    """Every model's word on the same wins, with how far they lie apart."""
    query, known = request.GET.copy(), axes()
    measure = one_of({"measure": "".join(query.pop("measure", [])[-1:])}, "measure", MEASURES, "revenue")
    choice = parse(query, known, timezone.now())
    found = returns.side_by_side(choice, models=MODELS)
    channels, campaigns = (by(found, measure) for by in (opinions.by_channel, opinions.by_campaign))
    tables = [comparing.opinions_table(rows, measure, choice) for rows in (channels, campaigns)]
    if kind := exporting.wanted(request):
        rows = [row for table in tables for row in table.rows]
        return exporting.answer(kind, "models", tables[0].columns, rows)
    context = {
        "heading": _("Models of attribution"),
        "model": MODELS[choice.model].label,
        "choice": choice,
        "form": ChoiceForm(choice, known, request.path),
        "pages": tabs.shown(request, choice),
        "measures": [
            (label, choice.query(measure=name), name == measure) for name, label in MEASURES.items()
        ],
        "export": choice.query(measure=measure),
        "chart": drawing.opinions_chart(channels, MEASURES[measure], measure, choice),
        "by_channel": tables[0],
        "by_campaign": tables[1],
        "models": MODELS.values(),
    }
    return render_part(request, "reports/models.html", "board", context)
