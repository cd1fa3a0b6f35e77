"""Exchange rates: the list, a new one, and putting one right or taking it back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import organisation
from accounts.doors import hold, permitted, require, requires, saves
from pipeline import rates
from pipeline.forms.products import RateForm
from pipeline.models import ExchangeRate
from ui.htmx import redirect
from ui.responses import invalid

SHOWN = 200


@requires("pipeline.view_cost")
def rate_list(request):
    """Exchange rates, newest first, and a form for the next one."""
    form = RateForm(request.POST or None)
    context = {
        "form": form,
        "may_change": permitted(request, "pipeline.change_rate"),
        "rates": ExchangeRate.objects.order_by("-on", "currency")[:SHOWN],
        "base": organisation.current().currency,
        "waiting": rates.waiting(),
    }
    if request.method != "POST":
        return render(request, "pipeline/products/rates.html", context)
    require(request, "pipeline.change_rate")
    if not form.is_valid():
        return invalid(request, "pipeline/products/rates.html", context)
    return _done(request, _in_force, rates.put(form.save(commit=False), request.user))


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
            return _done(request, _in_force, rates.put(form.save(commit=False), request.user))
        except rates.Needed as error:
            form.add_error("currency", str(error))
    return invalid(request, "pipeline/products/rate.html", context)


@require_POST
@requires("pipeline.change_rate")
def rate_delete(request, pk):
    """Take a rate back; the one before it holds again."""
    try:
        return _done(request, _deleted, rates.take_back(get_object_or_404(ExchangeRate, pk=pk), request.user))
    except rates.Needed as error:
        messages.error(request, str(error))
        return redirect(request, "pipeline:rate", pk)


def _done(request, words, changed):
    messages.success(request, words(changed))
    return redirect(request, "pipeline:rates")


def _in_force(changed):
    if changed is None:
        return _("The rate is in force; very many amounts are being converted anew in the background.")
    return ngettext(
        "The rate is in force; %(n)d amount was converted anew.",
        "The rate is in force; %(n)d amounts were converted anew.",
        changed,
    ) % {"n": changed}


def _deleted(changed):
    if changed is None:
        return _("The rate is deleted; very many amounts are being converted anew in the background.")
    return ngettext(
        "The rate is deleted; %(n)d amount was converted anew.",
        "The rate is deleted; %(n)d amounts were converted anew.",
        changed,
    ) % {"n": changed}
