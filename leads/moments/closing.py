"""The one-tap outcomes of a moment."""

from django.db import transaction

from leads import attempts, capture
from leads.models import TouchKind
from leads.models.moments import Moment, Outcome


def close(moment, outcome, *, by, at):
    """Close an open moment; what was done about it is logged. Returns whether this call closed it.

    Reached logs the call, "again" logs the attempt and plans the next in two hours.
    """
    with transaction.atomic():
        open_ones = Moment.objects.filter(pk=moment.pk, closed_at=None)
        if not open_ones.update(closed_at=at, outcome=outcome):
            return False
        if outcome == Outcome.REACHED:
            capture.log_touch(
                moment.contact, TouchKind.CALL, by=by, at=at, outbound=True, reached=True, tapped=at
            )
        elif outcome == Outcome.AGAIN:
            attempts.call_again(moment.contact, by=by, at=at)
        capture.keep(by, at, moment=moment)
    return True
