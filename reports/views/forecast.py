"""The forecast: what the deals say, what people say over it, and how right they were."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doors import permitted, require, requires
from reports import exporting, file_tables, forecast
from reports.choice import axes, bounded, by_default, one_of, parse
from reports.forecast import about, showing, telling
from reports.forecast.forms import CallForm
from reports.views.head import head
from ui import keyset
from ui.htmx import redirect, render_part

FILTERS = ("period", "channel", "segment", "region", "campaign", "team", "rep")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("reports.view_forecast")
def page(request):
    """The forecast of a period by rep, team, region, segment or month; a POST says what somebody expects."""
    query, known, at = request.GET.copy(), axes(request.GET), timezone.now()
    by = one_of({"by": "".join(query.pop("by", [])[-1:])}, "by", forecast.BY, "rep")
    by_default(query, "quarter")
    choice = bounded(parse(query, known, at))
    form = None
    if request.method == "POST":
        require(request, "reports.call_forecast")
        form = CallForm(forecast.subjects(request.user), request.POST)
        if form.is_valid() and form.keep(choice.period, request.user, at):
            messages.success(request, _("What you say of this period is kept."))
            return redirect(request, f"{request.path}?{choice.query(by=by)}")
    found = forecast.board(request.user, choice, by, at)
    if kind := exporting.wanted(request):
        more = [
            file_tables.due(found, choice),
            telling.said_table(found, choice),
            telling.past_table(found, choice),
        ]
        return exporting.answer(kind, "forecast", *showing.file(found, by), more=more)
    house = found.teams is None and permitted(request, "reports.view_money")
    promised = "reports:targets" if house else "reports:quotas"
    context = head(request, choice, known, _("Forecast"), choice.query(by=by), FILTERS) | {
        "tiles": showing.tiles(found, choice, promised),
        "overdue": showing.overdue_note(found, choice),
        "overdue_href": showing.address("overdue", choice),
        "chart": showing.month_chart(found, choice),
        "by": by,
        "groupings": [(label, choice.query(by=name), name == by) for name, label in forecast.BY.items()],
        "table": showing.group_table(found, choice, by),
        "said": telling.said_table(found, choice),
        "said_note": showing.said_note(choice),
        "past": telling.past_table(found, choice),
        "past_chart": telling.past_chart(found, choice),
        "action": f"{request.path}?{choice.query(by=by)}",
        "form_said": form
        or (CallForm(found.subjects, initial=_initial(found, choice)) if found.subjects else None),
    }
    return render_part(request, "reports/forecast.html", "board", context, status=422 if form else 200)


@require_safe
@requires("reports.view_forecast")
def said(request, pk):
    """The deals that a forecast was about, as they stood when it was said."""
    query = request.GET.copy()
    cursor, side = ("".join(query.pop(one, [""])[-1:]) for one in ("cursor", "side"))
    side = one_of({"side": side}, "side", about.SIDES, about.COMMIT)
    call = get_object_or_404(about.visible_to(request.user), pk=pk)
    by_default(query, "quarter")
    choice = parse(query, axes(query), timezone.now())
    rows = about.items(call, side)
    if kind := exporting.wanted(request):
        shown = partial(about.shown, user=request.user, currency=choice.currency)
        told = exporting.chunked(rows.order_by(*about.ORDER), shown)
        return exporting.answer(kind, f"forecast-{pk}-{side}", about.COLUMNS, told)
    page = keyset.page(rows, about.ORDER, cursor=cursor)
    context = {
        "table": telling.deals_table(
            call, about.shown(page.rows, request.user, choice.currency), request, page
        ),
        "choice": choice,
        "period": telling.period(call).label,
        "query": choice.query(side=None if side == about.COMMIT else side),
        "title": telling.title(call, side),
        "told": telling.told(call, side, choice.currency),
        "today": telling.today(call, choice),
        "back": ("reports:forecast", choice.query()),
    }
    return render_part(request, "reports/listed.html", "rows", context)


def _initial(found, choice):
    """What the deals say of everybody that the reader leads, as the first word."""
    if choice.is_narrow:
        return {}
    return {one: round(found.total.up_to(one), 2) for one in ("commit", "best_case")}
