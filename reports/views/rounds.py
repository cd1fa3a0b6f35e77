"""Rounds of targets: all of them, what one changes and who signed it, and how one is proposed, signed and taken back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import organisation
from accounts.doors import permitted, requires
from leads.signing import NotToSign
from reports import exporting, locks
from reports.models import TargetRound
from reports.rounds import deciding, showing, stamping, telling
from reports.rounds.forms import ProposeForm, TakeBackForm
from reports.views.months import month_of
from ui.htmx import redirect
from ui.responses import invalid

READ, PROPOSE, SIGN = "reports.view_money", "reports.propose_targets", "reports.sign_targets"


def named():
    """Rounds with all whose names are told."""
    return TargetRound.objects.select_related("proposed_by", "closed_by").prefetch_related("signatures__user")


@require_safe
@requires(READ)
def overview(request):
    """Every round there was, the latest first."""
    table = telling.rounds(named(), showing.joined(TargetRound.objects.all()))
    if kind := exporting.wanted(request):
        return exporting.answer(
            kind, "target-rounds", table.columns, table.rows, title=_("Rounds of targets")
        )
    context = {"table": table, "may_propose": permitted(request, PROPOSE)}
    return render(request, "reports/rounds/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PROPOSE)
def propose(request):
    """Propose what is set for a fiscal year (`?year=2026-01`, its first month; else the running one) for signature."""
    at = timezone.now()
    asked = request.GET.get("year", "")
    first = month_of(asked) if asked else locks.year_of(organisation.today(at))
    if first != locks.year_of(first):
        raise Http404
    form = ProposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = deciding.propose(first, by=request.user, at=at, **form.cleaned_data)
            messages.success(request, _("Proposed: it counts once every side has signed."))
            return redirect(request, "reports:target-round", made.pk)
        except NotToSign as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "year": telling.year_name(first)}
    template = "reports/rounds/propose.html"
    return invalid(request, template, context) if form.errors else render(request, template, context)


@require_safe
@requires(READ)
def one(request, pk):
    """What a round changes, and who has signed it."""
    return _shown(request, get_object_or_404(named(), pk=pk))


@require_POST
@requires(SIGN)
def sign(request, pk):
    """Sign a round for one's own side, as it was on the page."""
    get_object_or_404(TargetRound, pk=pk)
    try:
        whole = deciding.sign(pk, by=request.user, at=timezone.now(), seen=request.POST.get("seen", ""))
    except NotToSign as refusal:
        messages.warning(request, str(refusal))
    else:
        said = (
            _("Every side has signed: the targets are agreed.")
            if whole
            else _("Signed. It still waits for others.")
        )
        messages.success(request, said)
    return redirect(request, "reports:target-round", pk)


@require_POST
@requires(SIGN)
def take_back(request, pk):
    """Take a round back that is not agreed, with a reason: what counted before counts."""
    found, form = get_object_or_404(named(), pk=pk), TakeBackForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form)
    try:
        deciding.take_back(pk, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Taken back: what counted before counts."))
    except NotToSign as refusal:
        messages.warning(request, str(refusal))
    return redirect(request, "reports:target-round", pk)


def _shown(request, found, form=None):
    table = telling.changed(found, showing.changes(found), organisation.current().currency)
    if kind := exporting.wanted(request):
        return exporting.answer(
            kind, f"targets-round-{found.pk}", table.columns, table.rows, title=str(found)
        )
    what, note = telling.state(found)
    may_sign = permitted(request, SIGN)
    signs = may_sign and deciding.open_to(request.user, found)
    context = {
        "round": found,
        "year": telling.year_name(found.first),
        "proposers": telling.proposers(found, showing.joined([found.pk])),
        "state": what,
        "note": note,
        "table": table,
        "may_sign": signs,
        "seen": stamping.stamp(found) if signs else "",
        "form": (form or TakeBackForm())
        if may_sign and not found.agreed_at and not found.closed_at
        else None,
    }
    template = "reports/rounds/round.html"
    return invalid(request, template, context) if form else render(request, template, context)
