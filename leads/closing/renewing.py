"""Contracts that come to their end: the renewal opens itself, once for each, in the hands of whoever owns the account."""

from contextlib import suppress
from datetime import timedelta

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts import organisation
from accounts.models import User
from engine.copying import chunk
from engine.hints import hint
from leads import funnel
from leads.closing import record
from pipeline.cancellations import IN_FULL, cancelled
from pipeline.models import Deal, DealContact, DealKind, DealLine, Outcome, OutcomeReason, Step
from ui import formats

FIRST_STEP = timedelta(days=1)
# Why a renewal is out of the way again. No figure counts such a deal (reports/sql/fresh_deal.sql).
TAKEN_BACK = "renewal_taken_back"
TAKEN_BACK_NAME = gettext_noop("Taken back: the contract that it renews has changed")
# What ended before today is history: nobody renews it by machine. Nor what was cancelled in full.
DUE = f"""
SELECT id FROM pipeline_deal d
WHERE outcome = 'won' AND NOT renewed AND contract_until BETWEEN %s AND %s AND NOT {IN_FULL}
ORDER BY contract_until, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""


class WithRenewal(models.TextChoices):
    """What becomes of a renewal when the contract that it renews is opened again."""

    TAKE_BACK = "take_back", gettext_lazy("It is taken back: nothing of it counts")
    KEEP = "keep", gettext_lazy("It stays open")


def renew_due(limit=200, at=None):
    """Open the renewals of contracts that end within the days agreed. Returns how many contracts were looked at.

    A renewal that somebody opened before for the same company and product is taken for it.
    """
    at = at or timezone.now()
    house = organisation.current()
    if not house.renewal_days:
        return 0
    today = organisation.today(at)
    with chunk() as cursor, translation.override(house.language):
        cursor.execute(DUE, [today, today + timedelta(days=house.renewal_days), limit])
        ids = [row[0] for row in cursor.fetchall()]
        won = Deal.objects.filter(pk__in=ids).select_related("company__sales_owner", "owner")
        # One by one: a day brings a handful, and each is written down like any other deal.
        for deal in won.prefetch_related("lines", "deal_contacts").order_by("pk"):
            renew(deal, at)
        if ids:
            hint(funnel.ALWAYS_HINT)
    return len(ids)


def renew(won, at, *, by=None):
    """Open the renewal of a won contract, unless somebody did before; `by` is whoever asks for it before its time. Returns it."""
    same = {"company": won.company, "product": won.product, "kind": DealKind.RENEWAL, "renews": None}
    made = None
    if won.company_id:
        made = (
            Deal.objects.filter(**same, outcome=Outcome.OPEN, opened_at__gt=won.closed_at)
            .order_by("pk")
            .first()
        )
    if made is None:
        made = _opened(won, at, by)
    Deal.objects.filter(renews=won).update(renews=None)  # one that was taken back before
    Deal.objects.filter(pk=made.pk).update(renews=won)
    Deal.objects.filter(pk=won.pk).update(renewed=True)
    return made


def may_renew(deal):
    """Whether the deal (its key) is a won contract that nothing renews yet and of which something is left."""
    found = Deal.objects.won().filter(pk=deal, renewed=False, contract_until__isnull=False)
    gone = cancelled()
    return found.annotate(gone=gone).filter(Q(gone=None) | Q(gone__lt=F("amount"))).exists()


def _opened(won, at, by):
    """The renewal with the terms, lines and people of the deal that was won."""
    name = _("Renewal: %(deal)s") % {"deal": won.name}
    made = Deal(
        name=name[:300], company=won.company, kind=DealKind.RENEWAL, owner=_keeper(won), amount=won.amount, currency=won.currency,
        expected_close=won.contract_until, product=won.product, partner=won.partner,
    )  # fmt: skip
    what = _("Talk about the renewal; the contract ends on %(day)s")
    begin(made, what % {"day": formats.day(won.contract_until)}, by=by, at=at)
    DealLine.objects.bulk_create(
        DealLine(deal=made, product_id=line.product_id, quantity=line.quantity, unit_price=line.unit_price,
                 discount=line.discount) for line in won.lines.all()
    )  # fmt: skip
    DealContact.objects.bulk_create(
        DealContact(deal=made, contact_id=one.contact_id, role=one.role) for one in won.deal_contacts.all()
    )
    return made


def begin(deal, what, *, by, at):
    """Write down a deal that begins as of itself, with `what` as its owner's first step."""
    deal.stage, deal.opened_at = record.first_stage(), at
    with suppress(record.Refused):  # no rate of the day: whoever works on it will be asked for one
        deal.base_amount = record.base_amount(deal)
    deal.save()
    record.record(deal, {}, by=by, at=at)
    if deal.owner:
        Step.objects.create(deal=deal, what=what[:300], owner=deal.owner, due_at=at + FIRST_STEP)


def _keeper(won):
    """Whoever looks after the account: its owner (the farmer, once there is one), whoever won it, the head of sales."""
    for user in (won.company and won.company.sales_owner, won.owner):
        if user and user.is_active and not user.left_at:
            return user
    return User.objects.filter(head_of="sales", is_active=True).order_by("pk").first()


def open_renewal(deal):
    """(the open renewal of a deal or None, whether somebody has worked on it)."""
    made = Deal.objects.open().filter(renews=deal).first()
    return made, made is not None and _worked_on(made, deal)


def _worked_on(made, won):
    """Whether a renewal is more than what opened by itself: a hand in its journal, or parts that the machine did not give it."""
    changed = apps.get_model("pipeline", "DealEvent").objects.filter(pgh_obj=made)
    return (
        made.changes.filter(actor__isnull=False).exists()
        or changed.filter(pgh_context__metadata__user__gt=0).exists()
        or made.steps.exclude(done_at=None, due_at=made.opened_at + FIRST_STEP).exists()
        or made.attachments.exists()
        or made.leads.exists()
        or _parts(made) != _parts(won)
    )


def _parts(deal):
    """The lines and the people of a deal, to be compared."""
    lines = deal.lines.values_list("product", "quantity", "unit_price", "discount")
    return sorted(lines), sorted(deal.deal_contacts.values_list("contact", "role"))


def taken_back_reason():
    """The reason of renewals that were taken back; nobody chooses it by hand."""
    said = {"name": TAKEN_BACK_NAME, "outcome": Outcome.LOST, "active": False, "position": 99}
    return OutcomeReason.objects.update_or_create(code=TAKEN_BACK, defaults=said)[0]
