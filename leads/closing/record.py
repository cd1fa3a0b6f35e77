"""What every verb of a deal shares: the locks, the money and the journal."""

from contextlib import contextmanager
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import organisation
from engine.hints import hint
from leads import funnel
from leads.models import Lead
from pipeline import money
from pipeline.models import Deal, DealChange, DealStage, Outcome
from ui import formats

# Changes of these are written into the journal, in this order.
KEPT = ("stage", "amount", "currency", "expected_close", "owner", "outcome")


class Refused(ValueError):
    """The deal cannot be changed like that; the text says why, in the reader's language."""


class Stopped(Refused):
    """The stage asks for what the deal lacks: `lacking` are (what, where it is entered)."""

    def __init__(self, stage, lacking):
        self.lacking = lacking
        what = formats.listed([str(asked) for asked, _where in lacking])
        super().__init__(_("Before “%(stage)s”: %(what)s.") % {"stage": stage, "what": what})


@contextmanager
def changing(deal, *, by, at, reason="", expected=None):
    """A transaction around one change: yields the deal as it stands, locked after its leads; saves and records it.

    `expected` is the `updated_at` that the reader saw: somebody else's change in between is a refusal. The given
    `deal` shows the outcome afterwards. Raises Refused.
    """
    with transaction.atomic():
        lock_leads(deal)
        # Without the stage: a joined row that changed while we waited would hide the deal.
        fresh = Deal.objects.select_for_update(no_key=True).get(pk=deal.pk)
        if expected is not None and fresh.updated_at != expected:
            raise Refused(_("Somebody else has changed this deal meanwhile. Look at it again."))
        before = texts(fresh)
        yield fresh
        if (
            fresh.outcome == Outcome.OPEN or texts(fresh) != before
        ):  # a closed deal's stands at the rate of its day
            fresh.base_amount = base_amount(fresh)
        fresh.save()
        record(fresh, before, by=by, at=at, reason=reason)
        hint(funnel.ALWAYS_HINT)
    deal.refresh_from_db()


def lock_leads(deal):
    """Wait for the leads that led to the deal, in the order of their ids: leads come before deals everywhere."""
    list(_leads(deal).select_for_update(no_key=True).order_by("pk").values_list("pk"))


def leads_of(deal, *stages):
    """The ids of the deal's leads at these stages."""
    return list(_leads(deal).filter(stage__in=stages).order_by("pk").values_list("pk", flat=True))


def _leads(deal):
    return Lead.objects.filter(deal=deal, merged_into=None)


def first_stage() -> DealStage:
    """Where deals begin. Raises Refused where an admin left no open stage."""
    stage = DealStage.objects.open().order_by("position", "pk").first()
    if stage is None:
        raise Refused(_("There is no open deal stage."))
    return stage


def insist_open(deal):
    """Raise Refused unless the deal is open."""
    if deal.outcome != Outcome.OPEN:
        raise Refused(_("The deal is closed. Open it again first."))


def base_amount(deal) -> Decimal | None:
    """The deal's amount in the report currency, at the rate of the signature or of the opening. Raises Refused."""
    on = deal.signed_on or organisation.today(deal.opened_at)
    try:
        return money.to_base(deal.amount, deal.currency, on)
    except money.NoRate as error:
        raise Refused(str(error)) from None


def record(deal, before, *, by, at, reason=""):
    """Write what changed since `before` into the journal, as text; actors and owners are ids."""
    after = texts(deal)
    DealChange.objects.bulk_create(
        DealChange(
            deal=deal,
            field=name,
            before=before.get(name, ""),
            after=after[name],
            actor=by,
            reason=reason[:500],
            at=at,
        )
        for name in KEPT
        if before.get(name, "") != after[name]
    )


def texts(deal):
    """{field: its value as the journal keeps it}."""
    return {
        "stage": deal.stage.code,
        "amount": "" if deal.amount is None else f"{Decimal(deal.amount).quantize(money.STORED):f}",
        "currency": deal.currency,
        "expected_close": deal.expected_close.isoformat() if deal.expected_close else "",
        "owner": str(deal.owner_id or ""),
        "outcome": deal.outcome,
    }


def insist(result):
    """Raise Refused unless every lead of a funnel.Advanced moved."""
    if result.refused:
        raise Refused(result.refused[0].why)
    return result.moved
