"""Costs of sales from tables: bringing one, those that were brought, and taking one back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import organisation
from accounts.doors import requires
from pipeline.models import SalesCostFile
from reports import entering, exporting
from reports.forms import CostFileForm
from reports.selling import filing
from reports.selling.files import left, take_back
from reports.views.selling import CHANGE
from ui import formats
from ui.htmx import redirect
from ui.responses import invalid

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@requires(CHANGE)
def file(request):
    """Bring a table of costs; with a format it is an empty one."""
    day = organisation.today(timezone.now())
    if kind := exporting.wanted(request):
        columns = entering.template(entering.COSTS, day)
        return exporting.answer(kind, "costs", columns, [], title=_("Cost of sales"))
    form = CostFileForm(request.POST or None, request.FILES or None)
    brought = SalesCostFile.objects.select_related("brought_by").order_by("-pk")[:SHOWN]
    context = {
        "form": form,
        "columns": entering.columns(entering.COSTS, day),
        "brought": filing.table(brought),
    }
    if request.method != "POST":
        return render(request, "reports/selling/file.html", context)
    if not form.is_valid():
        return invalid(request, "reports/selling/file.html", context)
    try:
        kept, wrong = entering.take(entering.COSTS, form.cleaned_data["file"], by=request.user, today=day)
    except entering.Refused as refused:
        form.add_error("file", str(refused))
        return invalid(request, "reports/selling/file.html", context)
    if wrong:
        return invalid(request, "reports/selling/file.html", context | {"wrong": wrong})
    told = ngettext("%(count)s row is kept.", "%(count)s rows are kept.", kept)
    messages.success(request, told % {"count": formats.number(kept)})
    return redirect(request, "reports:costs")


@require_safe
@requires(CHANGE)
def brought(request, pk):
    """A table that was brought: by whom and when, what is left of it, and whether it can be taken back."""
    one = get_object_or_404(SalesCostFile.objects.select_related("brought_by", "taken_back_by"), pk=pk)
    found = left(one)
    context = {"one": one, "left": found, "stays": filing.stays(found)}
    return render(request, "reports/selling/brought.html", context)


@require_POST
@requires(CHANGE)
def back(request, pk):
    """Take back a table that was brought, as a whole."""
    get_object_or_404(SalesCostFile, pk=pk)
    gone, stay = take_back(pk, request.user, timezone.now())
    tell = messages.success if gone else messages.warning
    tell(request, filing.told(gone, stay))
    return redirect(request, "reports:cost-brought", pk)
