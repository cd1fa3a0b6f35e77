"""An open deal goes on: its stage and its facts."""

from django.utils.translation import gettext as _

from engine.hints import hint
from leads import funnel
from leads.closing.record import KEPT, Refused, changing, insist_open
from pipeline.models import Deal, DealChange, Outcome

CHANGEABLE = (
    "name", "kind", "company", "owner", "amount", "currency", "expected_close", "category", "product", "partner",
    "contract_until", "attributes",
)  # fmt: skip


def move(deal, stage, *, by, at, expected=None):
    """Move an open deal to another open stage; returns it. A category set by hand stays. Raises Refused."""
    if stage.outcome != Outcome.OPEN:
        raise Refused(_("A deal is won or lost with a reason, not by moving it."))
    with changing(deal, by=by, at=at, expected=expected) as fresh:
        insist_open(fresh)
        fresh.stage = stage
    return deal


def change(deal, values, *, by, at, expected=None):
    """Change facts of an open deal, {field: value} of CHANGEABLE; returns it. Raises Refused.

    What a closed deal brought is changed by opening it again, so that nothing moves behind a report's back.
    """
    if unknown := values.keys() - set(CHANGEABLE):
        raise TypeError(f"change() sets no {', '.join(sorted(unknown))}")
    if "amount" in values and values["amount"] is None:
        raise Refused(_("A deal needs an amount."))
    with changing(deal, by=by, at=at, expected=expected) as fresh:
        insist_open(fresh)
        for name, value in values.items():
            setattr(fresh, name, value)
    return deal


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
