"""The matrix of targets: read by both tracks, set by their heads; and quotas, set by managers too."""

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import organisation
from accounts.doors import permitted, require, requires
from accounts.models.organisation import Level
from leads.signing import NotToSign
from reports import exporting, promising, targets
from reports.choice import axes, bounded, one_of, parse
from reports.commission import plans
from reports.forms import QuotasForm, TargetsForm
from reports.heeding import heeded
from reports.models import Measure
from reports.quotas import quotas as quotas_of
from reports.quotas import set_quotas
from reports.rounds import showing, telling
from reports.views.head import head
from ui.htmx import redirect, render_part

TEMPLATE = "reports/targets.html"


@require_http_methods(["GET", "HEAD", "POST"])
@requires("reports.view_report")
def quotas(request):
    """Quotas of teams and people with what they attained; a POST sets those that are the reader's to set."""
    query, known, at = request.GET.copy(), axes(request.GET), timezone.now()
    measure = one_of({"measure": "".join(query.pop("measure", [])[-1:])}, "measure", Measure.values, "won")
    promising.quarterly(query)
    asked = bounded(parse(query, known, at))
    choice = heeded(asked, promising.QUOTAS)
    everybody, start = permitted(request, "reports.view_money"), organisation.current().fiscal_year_start
    found = quotas_of(request.user, measure, choice.period, choice.today, start, everybody)
    if choice.team is not None:
        found = [one for one in found if one.team.id in choice.team.ids]
    form = QuotasForm(found, request.POST or None) if permitted(request, "reports.change_quota") else None
    if request.method == "POST":
        require(request, "reports.change_quota")
        if form.is_valid():
            set_quotas(measure, choice.period, form.wishes(), request.user, at)
            messages.success(request, _("The quotas are saved."))
            return redirect(request, f"{request.path}?{asked.query(measure=measure)}")
    total = targets.matrix(measure, choice.period, choice.today, start).total if everybody else None
    if kind := exporting.wanted(request):
        more = [promising.quota_sums_file(found, total)] if everybody else []
        return exporting.answer(kind, "quotas", *promising.quotas_file(found), more=more)
    query, why = asked.query(measure=measure), _("quotas are set for teams and people")
    context = head(request, asked, known, _("Quotas"), query, promising.QUOTAS, why) | {
        "measure": measure,
        "measures": [(label, asked.query(measure=name), name == measure) for name, label in Measure.choices],
        "action": f"{request.path}?{query}",
        "rows": promising.quota_rows(found, measure, choice, form, everybody),
        "sums": promising.quota_sums(found, total, measure, choice) if everybody else [],
        "may_set": bool(form and form.fields),
        "commission": _shows_commission(request),
    }
    return render_part(
        request, "reports/quotas.html", "board", context, status=422 if form and form.errors else 200
    )


def _shows_commission(request):
    """Is there a way to the common commission: for its readers, and whoever takes part?"""
    if organisation.current().level < Level.FULL:
        return False
    return permitted(request, "reports.view_commission") or plans.takes_part(request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("reports.view_money")
def matrix(request):
    """Targets of a period by region and segment with what was attained; a POST sets them."""
    query, known, at = request.GET.copy(), axes(request.GET), timezone.now()
    measure = one_of({"measure": "".join(query.pop("measure", [])[-1:])}, "measure", Measure.values, "won")
    promising.quarterly(query)
    asked = bounded(parse(query, known, at))
    choice = heeded(asked, promising.TARGETS)
    may_set, form = permitted(request, "reports.change_target", measure), None
    start = organisation.current().fiscal_year_start
    if request.method == "POST":
        require(request, "reports.change_target", measure)
        standing = showing.standing(choice.period)
        form = TargetsForm(known, choice, request.POST, must_agree=standing.is_bound)
        if form.is_valid() and _saved(request, form, measure, choice.period, standing, at):
            return redirect(request, f"{request.path}?{asked.query(measure=measure)}")
    found = targets.matrix(measure, choice.period, choice.today, start, choice.region, choice.segment)
    if kind := exporting.wanted(request):
        return exporting.answer(
            kind, "targets", *promising.file(found, known, choice), more=promising.more(found, known, choice)
        )
    standing = showing.standing(choice.period, measure, found)
    if may_set and form is None:
        initial = promising.initial(found, known, choice, standing.proposed)
        form = TargetsForm(known, choice, initial=initial, must_agree=standing.is_bound)
    query, why = asked.query(measure=measure), _("targets are set for regions and segments")
    context = head(request, asked, known, _("Targets"), query, promising.TARGETS, why) | {
        "measure": measure,
        "measures": [(label, asked.query(measure=name), name == measure) for name, label in Measure.choices],
        "action": f"{request.path}?{query}",
        "may_set": may_set,
        "reasons": form.reasons if form else [],
        "notices": telling.notices(standing, permitted(request, "reports.propose_targets"), choice.today),
        **promising.shown(found, known, choice, measure, form, standing.proposed),
    }
    return render_part(request, TEMPLATE, "board", context, status=422 if form and form.errors else 200)


def _saved(request, form, measure, period, standing, at):
    """Set what the form asks for, or propose it; without, it says why not."""
    try:
        rounds = targets.promise(measure, period, form.wishes(), request.user, at, **form.said)
    except NotToSign as refusal:
        form.refuse(str(refusal))
        return False
    messages.success(request, telling.saved(rounds, standing))
    return True
