"""A deal that was won or lost by a slip: whoever closed it takes that back a short while after, while nothing hangs on it."""

from django.apps import apps
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from leads import ownership
from leads.closing import renewing
from leads.closing.outcomes import again, lose, take_again
from leads.closing.record import Refused, lock_leads
from leads.handoffs.undoing import WITHIN
from leads.models import BookMove, Handoff, Lead, StageChange
from leads.models.handoffs import HandoffEnd
from pipeline import cancellations
from pipeline.models import Deal, Outcome
from pipeline.stages import Stage

UNDONE = gettext_noop("Closed by a slip: taken back at once.")


def undoable(deal, *, by, at):
    """Whether `by` may take the end of this deal back now."""
    just_now = (
        deal.closed_at is not None and at - deal.closed_at <= WITHIN
    )  # most deals ask the database nothing
    return just_now and not _hindrance(deal, by, at)


def undo_close(deal, *, by, at):
    """Open a deal again that `by` has just closed: deal, leads, hands and steps as they were. Returns it. Raises Refused."""
    with transaction.atomic():
        lock_leads(deal)
        closed = Deal.objects.select_for_update(no_key=True).get(pk=deal.pk)
        if why := _hindrance(closed, by, at):
            raise Refused(why)
        category = _category_before(closed)
        renewal, _worked_on = renewing.open_renewal(closed)
        again(deal, renewal, _finished_by(closed), reason=UNDONE, by=by, at=at)
        if renewal:
            lose(renewal, reason=renewing.taken_back_reason(), by=by, at=at, asked=False)
        deal.steps.filter(done_at=closed.closed_at).update(done_at=None)
        Deal.objects.filter(pk=deal.pk).update(category=category)
    deal.refresh_from_db()
    return deal


def _hindrance(deal, by, at):
    """Why the end of this deal cannot be taken back by this user now; empty where it can."""
    if deal.outcome == Outcome.OPEN:
        return _("The deal is open already.")
    last = deal.changes.filter(field="outcome").order_by("-pk").first()
    if last is None or last.actor_id != by.pk:
        return _("Only whoever closed the deal takes that back. A manager can open it again.")
    if at - last.at > WITHIN:
        return _("That is too long ago to be taken back. A manager can open the deal again.")
    if deal.receipts.exists() or cancellations.of_deal(deal).cancelled:
        return _("Money hangs on it already. A manager can open the deal again.")
    if renewing.open_renewal(deal)[1]:
        return _("Somebody has worked on its renewal already. A manager can open the deal again.")
    if owner := BookMove.gone_home(
        "deals", deal.pk, deal.closed_at
    ):  # open again, it would stay with who stood in
        return _(
            "Meanwhile the book it came with is back with %(rep)s. A manager can open the deal again."
        ) % {"rep": owner}
    held = Handoff.objects.open().filter(lead__deal=deal).select_related("rep").first()
    return _("Too late: %(rep)s has it by now.") % {"rep": held.rep} if held else _gone_on(deal)


def _gone_on(deal):
    """Why a lead that the deal's end moved does not come back with it; empty where all stand as that left them."""
    ended = StageChange.objects.filter(lead__deal=deal, from_stage=Stage.DEAL, at=deal.closed_at)
    moved = ended.select_related("lead").order_by("lead", "-seq").distinct("lead")
    if any(change.lead.merged_into_id for change in moved):
        return _("It was merged into another lead.")
    lead = next((change.lead for change in moved if change.seq != change.lead.seq), None)
    return (
        _("Somebody has moved it on to “%(stage)s” since.") % {"stage": lead.get_stage_display()}
        if lead
        else ""
    )


def _finished_by(deal):
    """Gives leads back into the hands that the deal's end took them from, with the clocks they had there.

    A lost one that nobody held, as history brings it, goes to the deal's owner: it cannot be at a deal again without.
    """

    def into_hands(lead_ids, rep, by, at):
        ended = Handoff.objects.filter(lead__in=lead_ids, end=HandoffEnd.FINISHED, ended_at=deal.closed_at)
        lost = Lead.objects.filter(pk__in=lead_ids, stage=Stage.NURTURE)
        bare = list(lost.exclude(pk__in=ended.values("lead")).values_list("pk", flat=True))
        with connection.cursor() as cursor:
            ownership.reopen(cursor, dict(ended.values_list("pk", "answer_due_at")))
        if bare:
            take_again(bare, rep, by, at)

    return into_hands


def _category_before(deal):
    """The forecast category that it was closed from."""
    told = apps.get_model("pipeline", "DealEvent").objects.filter(pgh_obj=deal, outcome=Outcome.OPEN)
    return told.order_by("-pgh_id").values_list("category", flat=True).first()
