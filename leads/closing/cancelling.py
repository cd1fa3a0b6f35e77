"""A won deal is cancelled, whole or in part: money below nothing on its own day, beside the win, which stays as it was."""

from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import organisation
from leads.closing.record import Refused, base_amount, changing
from pipeline import cancellations, money
from pipeline.models import Deal, DealChange, Outcome
from ui import formats

# The journal of the won deal tells how much of it is cancelled, before and after, under this name.
JOURNAL = "cancels"


def cancel(deal, *, amount, on, reason, by, at, expected=None):
    """Cancel `amount` of a won deal, in its currency and net of tax, on the day `on`; returns the cancellation.

    Together the cancellations of a deal are never more than it was won for. Raises Refused.
    """
    if not reason.strip():
        raise Refused(_("Say why."))
    with changing(deal, by=by, at=at, expected=expected) as won:
        before = cancellations.of_deal(won)
        amount = _checked(won, amount, before.left)
        _check_day(won, on, at)
        made = Deal(
            cancels=won, name=won.name, kind=won.kind, stage=won.stage, outcome=Outcome.WON, amount=-amount,
            currency=won.currency, cost=_cost(won, before, amount), signed_on=on, opened_at=at, closed_at=at,
            outcome_note=reason.strip()[:500],
        )  # fmt: skip
        made.base_amount = base_amount(made)
        made.save()
        _tell(won, before, on, by=by, at=at, reason=reason.strip())
    return made


def take_back(cancellation, *, by, at):
    """Take a cancellation back: it is gone, and its deal stands for so much more again. Returns the deal. Raises Refused."""
    with transaction.atomic():
        won = cancellation.cancels
        with changing(won, by=by, at=at) as fresh:
            before = cancellations.of_deal(fresh)
            if not _gone(cancellation):
                raise Refused(_("This cancellation has been taken back already."))
            _tell(fresh, before, cancellation.signed_on, by=by, at=at)
    return won


def insist_whole(deal):
    """Raise Refused where something of the deal is cancelled."""
    if cancelled := cancellations.of_deal(deal).cancelled:
        raise Refused(
            _("%(amount)s of this deal is cancelled. Take that back first, then open the deal again.")
            % {"amount": formats.money(cancelled, deal.currency)}
        )


def _checked(won, amount, left):
    """The amount as it is stored. Raises Refused."""
    if won.outcome != Outcome.WON:
        raise Refused(_("Only a deal that is won can be cancelled."))
    if left is None:
        raise Refused(_("The deal was won without an amount: there is nothing to cancel."))
    if amount is None or not Decimal(amount).is_finite() or amount <= 0:
        raise Refused(_("Say how much of it is cancelled: more than nothing."))
    amount = Decimal(amount).quantize(money.STORED)
    if amount > left:
        raise Refused(
            _("No more than %(left)s is left of this deal.") % {"left": formats.money(left, won.currency)}
        )
    return amount


def _check_day(won, on, at):
    if on is None or on > organisation.today(at):
        raise Refused(_("Say when it was cancelled; that cannot be in the future."))
    if on < won.signed_on:
        raise Refused(
            _("It was signed on %(day)s and cannot be cancelled before that.")
            % {"day": formats.day(won.signed_on)}
        )


def _cost(won, before, amount):
    """What of the cost goes with it: in proportion, so that all is gone when the whole deal is."""
    if won.cost is None:
        return None
    gone = (won.cost * (before.cancelled + amount) / won.amount).quantize(money.STORED)
    return -gone - sum(one.cost or 0 for one in before.cancellations)


def _gone(cancellation):
    """Delete the row alone: nothing hangs on it, and of journals nothing may be deleted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM pipeline_deal WHERE id = %s AND cancels_id IS NOT NULL", [cancellation.pk]
        )
        return cursor.rowcount


def _tell(won, before, on, *, by, at, reason=""):
    after = cancellations.of_deal(won).cancelled
    said = {"before": _text(before.cancelled), "after": _text(after)}
    DealChange.objects.create(
        deal=won, field=JOURNAL, of_day=on, actor=by, at=at, reason=reason[:500], **said
    )


def _text(cancelled):
    return f"{cancelled:f}" if cancelled else ""
