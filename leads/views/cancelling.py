"""What of a won deal was cancelled: recorded and taken back on the deal's page."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import get_permitted, permitted
from accounts.organisation import today
from leads import closing
from leads.forms.deals import CancelForm
from pipeline import cancellations, money, months
from pipeline.models import Deal, Outcome
from ui import formats
from ui.htmx import redirect
from ui.responses import invalid


def deal_cancel(request, pk):
    """Cancel a won deal, or a part of it: asks how much, when and why."""
    found = _deal(request, pk)
    left = cancellations.of_deal(found).left
    begins = {"amount": left and min(left, money.rounded(left, found.currency)), "on": today(timezone.now())}
    form = CancelForm(request.POST or None, deal=found, left=left, initial=begins)
    context = {
        "form": form,
        "deal": found,
        "title": _("Record a cancellation"),
        "action": _("Record it"),
        "leave": _("Back"),  # beside a cancellation “Cancel” would say two things
    }
    if request.method != "POST":
        return render(request, "leads/deals/form.html", context)
    if form.is_valid() and (made := _cancelled(form, found, request.user)):
        messages.success(request, _("The cancellation is recorded."))
        if later := _booked(made.signed_on):
            messages.info(request, later)
        return redirect(request, "leads:deal", pk)
    return invalid(request, "leads/deals/form.html", context)


@require_POST
def cancellation_remove(request, pk, cancellation):
    """Take a cancellation back; the deal's journal keeps it."""
    found = _deal(request, pk)
    gone = get_object_or_404(Deal.with_cancellations.filter(cancels=found), pk=cancellation)
    try:
        closing.take_back(gone, by=request.user, at=timezone.now())
    except closing.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The cancellation is taken back."))
    return redirect(request, "leads:deal", pk)


def whole(pk):
    """The id of the deal that a cancellation belongs to, None where `pk` is none."""
    return Deal.with_cancellations.cancellations().filter(pk=pk).values_list("cancels", flat=True).first()


def card(request, deal):
    """What the deal's page shows of its cancellations; {} while there can be none."""
    if deal.outcome != Outcome.WON:
        return {}
    found = cancellations.of_deal(deal)
    may = permitted(request, "pipeline.cancel_deal", deal)
    return {"gone": found, "may_cancel": may} if found.cancellations or may else {}


def _deal(request, pk):
    return get_permitted(request, Deal.objects.select_related("company"), "pipeline.cancel_deal", pk)


def _cancelled(form, deal, by):
    """Cancel it; a refusal becomes an error of the form."""
    try:
        return closing.cancel(deal, by=by, at=timezone.now(), **form.cleaned_data)
    except closing.Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def _booked(day):
    """What to say where the month of a day is closed; "" where it is not."""
    month, shut = day.replace(day=1), months.closed()
    if month not in shut:
        return ""
    return _("%(month)s is closed: officially the cancellation counts in %(booked)s.") % {
        "month": formats.month(month),
        "booked": formats.month(months.booked(month, shut)),
    }
