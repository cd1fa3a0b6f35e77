"""The lists behind the official figures of a month."""

from functools import partial

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.doors import requires
from reports import booked, exporting, monthly, monthly_files
from reports.choice import of_month, one_of
from reports.months import listing
from reports.months.changes import changes, every_change
from reports.months.official import books
from reports.views.months import month_of
from ui import keyset
from ui.htmx import render_part


@require_safe
@requires("reports.view_money")
def figure(request, key, name):
    """What an official figure of a month is made of, what of it came late, or what was restated since the close."""
    if name not in booked.FIGURES:
        raise Http404
    query = request.GET.copy()
    cursor, side = ("".join(query.pop(one, [""])[-1:]) for one in ("cursor", "side"))
    side = one_of({"side": side}, "side", listing.SIDES, listing.OFFICIAL)
    day = month_of(key)
    choice = of_month(query, day, timezone.now())
    found = books(choice)
    one = listing.asked(found, day, side)
    if one is None:
        raise Http404
    if kind := exporting.wanted(request):
        return exporting.answer(
            kind,
            f"{name}-{monthly.key(day)}",
            *_file(name, side, choice, found),
            title=booked.title(name, side),
        )
    table = _table(request, name, side, choice, found, cursor)
    context = {
        "table": table,
        "choice": choice,
        "query": choice.query(side=None if side == listing.OFFICIAL else side),
        "title": booked.title(name, side),
        "told": _told(one, name, side, choice),
        "back": ("reports:months", monthly.narrowed(choice)),
    }
    return render_part(request, "reports/listed.html", "rows", context)


def _table(request, name, side, choice, found, cursor):
    """The Table of a page."""
    _label, what, measures, _money = booked.FIGURES[name]
    day = choice.period.first
    shut = found.shut.get(day)
    if side == listing.RESTATED:
        page = changes(shut, measures, choice, cursor=cursor)
        return monthly.changed_table(page, choice, request, what)
    if shut is None:
        late = side == listing.LATE
        page = listing.counting(day, measures, what, choice, found.shut, late, cursor=cursor)
    else:
        rows = listing.frozen(shut, measures, what, choice, side)
        page = keyset.page(rows, listing.ORDER, cursor=cursor)
    return booked.table(booked.shown(page.rows, choice), name, choice, request=request, page=page)


def _file(name, side, choice, found):
    """(columns, all rows) of the file."""
    _label, what, measures, money = booked.FIGURES[name]
    day = choice.period.first
    shut = found.shut.get(day)
    if side == listing.RESTATED:
        return monthly_files.changes(every_change(shut, measures, choice), what)
    columns = booked.columns(money)
    if shut is None:
        chunks = listing.every_one(day, measures, what, choice, found.shut, side == listing.LATE)
        return columns, (row for rows in chunks for row in booked.shown(rows, choice))
    rows = listing.frozen(shut, measures, what, choice, side).order_by(*listing.ORDER)
    return columns, exporting.chunked(rows, partial(booked.shown, choice=choice))


def _told(one, name, side, choice):
    """What the list sums to."""
    _label, what, measures, _money = booked.FIGURES[name]
    total = booked.written(name, listing.total(one, measures, what, side), choice)
    return _("In all: %(total)s.") % {"total": total}
