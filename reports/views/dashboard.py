"""The joint dashboard and the lists behind its figures."""

from functools import partial

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import organisation
from accounts.doors import permitted, require, requires
from leads.needs import of_others
from reports import (
    behind,
    charting,
    columns,
    comparing,
    drawing,
    exporting,
    file_tables,
    hands,
    platforms,
    titles,
)
from reports.choice import axes, parse
from reports.dashboard import dashboard as dashboard_of
from reports.figures import FIGURES
from reports.forecast import showing
from reports.views.head import head, on_paper
from ui import formats, keyset
from ui.htmx import render_part
from ui.tables import Table


@require_safe
@requires("reports.view_report")
def dashboard(request):
    """One set of numbers for both teams."""
    at, known = timezone.now(), axes(request.GET)
    choice = parse(request.GET, known, at)
    board = dashboard_of(request.user, choice, at)
    money = permitted(request, "reports.view_money")
    if kind := exporting.wanted(request):
        return exporting.answer(
            kind, "overview", *drawing.file(board, money), more=_tables(board, choice, money)
        )
    context = head(request, choice, known, _("Marketing and sales"), choice.query()) | {
        "board": board,
        "begins": not (request.GET or board.counts_anything),
        "shadow": organisation.in_shadow(at) and not request.GET,
        "money": money,
        # asked where the page is shown whole, not with each filter
        "waits": partial(of_others, request.user, at) if permitted(request, "reports.view_needs") else None,
        "tiles": drawing.tiles(board, choice, money),
        "funnel": charting.funnel_chart(board, choice),
        "steps": drawing.step_rows(board, choice),
        "answers": charting.answer_chart(board, choice),
        "channels": money and charting.channel_chart(board, choice),
        "footnotes": money and platforms.footnotes(board.returns, choice),
        "campaigns": money and comparing.campaign_table(board.returns, choice, request),
        "figures": FIGURES,
        "exceptions": board.exceptions and hands.groups(board.exceptions, choice, at, money),
        "offers": board.exceptions and hands.offers(board.exceptions, at),
    }
    return render_part(request, "reports/dashboard.html", "board", context)


def _tables(board, choice, money):
    """What stands under the tiles, for the file."""
    steps = file_tables.steps({name: board.funnel.steps[key] for key, name in drawing.STEP_NAMES.items()})
    if not money:
        return [steps]
    campaigns = comparing.campaign_table(board.returns, choice, None, most=None)
    return [steps, file_tables.channels(board.returns), campaigns]


@require_safe
@requires("reports.view_report")
def listed(request, name):
    """The list behind a figure."""
    if behind.of(name) is None:
        raise Http404
    if behind.needs_money(name):
        require(request, "reports.view_money")
    query = request.GET.copy()
    cursor = "".join(query.pop("cursor", [""])[-1:])
    return list_behind(request, name, parse(query, axes(request.GET), timezone.now()), cursor)


def _told(name, user, choice):
    """Says so where the list is shorter than a figure that counts everybody's."""
    short = behind.counted(name, user, choice)
    if short is None:
        return ""
    seen, every = map(formats.number, short)
    return _("There are %(every)s in all; you may see %(seen)s of them.") % {
        "every": every,
        "seen": seen,
    }


def _beside(name, user, choice):
    """(heading, address) of each list on the other side of the ratios that are told from this one."""
    if name in showing.MEASURED:
        return showing.beside(user, choice)
    return [
        (titles.title(other), drawing.address(other, choice))
        for other in behind.beside(name)
        if user.has_perm("reports.view_money") or not behind.needs_money(other)
    ]


def list_behind(request, name, choice, cursor, back=None):
    """The answer with the rows behind a figure; `back` is the (name, query) of the page it is a part of."""
    rows, order = behind.rows(name, request.user, choice)
    kind = behind.of(name).kind
    if file := exporting.wanted(request):
        shown = partial(columns.shown, kind, choice=choice)
        told = _told(name, request.user, choice)
        return exporting.answer(
            file,
            name,
            columns.filed(kind),
            exporting.chunked(rows.order_by(*order), shown),
            told,
            title=titles.title(name),
        )
    page = keyset.page(rows, order, cursor=cursor)
    table = Table(
        columns.shown(kind, page.rows, choice),
        [column for column in columns.COLUMNS[kind] if column.shown],
        titles.title(name),
        request=request,
        page=page,
        cards=True,
        empty=_("Nothing in this period that you may see."),
    )
    context = {
        "table": table,
        "choice": choice,
        "query": choice.query(),
        "on_paper": on_paper(choice),
        "title": titles.title(name),
        "figure": FIGURES.get(name),
        "told": _told(name, request.user, choice),
        "back": back,
        "beside": _beside(name, request.user, choice),
    }
    return render_part(request, "reports/listed.html", "rows", context)
