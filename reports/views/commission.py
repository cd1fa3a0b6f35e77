"""The common commission: plans that both heads sign, the statement of each quarter, and who settles it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import organisation
from accounts.doors import permitted, requires
from leads import signing
from reports import exporting
from reports.commission import doubts, keeping, plans, quarterly, settling, telling
from reports.commission.forms import PlanForm
from reports.commission.statement import settled_lines, statement
from reports.models import CommissionPlan
from reports.views.months import month_of
from ui.htmx import redirect
from ui.responses import invalid


@require_safe
def overview(request):
    """The plan that counts, drafts, and every quarter; of whoever takes part without reading them only the own share."""
    if not permitted(request, "reports.view_commission"):
        return _own(request)
    kept, today, currency = keeping.kept(), *_now()
    table = quarterly.quarters(kept, today, currency)
    if kind := exporting.wanted(request):
        return exporting.answer(kind, "commission", table.columns, table.rows, title=_("Common commission"))
    plan = next((one for one in kept.plans if one.first <= today < one.until), None)
    context = {
        "plan": plan,
        "terms": plan and telling.terms(plan, currency),
        "sharers": plan and telling.sharers(plan.sharers),
        "table": table,
        "drafts": plans.drafts(),
        "may_draft": permitted(request, "reports.draft_commission"),
    }
    return render(request, "reports/commission/overview.html", context)


@require_safe
@requires("reports.view_commission")
def one(request, key):
    """The statement of a quarter."""
    return _statement(request, quarter_of(key))


@require_POST
@requires("reports.settle_commission")
def settle(request, key):
    """Settle a quarter."""
    period = quarter_of(key)
    try:
        settling.settle(period, request.user, timezone.now())
    except settling.Refused as refused:
        return _statement(request, period, problem=str(refused))
    messages.success(request, _("The quarter is settled. What changes later is told in the next statement."))
    return redirect(request, "reports:commission-statement", key)


@require_safe
@requires("reports.view_commission")
def plan(request, pk):
    """What a plan says, and who has signed it."""
    found = get_object_or_404(CommissionPlan.objects.prefetch_related("signatures__user"), pk=pk)
    people = [
        plans.Sharer(row.person_id, row.person.full_name, plans.track_of(row.person.role, row.person.head_of), row.percent)
        for row in found.shares.select_related("person").order_by("person__full_name", "person")
    ]  # fmt: skip
    is_draft = plans.drafts().filter(pk=pk).exists()
    context = {
        "plan": found,
        "terms": telling.terms(found, organisation.current().currency),
        "sharers": telling.sharers(people),
        "is_draft": is_draft,
        "may_sign": is_draft
        and permitted(request, "reports.sign_commission")
        and signing.open_to(request.user, found),
        "may_discard": not found.signatures.all() and permitted(request, "reports.draft_commission"),
        "may_draft": permitted(request, "reports.draft_commission"),
    }
    return render(request, "reports/commission/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("reports.draft_commission")
def draft(request):
    """A new plan, which begins with what another says (`?from=3`), or the newest."""
    today, _currency = _now()
    begin = request.GET.get("from", "")
    found = CommissionPlan.objects.filter(**{"pk": begin} if begin.isdecimal() else {}).first()
    initial = {name: getattr(found, name) for name in PlanForm.Meta.fields} if found else {}
    form = PlanForm(today, request.POST or None, plan=found, initial=initial)
    if request.method != "POST":
        return render(request, "reports/commission/draft.html", {"form": form})
    if not form.is_valid():
        return invalid(request, "reports/commission/draft.html", {"form": form})
    made = plans.save(form.save(commit=False), form.sharers, request.user)
    return redirect(request, "reports:commission-plan", made.pk)


@require_POST
@requires("reports.sign_commission")
def sign(request, pk):
    """Sign a draft for one's own track."""
    get_object_or_404(CommissionPlan, pk=pk)
    try:
        whole = plans.sign(pk, by=request.user, at=timezone.now())
    except signing.NotToSign as refusal:
        messages.warning(request, str(refusal))
        return _to_plan(request, pk)
    said = (
        _("Both sides have signed: the plan is in force.")
        if whole
        else _("Signed. The other side's signature is missing.")
    )
    messages.success(request, said)
    return redirect(request, "reports:commission-plan", pk)


@require_POST
@requires("reports.draft_commission")
def discard(request, pk):
    """Throw away a draft that nobody has signed."""
    get_object_or_404(CommissionPlan, pk=pk)
    try:
        plans.discard(pk)
        messages.success(request, _("The draft is gone."))
    except signing.NotToSign as refusal:
        messages.warning(request, str(refusal))
        return _to_plan(request, pk)
    return redirect(request, "reports:commission")


def _to_plan(request, pk):
    """The plan's page, or all of them where it is gone."""
    gone = not CommissionPlan.objects.filter(pk=pk).exists()
    return redirect(request, *(("reports:commission",) if gone else ("reports:commission-plan", pk)))


def _own(request):
    if not request.user.is_active or not plans.takes_part(request.user):
        raise PermissionDenied
    context = {"table": quarterly.own(keeping.own(request.user))}
    return render(request, "reports/commission/own.html", context)


def _statement(request, period, problem=""):
    at, (today, currency) = timezone.now(), _now()
    kept = keeping.kept(period)
    found = statement(kept, period, today, currency, organisation.current().live_on)
    if found is None:
        raise Http404
    if kind := exporting.wanted(request):
        return _as_file(kind, found)
    context = {
        "found": found,
        "key": period.key,
        "terms": telling.terms(found.plan, found.currency),
        "lines": telling.lines(found),
        "steps": telling.reckoning(found),
        "changes": telling.changes(found),
        "parts": telling.parts(found),
        "by_side": telling.by_side(found),
        "endless": doubts.endless(found),
        "overlaps": doubts.overlaps(found, settled_lines(kept)),
        "takes_late": not found.settled_at and period.first == kept.next,
        "may_settle": permitted(request, "reports.settle_commission") and settling.may(kept, period, at),
        "problem": problem,
    }
    template = "reports/commission/statement.html"
    return invalid(request, template, context) if problem else render(request, template, context)


def _as_file(kind, found):
    table = telling.lines(found)
    more = [telling.reckoning(found), telling.changes(found), telling.parts(found)]
    title = _("What campaigns brought")
    name = f"commission-{found.period.key}"
    return exporting.answer(
        kind, name, telling.FILED, table.rows, more=[one for one in more if one], title=title
    )


def quarter_of(key):
    """The quarter that an address names by its first month. Raises Http404 for what is none."""
    return keeping.quarter(month_of(key))


def _now():
    return organisation.today(timezone.now()), organisation.current().currency
