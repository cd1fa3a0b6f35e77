"""Money received on a won deal: recorded and taken back on the deal's page."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import get_permitted, permitted, require
from accounts.organisation import today
from leads.forms.deals import ReceiptForm
from pipeline import money, receipts
from pipeline.models import Deal, Receipt
from ui.htmx import redirect
from ui.responses import invalid


def receipt_new(request, pk):
    """Record a payment."""
    found = _deal(request, pk)
    on = today(timezone.now())
    receipt = Receipt(deal=found, currency=found.currency, on=on, entered_by=request.user)
    form = ReceiptForm(request.POST or None, instance=receipt)
    context = {"form": form, "deal": found, "title": _("Money received"), "action": _("Record it")}
    if request.method != "POST":
        return render(request, "leads/deals/form.html", context)
    if form.is_valid() and _recorded(form):
        messages.success(request, _("The payment is recorded."))
        return redirect(request, "leads:deal", pk)
    return invalid(request, "leads/deals/form.html", context)


@require_POST
def receipt_remove(request, pk, receipt):
    """Take a payment back; history keeps it."""
    found = get_object_or_404(
        Receipt.objects.visible_to(request.user).select_related("deal"), pk=receipt, deal=pk
    )
    require(request, "pipeline.change_receipt", found)
    found.delete()
    messages.success(request, _("The payment is taken back."))
    return redirect(request, "leads:deal", pk)


def card(request, deal, uncancelled):
    """What the deal's page shows of money received; {} while there can be none. `uncancelled` of its amount, None for all."""
    found, came, left = receipts.of_deal(deal, uncancelled)
    if not found and deal.outcome != "won":
        return {}
    may = permitted(request, "pipeline.add_receipt", deal)
    told = {"uncollected": left} if left is None or left > 0 else {"owed_back": -left}
    return {"receipts": found, "collected": came, "may_receive": may, **told}


def _deal(request, pk):
    return get_permitted(request, Deal.objects.select_related("company"), "pipeline.add_receipt", pk)


def _recorded(form):
    """Record it; what stands against it becomes an error of the form."""
    try:
        return receipts.recorded(form.instance, timezone.now())
    except money.NoRate as missing:
        form.add_error("currency", str(missing))
    except receipts.NotYet as early:
        form.add_error("on", str(early))
    except receipts.Refused as refusal:
        form.add_error(None, str(refusal))
    return None
