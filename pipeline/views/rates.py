"""Exchange rates: the list, a new one, and putting one right or taking it back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts import organisation
from accounts.doors import hold, permitted, require, requires, saves
from pipeline import rates
from pipeline.forms.products import RateForm
from pipeline.models import ExchangeRate
from ui.htmx import redirect
from ui.responses import invalid

SHOWN = 200
IN_FORCE = _("The rate is in force; %(n)d amounts were converted anew.")
DELETED = _("The rate is deleted; %(n)d amounts were converted anew.")


@requires("pipeline.view_cost")
def rate_list(request):
    """Exchange rates, newest first, and a form for the next one."""
    form = RateForm(request.POST or None)
    context = {
        "form": form,
        "may_change": permitted(request, "pipeline.change_rate"),
        "rates": ExchangeRate.objects.order_by("-on", "currency")[:SHOWN],
        "base": organisation.current().currency,
    }
    if request.method != "POST":
        return render(request, "pipeline/products/rates.html", context)
    require(request, "pipeline.change_rate")
    if not form.is_valid():
        return invalid(request, "pipeline/products/rates.html", context)
    return _done(request, IN_FORCE, rates.put(form.save(commit=False)))


@saves
@requires("pipeline.change_rate")
def rate_edit(request, pk):
    """Put a rate right; what it converts follows."""
    found = get_object_or_404(ExchangeRate, pk=pk)
    if request.method == "POST":
        found = hold(found)
    form = RateForm(request.POST or None, instance=found)
    context = {"form": form, "rate": found, "base": organisation.current().currency}
    if request.method != "POST":
        return render(request, "pipeline/products/rate.html", context)
    if form.is_valid():
        try:
            return _done(request, IN_FORCE, rates.put(form.save(commit=False)))
        except rates.Needed as error:
            form.add_error("currency", str(error))
    return invalid(request, "pipeline/products/rate.html", context)


@require_POST
@requires("pipeline.change_rate")
def rate_delete(request, pk):
    """Take a rate back; the one before it holds again."""
    try:
        return _done(request, DELETED, rates.take_back(get_object_or_404(ExchangeRate, pk=pk)))
    except rates.Needed as error:
        messages.error(request, str(error))
        return redirect(request, "pipeline:rate", pk)


def _done(request, words, changed):
    messages.success(request, words % {"n": changed})
    return redirect(request, "pipeline:rates")
