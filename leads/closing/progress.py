"""An open deal goes on: its stage and its facts; of a won one, when its contract ends."""

from django.utils.translation import gettext as _

from engine.hints import hint
from leads import funnel
from leads.closing import renewing
from leads.closing.outcomes import insist_passes, lose
from leads.closing.record import KEPT, Refused, changing, insist_open
from pipeline.models import Deal, DealChange, Outcome

CHANGEABLE = (
    "name", "kind", "company", "owner", "amount", "currency", "expected_close", "category", "product", "partner",
    "contract_until", "attributes",
)  # fmt: skip
CONTRACT = (
    "contract_until"  # moves no figure of a win: it may be entered and set right when that is long over
)


def move(deal, stage, *, by, at, expected=None, passing=""):
    """Move an open deal to another open stage; returns it. A category set by hand stays.

    What the stage asks for must be there, unless `passing`, a sentence that the journal keeps, lets it pass. Raises
    Refused, and Stopped with what is lacking.
    """
    if stage.outcome != Outcome.OPEN:
        raise Refused(_("A deal is won or lost with a reason, not by moving it."))
    with changing(deal, by=by, at=at, expected=expected, reason=passing.strip()) as fresh:
        insist_open(fresh)
        if fresh.stage_id != stage.pk:
            insist_passes(fresh, stage, passing)
        fresh.stage = stage
    return deal


def change(deal, values, *, by, at, expected=None):
    """Change facts of an open deal, {field: value} of CHANGEABLE; returns it. Raises Refused.

    What a closed deal brought is changed by opening it again, so that nothing moves behind a report's back. Only the
    end of its contract may be entered once it is won.
    """
    if unknown := values.keys() - set(CHANGEABLE):
        raise TypeError(f"change() sets no {', '.join(sorted(unknown))}")
    if "amount" in values and values["amount"] is None:
        raise Refused(_("A deal needs an amount."))
    with changing(deal, by=by, at=at, expected=expected) as fresh:
        moved = {name: value for name, value in values.items() if getattr(fresh, name) != value}
        if fresh.outcome != Outcome.WON or moved.keys() - {CONTRACT}:
            insist_open(fresh)
        elif moved:
            _renew_anew(fresh, by, at)
        for name, value in moved.items():
            setattr(fresh, name, value)
    return deal


def _renew_anew(won, by, at):
    """The renewal that opened by itself for another end of the contract is taken back; one opens again in time."""
    made, worked_on = renewing.open_renewal(won)
    if made is None or worked_on:
        return
    lose(made, reason=renewing.taken_back_reason(), by=by, at=at, asked=False)
    won.renewed = False


def change_many(values, name, *, by, at):
    """Set one fact of many open deals, {deal: value}: one that moves neither money nor hands. The caller holds the deals."""
    if name not in ("expected_close", "category"):
        raise TypeError(f"change_many() sets no {name}")
    changes = []
    for deal, value in values.items():
        before = getattr(deal, name)
        setattr(deal, name, value)
        deal.updated_at = at
        told = {"before": _told(before), "after": _told(value), "actor": by, "at": at}
        changes.append(DealChange(deal=deal, field=name, **told))
    Deal.objects.bulk_update(values, [name, "updated_at"], batch_size=500)
    if name in KEPT:
        DealChange.objects.bulk_create(changes)
    hint(funnel.ALWAYS_HINT)


def _told(value):
    return value.isoformat() if hasattr(value, "isoformat") else value or ""
