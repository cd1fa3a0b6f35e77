"""Costs of sales: their list, form and files; and where money of both teams earns most."""

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import organisation
from accounts.doors import get_held, permitted, require, requires, saves
from pipeline import months
from pipeline.models import SalesCost, SalesCostOf
from reports import exporting, file_tables, heeding
from reports.choice import axes, one_of, parse
from reports.funnel import funnel
from reports.selling import listing, telling
from reports.selling.combined import AXES, HEEDED
from reports.selling.combined import combined as combined_of
from reports.selling.forms import CostFilters, CostForm
from reports.selling.lines import MARKETING
from reports.selling.lines import lines as lines_of
from reports.views.head import head
from ui import keyset
from ui.htmx import redirect, render_part
from ui.responses import invalid
from ui.tables import Table

READ, CHANGE = "reports.view_sales_cost", "reports.change_sales_cost"


@require_safe
@requires("reports.view_money")
def combined(request):
    """Credited margin ÷ combined cost by segment or region, with how sure that is."""
    query, known = request.GET.copy(), axes(request.GET)
    asked = {"by": "".join(query.pop("by", [])[-1:])}
    axis = one_of(asked, "by", AXES, "segment")
    choice = parse(query, known, timezone.now())
    found = combined_of(choice)
    may_read = permitted(request, READ)
    table, kinds = telling.earned(found, axis, known, may_read), telling.kinds(found, may_read)
    if kind := exporting.wanted(request):
        table = file_tables.placed(table, found.tree)
        return exporting.answer(
            kind,
            "combined",
            table.columns,
            table.rows,
            more=[kinds],
            title=_("Where combined money earns most"),
        )
    words, simulator = telling.verdict(found, axis, known)
    labels = {"segment": _("By segment"), "region": _("By region")}
    context = head(
        request, choice, known, _("Where combined money earns most"), choice.query(by=axis), HEEDED
    ) | {
        "switches": [(labels[name], choice.query(by=name), name == axis) for name in AXES],
        "table": table,
        "kinds": kinds,
        "verdict": words,
        "simulator": simulator,
        "young": funnel(found.choice).steps["new_won"].young,
        "kept_span": found.choice.period.label,
        "may_read": may_read,
    }
    return render_part(request, "reports/selling/combined.html", "board", context)


@require_safe
@requires("reports.view_money")
def lines(request, part):
    """What the money of a place is made of: each sum with the share of it that stands there."""
    if part not in listing.TITLES:
        raise Http404
    if part != MARKETING:
        require(request, READ)
    query, known = request.GET.copy(), axes(request.GET)
    of = one_of({"of": "".join(query.pop("of", [])[-1:])}, "of", SalesCostOf.values, "")
    choice, found = lines_of(parse(query, known, timezone.now()), part, of)
    table = listing.table(choice, found, part, known)
    if kind := exporting.wanted(request):
        return exporting.answer(kind, f"combined-{part}", table.columns, table.rows, title=table.caption)
    context = {
        "table": table,
        "choice": choice,
        "query": choice.query(**({"of": of} if of else {})),
        "title": table.caption,
        "told": heeding.named(choice),
        "back": ("reports:combined", choice.query()),
    }
    return render_part(request, "reports/listed.html", "rows", context)


@require_safe
@requires(READ)
def costs(request):
    """Costs of sales, the latest month first."""
    asked = request.GET.copy()
    for name in ("cursor", "format"):
        asked.pop(name, None)
    filters = CostFilters(asked or None, SalesCost.objects.visible_to(request.user), request=request)
    rows, base = filters.qs.values(*telling.ROW), organisation.current().currency
    may_change = permitted(request, CHANGE)
    if kind := exporting.wanted(request):
        told = telling.costs(list(rows.order_by("-month", "-id")), base, may_change)
        return exporting.answer(kind, "costs", telling.FILED, told, title=_("Cost of sales"))
    page = keyset.page(rows, ("-month", "-id"), cursor=request.GET.get("cursor", ""))
    words = _("No cost of sales is entered yet: enter the first, or bring a table of them.")
    table = Table(
        telling.costs(page.rows, base, may_change), telling.COSTS, _("Cost of sales"), request=request, page=page, cards=True,
        first=(words, reverse("reports:cost-new"), _("New cost")) if may_change else (),
        empty=_("No cost matches. Take a filter away."),
    )  # fmt: skip
    context = {
        "filter": filters, "table": table, "may_change": may_change, "export": asked.urlencode(),
        "sum": filters.qs.aggregate(sum=Sum("base_amount"))["sum"], "base": base,
    }  # fmt: skip
    return render_part(request, "reports/selling/costs.html", "rows", context)


@saves
@requires(CHANGE)
def cost_new(request):
    """Enter a cost of sales."""
    return _form(request, SalesCost(entered_by=request.user))


@saves
@requires(CHANGE)
def cost_edit(request, pk):
    """Correct a cost of sales; its history is kept."""
    return _form(request, get_held(request, SalesCost.objects, CHANGE, pk))


def _form(request, one):
    form = CostForm(request.POST or None, instance=one)
    context = {"form": form, "one": one if one.pk else None}
    if request.method != "POST":
        return render(request, "reports/selling/form.html", context)
    if not form.is_valid():
        return invalid(request, "reports/selling/form.html", context)
    saved = form.save()
    messages.success(request, _("The cost is kept."))
    if words := months.told(saved):
        messages.warning(request, words)
    return redirect(request, "reports:costs")


@require_POST
@requires(CHANGE)
def cost_remove(request, pk):
    """Take a cost away; history keeps it."""
    get_object_or_404(SalesCost.objects.visible_to(request.user), pk=pk).delete()
    messages.success(request, _("The cost is taken away; history keeps it."))
    return redirect(request, "reports:costs")
