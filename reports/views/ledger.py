"""The ledger of contributions: a page behind both sides of the agreement."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.doors import permitted, requires
from reports import exporting, heeding
from reports import ledger as contributions
from reports.choice import axes, by_default, one_of, parse
from reports.ledger import showing
from reports.ledger.people import HEEDED
from reports.views.head import head
from ui.htmx import render_part

FILTERS = ("period", "channel", "segment", "region", "campaign", "team", "rep")
VIEWS = {
    "": gettext_lazy("Both sides"),
    "team": gettext_lazy("By team"),
    "rep": gettext_lazy("By person"),
}


@require_safe
@requires("leads.view_agreement")
def ledger(request):
    """What each side contributed in the period: information, activity and sales behaviour; by team or person behind a door."""
    asked = by_default(request.GET.copy(), "month")
    by = one_of(asked, "by", contributions.BY, "")
    asked.pop("by", None)
    known, at = axes(asked), timezone.now()
    choice, money = parse(asked, known, at), permitted(request, "reports.view_money")
    heading = _("Ledger of contributions")
    query = choice.query(by=by or None)
    heeds = ("period", *HEEDED) if by else FILTERS
    context = {
        "by": by,
        "views": [(label, f"?{choice.query(by=one or None)}", one == by) for one, label in VIEWS.items()],
    }
    if by:
        within = heeding.heeded(choice, HEEDED)
        table = showing.whose_table(contributions.people(request.user, within, by), by, within, money)
        if kind := exporting.wanted(request):
            return exporting.answer(kind, "ledger", table.columns, table.rows, title=heading)
        context["table"] = table
    else:
        found = contributions.ledger(choice, at)
        if kind := exporting.wanted(request):
            return exporting.answer(kind, "ledger", *showing.file(found, choice, money), title=heading)
        context |= {
            "tables": showing.tables(found, choice, money),
            "dashed": any(not sides for _line, sides in found),
        }
    context |= head(request, choice, known, heading, query, heeds)
    return render_part(request, "reports/ledger.html", "board", context)
