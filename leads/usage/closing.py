"""The one-tap outcomes of a card of use."""

from django.db import transaction

from leads import attempts, capture
from leads.models import TouchKind
from leads.models.moments import Outcome
from leads.usage.cards import of, whom


def close(company, outcome, *, by, at):
    """Close the user's open signs of a customer; what was done about them is logged. Returns how many this call closed.

    Reached logs a call with the person spoken to last, "again" the attempt and the next in two hours.
    """
    with transaction.atomic():
        mine = of(by).filter(unit__company=company, closed_at=None).values("pk")
        closed = of(by).model.objects.filter(pk__in=mine, closed_at=None)
        n = closed.update(closed_at=at, closed_by=by, outcome=outcome)
        contact = whom(company) if n and outcome != Outcome.NOTHING else None
        if contact and outcome == Outcome.REACHED:
            capture.log_touch(contact, TouchKind.CALL, by=by, at=at, outbound=True, reached=True)
        elif contact:
            attempts.call_again(contact, by=by, at=at)
    return n
