"""Where the time goes until the first human attempt: a page behind both sides of the agreement."""

from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.doors import requires
from reports import delaying, drawing, exporting
from reports.choice import NAMELESS, NOTHING, alone, axes, one_of, parse
from reports.views.head import head
from ui.htmx import render_part
from ui.tables import Column, Table

FILTERS = ("period", "channel", "segment", "region", "campaign", "team", "rep")
BY = {"team": gettext_lazy("Team"), "rep": gettext_lazy("Rep"), "campaign": gettext_lazy("Campaign")}
PARTS = {"system": gettext_lazy("Tandem"), "desk": gettext_lazy("The desk"), "sales": gettext_lazy("Sales")}


@require_safe
@requires("leads.view_agreement")
def delays(request):
    """Median working time of machine, desk and sales between capture and first attempt, by team, rep or campaign."""
    asked = request.GET.copy()
    by = one_of(asked, "by", delaying.BY, "team")
    asked.pop("by", None)
    known = axes(asked)
    at = timezone.now()
    choice = parse(asked, known, at)
    found = delaying.delays(choice, by, at)
    table = _table(found, by, choice)
    query = f"{choice.query()}&by={by}"
    if kind := exporting.wanted(request):
        columns = [
            replace(one, label=drawing.in_units(one.label, drawing.MINUTES)) if one.name in PARTS else one
            for one in table.columns
        ]
        return exporting.answer(kind, "delays", columns, table.rows, title=_("Where the time goes"))
    context = head(request, choice, known, _("Where the time goes"), query, FILTERS) | {
        "found": found,
        "table": table,
        "most": delaying.MOST,
        "total": [(label, worked(getattr(found.total, name))) for name, label in PARTS.items()]
        if found.total
        else [],
        "views": [(label, f"?{choice.query()}&by={one}", one == by) for one, label in BY.items()],
    }
    return render_part(request, "reports/delays.html", "board", context)


def worked(minutes):
    """Working minutes in words; what half have not reached yet is said so."""
    return _("not yet") if minutes is None else drawing.worked(minutes)


def _table(found, by, choice):
    columns = [
        Column("name", BY[by]),
        Column("passes", gettext_lazy("Leads"), "number", href="passes_href"),
        *(Column(name, label) for name, label in PARTS.items()),
        Column("untried", gettext_lazy("Not tried yet"), "number", href="untried_href"),
    ]
    rows = [
        {
            "name": one.name or NAMELESS[by],
            "passes": one.passes,
            "untried": one.untried,
            **{name: worked(getattr(one, name)) for name in PARTS},
            **{f"{name}_exact": getattr(one, name) for name in PARTS},
            **({} if found.cut else _lists(one, by, choice)),
        }
        for one in found.groups
    ]
    return Table(
        rows,
        columns,
        _("Working time until the first human attempt, medians"),
        cards=True,
        empty=_("No lead of this period was offered yet."),
    )


def _lists(one, by, choice):
    """The lists behind a row; none where only the newest were looked at."""
    key = alone(one.key) if by == "campaign" else one.key
    narrow = {by: NOTHING if key is None else key}
    return {
        "passes_href": drawing.address("delays", choice, **narrow),
        "untried_href": drawing.address("untried", choice, **narrow),
    }
