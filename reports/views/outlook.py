"""The 3-1-3 plan: three fiscal years, one year with its budget, three months of activities, on one page."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.doors import requires
from reports import exporting, file_tables, outlining
from reports.choice import axes, one_of, parse
from reports.heeding import heeded
from reports.market.goals import markets
from reports.market.telling import Words as market_words
from reports.models import Measure
from reports.outlook import AXES, NEXT, THIS
from reports.outlook import outlook as outlook_of
from reports.views.head import head
from ui import formats
from ui.htmx import render_part

ASKED = {"measure": (Measure.values, "won"), "by": (AXES, "segment"), "year": ((THIS, NEXT), THIS)}


def asked_of(query):
    """{measure, by, year} of a query, which loses them."""
    given = {name: "".join(query.pop(name, [])[-1:]) for name in ASKED}
    return {name: one_of(given, name, known, otherwise) for name, (known, otherwise) in ASKED.items()}


@require_safe
@requires("reports.view_money")
def outlook(request):
    """Targets by year beside what past years brought, the year's budget, and what runs in the next three months."""
    query, known = request.GET.copy(), axes(request.GET)
    what = asked_of(query)
    asked = parse(query, known, timezone.now())
    choice = heeded(asked, outlining.HEEDED)
    found = outlook_of(choice, what["measure"], what["by"], what["year"])
    words = outlining.Words(found, Measure(what["measure"]), known, choice)
    market = market_words(markets(found.years, known, choice.today), known, choice)
    if kind := exporting.wanted(request):
        outline, year = (file_tables.placed(one, found.tree) for one in (words.outline(), words.year()))
        more = [year, words.activities(), market.table()]
        return exporting.answer(
            kind, "outlook", outline.columns, outline.rows, more=more, title=_("3-1-3 plan")
        )
    tone, verdict = words.verdict()
    export = asked.query(**what)
    context = head(request, asked, known, _("3-1-3 plan"), export, outlining.HEEDED) | {
        "along": what,
        "measures": _switch(asked, what, "measure", Measure.choices),
        "axes": _switch(asked, what, "by", outlining.BY.items()),
        "years": _switch(asked, what, "year", outlining.YEARS.items()),
        "tone": tone,
        "verdict": verdict,
        "outline": words.outline(),
        "doors": words.doors(),
        "year": words.year(),
        "year_name": outlining.year_name(found.period),
        "activities": words.activities(outlining.MOST),
        "market": market.table(),
        "key_markets": market.key(),
        "other_months": market.apart(),
        "hidden": _hidden(len(found.activities) - outlining.MOST),
    }
    return render_part(request, "reports/outlook.html", "board", context)


def _switch(asked, what, name, options):
    return [(label, asked.query(**{**what, name: key}), key == what[name]) for key, label in options]


def _hidden(count):
    if count <= 0:
        return ""
    text = ngettext("%(count)s more stands in the file.", "%(count)s more stand in the file.", count)
    return text % {"count": formats.number(count)}
