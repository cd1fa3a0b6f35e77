"""Months: official and live side by side, closed by finance and the heads, re-opened by finance with a reason."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.doors import permitted, requires
from pipeline.models import MonthClose
from reports import exporting, heeding, monthly, monthly_files, periods
from reports.choice import axes, of_month, parse
from reports.forms import ReopenForm
from reports.models import FrozenMonth
from reports.months import closing, orders, telling
from reports.months.changes import changes, every_change
from reports.months.official import books
from reports.views.head import head
from ui import formats
from ui.htmx import redirect, render_part, wants_fragment
from ui.responses import invalid

FILTERS = ("period", "channel", "segment", "region", "campaign", "team", "rep")


@require_safe
@requires("reports.view_money")
def months(request):
    """Every month of the period as it is official, with what was restated since it was closed."""
    known, at = axes(request.GET), timezone.now()
    choice = parse(request.GET, known, at)
    found = books(choice)
    if kind := exporting.wanted(request):
        return exporting.answer(kind, "months", *monthly_files.listed(found))
    may_close = permitted(request, "reports.close_month")
    context = head(request, choice, known, _("Months"), choice.query(), FILTERS) | {
        "table": monthly.table(found, choice),
        "closable": may_close
        and [(monthly.key(one), formats.month(one)) for one in closing.closable(at, sorted(found.shut))],
        "first_open": found.open and formats.month(found.open),
    }
    return render_part(request, "reports/months/months.html", "board", context)


@require_safe
@requires("reports.view_money")
def month(request, key):
    """One month: official and live figures, and what has changed since it was closed."""
    if wants_fragment(request) and "cursor" not in request.GET:  # the page asks whether it is done
        return _errand(request, month_of(key))
    return _month(request, month_of(key))


@require_POST
@requires("reports.close_month")
def close(request, key):
    """Close the month."""
    try:
        done = orders.close(month_of(key), request.user, timezone.now())
    except closing.Refused as refused:
        return _month(request, month_of(key), problem=str(refused))
    if done:
        messages.success(request, _("The month is closed. Its official figures stand."))
    return redirect(request, back(request, "reports:month", key))


@require_POST
@requires("reports.reopen_month")
def reopen(request, key):
    """Take the close of the last closed month back."""
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _month(request, month_of(key), form=form)
    try:
        done = orders.reopen(month_of(key), request.user, form.cleaned_data["reason"], timezone.now())
    except closing.Refused as refused:
        return _month(request, month_of(key), problem=str(refused))
    if done:
        messages.success(request, _("The month is open again. What was frozen is kept."))
    return redirect(request, back(request, "reports:month", key))


def month_of(key):
    """The first day of a month as it stands in an address. Raises Http404."""
    try:
        year, number = (int(part) for part in key.split("-"))
        if not 1900 < year < 3000:
            raise ValueError
        return date(year, number, 1)
    except ValueError:
        raise Http404 from None


def _errand(request, day):
    """How far the closing is; the whole page again once it is done."""
    errand = orders.waiting(day)
    if errand is None or not errand.waits:
        return HttpResponseClientRefresh()
    context = {"errand": errand, "key": monthly.key(day), "query": request.GET.urlencode()}
    return render(request, "reports/months/month.html#errand", context)


def back(request, name, key):
    """The address of a page of a month, narrowed as the one that asks."""
    narrowed = request.GET.urlencode()
    return reverse(name, args=[key]) + (f"?{narrowed}" if narrowed else "")


def _asked(request, day):
    """The Choice that stands in the address of the page of a month."""
    query = request.GET.copy()
    for name in ("cursor", "format"):
        query.pop(name, None)
    return of_month(query, day, timezone.now())


def _frozen(shut, one, choice):
    """What was told at the close: of the whole house, as are the lists behind it and what came late, which it leaves out."""
    frozen, whole = FrozenMonth.objects.get(close=shut.id), heeding.heeded(choice, ())
    tables = (telling.figures(frozen, whole), telling.segments(frozen, whole))
    return {
        "told_tables": [each for each in tables if each],
        "told_late": monthly.changed_figures(one.late, frozen.currency) if whole == choice else "",
    }


def _filed(shut, choice):
    return telling.filed(FrozenMonth.objects.get(close=shut.id), heeding.heeded(choice, ()))


def _changed(request, shut, choice):
    """What has changed since the close, page by page."""
    page = changes(shut, choice=choice, cursor=request.GET.get("cursor", ""))
    return monthly.changed_table(page, choice, request)


def _fresh(errand, at):
    """Was it done so lately that whoever asked may not have read of it?"""
    return at - errand.finished_at < timedelta(hours=1)


def _as_file(kind, day, one, shut, choice):
    return exporting.answer(
        kind,
        f"month-{monthly.key(day)}",
        *monthly_files.changes(every_change(shut, choice=choice) if shut else []),
        more=[*([monthly_files.lines(one)] if one else []), *(_filed(shut, choice) if shut else [])],
        title=formats.month(day),
    )


def _month(request, day, form=None, problem=""):
    at, choice = timezone.now(), _asked(request, day)
    found = books(choice)
    one = next((one for one in found.months if one.month == day), None)
    shut = found.shut.get(day)
    if kind := exporting.wanted(request):
        return _as_file(kind, day, one, shut, choice)
    table = _changed(request, shut, choice) if shut else None
    if wants_fragment(request):
        return render(request, "reports/months/month.html#changed", {"table": table})
    last, errand = max(found.shut, default=None), orders.waiting(day)
    context = {
        "key": monthly.key(day),
        "name": formats.month(day),
        "narrowed": heeding.named(choice),
        "query": monthly.narrowed(choice),
        "shut": shut,
        "lines": monthly.lines(one, choice) if one else [],
        "restated": monthly.restated(one, choice.currency) if one and shut else "",
        "table": table,
        **(_frozen(shut, one, choice) if shut else {}),
        "history": MonthClose.objects.filter(month=day).select_related("closed_by", "reopening__by"),
        "booked": found.open and formats.month(found.open),
        "takes_late": found.open == day,
        "problem": problem or (errand.error if errand and not errand.waits and _fresh(errand, at) else ""),
        "errand": errand if errand and errand.waits else None,
        "may_close": permitted(request, "reports.close_month") and day in closing.closable(at, sorted(found.shut)),
        "reopen_form": (form or ReopenForm())
        if shut and day == last and permitted(request, "reports.reopen_month")
        else None,
        "earlier": monthly.key(periods.shifted(day, -1)),
        "later": monthly.key(periods.shifted(day, 1)),
    }  # fmt: skip
    if problem or (form and form.errors):
        return invalid(request, "reports/months/month.html", context)
    return render(request, "reports/months/month.html", context)
