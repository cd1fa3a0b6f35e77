"""The one-tap outcomes of a card of use."""

from django.db import transaction

from leads import attempts, capture
from leads.models import TouchKind, UsageSign
from leads.models.moments import Outcome
from leads.usage.cards import mine, whom


def close(company, outcome, *, by, at):
    """Close the user's open signs of a customer; what was done about them is logged. Returns how many this call closed.

    Reached logs a call with the person spoken to last, "again" the attempt and the next in two hours.
    """
    with transaction.atomic():
        held = mine(by).filter(unit__company=company, closed_at=None).values("pk")
        n = UsageSign.objects.filter(pk__in=held, closed_at=None).update(
            closed_at=at, closed_by=by, outcome=outcome
        )
        contact = whom(company, by) if n and outcome != Outcome.NOTHING else None
        if contact and outcome == Outcome.REACHED:
            capture.log_touch(contact, TouchKind.CALL, by=by, at=at, outbound=True, reached=True, tapped=at)
        elif contact:
            attempts.call_again(contact, by=by, at=at)
        if n:
            capture.keep(by, at, company=company)
    return n
