"""Segments: what each is worth, where the spend goes, and the lists behind the figures."""

from dataclasses import replace

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import organisation
from accounts.doors import requires
from reports import exporting, keeping_tables, valuing
from reports.choice import Axis, axes, parse
from reports.figures import FIGURES
from reports.keeping import keeping
from reports.models import Measure
from reports.models.base import NONE
from reports.segments import segments as segments_of
from reports.segments import spent
from reports.views.dashboard import list_behind
from reports.views.head import head
from ui.htmx import render_part


@require_safe
@requires("reports.view_money")
def segments(request):
    """Every segment: revenue, margin, spend, retention and customer lifetime value."""
    known = axes(request.GET)
    choice = parse(request.GET, known, timezone.now())
    found = segments_of(choice, known, organisation.current().discount)
    table = valuing.table(found, choice)
    keeps = keeping(choice)
    kept = keeping_tables.kept(keeps, found, known, choice)
    programmes = keeping_tables.programmes(keeps, known, choice)
    if kind := exporting.wanted(request):
        return exporting.answer(kind, "segments", table.columns, table.rows, more=[kept, programmes])
    tone, verdict = valuing.verdict(found, choice)
    context = head(request, choice, known, _("Segments"), choice.query(), valuing.HEEDED) | {
        "table": table,
        "chart": valuing.chart(found),
        "verdict": verdict,
        "tone": tone,
        "discount": organisation.current().discount,
        "figures": FIGURES,
        "kept": kept,
        "programmes": programmes,
        "kept_span": keeps.choice.period.label,
        "targets_query": keeps.choice.query(measure=Measure.KEPT.value),
    }
    context["unheeded"] += filter(None, [valuing.unheeded(choice)])
    return render_part(request, "reports/segments.html", "board", context)


@require_safe
@requires("reports.view_money")
def segment(request, pk, name):
    """The list behind a figure of a segment (0: of none): its wins, its spend by campaign, its customers' years."""
    known, query = axes(request.GET), request.GET.copy()
    cursor = "".join(query.pop("cursor", [""])[-1:])
    query.pop("segment", None)
    axis = Axis(NONE, _("No segment"), (NONE,)) if pk == NONE else known.segments.get(pk)
    if axis is None or name not in valuing.LISTS:
        raise Http404
    asked = parse(query, known, timezone.now())
    choice = replace(asked, segment=axis)
    if name != "spend":
        return list_behind(request, name, choice, cursor, back=("reports:segments", asked.query()))
    table = valuing.spent_table(spent(choice, pk), choice)
    if kind := exporting.wanted(request):
        return exporting.answer(kind, "spend", table.columns, table.rows, title=table.caption)
    context = {
        "table": table,
        "choice": choice,
        "query": asked.query(),
        "title": table.caption,
        "figure": FIGURES["segment_spend"],
        "back": ("reports:segments", asked.query()),
    }
    return render_part(request, "reports/listed.html", "rows", context)
