"""A deal ends: won or lost, each with its reason; and opened again where that was too early."""

from datetime import timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import organisation
from leads import agreement, because, funnel, handoffs, handover, ownership, pool, stories
from leads.clocks import clocks_of
from leads.closing import cancelling, costs, renewing
from leads.closing.record import (
    Refused,
    Stopped,
    changing,
    first_stage,
    insist,
    insist_open,
    leads_of,
    lock_leads,
)
from leads.models import Destination, Event, Handoff, HandoffKind, Lead
from leads.models.handoffs import HandoffEnd
from pipeline import gates, rivals
from pipeline.models import DealStage, Outcome
from pipeline.stages import Stage

LATE = timedelta(days=366)  # a deal is entered after its signature, but not that long after
TOO_OLD = gettext_lazy(
    "That is more than a year before the deal was opened here: look at the year. What was signed long ago is brought by an import."
)


class RenewalAtWork(Refused):
    """The contract's renewal is open and somebody has worked on it: say what becomes of it. `deal` is the renewal."""

    def __init__(self, deal):
        self.deal = deal
        super().__init__(
            _("The renewal “%(deal)s” is open and somebody has worked on it: say what becomes of it.")
            % {"deal": deal.name}
        )


def win(deal, *, reason, signed_on, by, at, expected=None, passing=""):
    """Won: signed, with a reason; returns the deal. Its leads are won with it, and out of everybody's hands.

    The unit costs of the day are copied to the lines, and their sum is the deal's cost; a deal without lines keeps
    what it has. What the stages on the way ask must be there, unless `passing`, a sentence that the journal keeps, lets
    it pass. Raises Stopped with what is lacking, and Refused, as for a day long before the deal was opened: the year is
    mistyped.
    """
    _check_reason(reason, Outcome.WON)
    if signed_on is None or signed_on > organisation.today(at):
        raise Refused(_("Say when it was signed; that cannot be in the future."))
    with transaction.atomic():
        with changing(deal, by=by, at=at, reason=_told(reason, passing), expected=expected) as fresh:
            insist_open(fresh)
            if signed_on < organisation.today(fresh.opened_at) - LATE:
                raise Refused(TOO_OLD)
            if fresh.amount is None:
                raise Refused(_("A deal needs an amount before it is won."))
            insist_passes(fresh, ended(Outcome.WON), passing)
            _close(fresh, Outcome.WON, reason, at)
            fresh.signed_on = signed_on
            fresh.cost = costs.copied(fresh)
        leads = leads_of(deal, Stage.DEAL)
        insist(funnel.advance(leads, Stage.WON, actor=by, at=at))
        handoffs.finish(leads, at=at)
        stories.ask_winner(deal, at=at)
    return deal


def lose(
    deal,
    *,
    reason,
    by,
    at,
    note="",
    rival="",
    rival_price=None,
    wake_at=None,
    expected=None,
    passing="",
    asked=True,
):
    """Lost, with a reason; returns the deal. Its leads go to nurture and its open steps are done with.

    A reason that means "later" wakes them at `wake_at` (else when the table of the hand-over says), still their
    rep's; otherwise they rest before the pool has them, or wake up for the desk. `rival`: who got it instead, at `rival_price`
    in the deal's currency. What the stage of lost deals asks must be there, unless `passing` says why not, or it is not
    `asked`: where the house itself ends it. Raises Stopped, and Refused.
    """
    _check_reason(reason, Outcome.LOST)
    if rival_price is not None and not (Decimal(rival_price).is_finite() and rival_price >= 0):
        raise Refused(_("A price is not below nothing."))
    with transaction.atomic():
        with changing(deal, by=by, at=at, reason=_told(reason, passing), expected=expected) as fresh:
            insist_open(fresh)
            if asked:
                insist_passes(fresh, ended(Outcome.LOST), passing)
            _close(fresh, Outcome.LOST, reason, at)
            fresh.outcome_note, fresh.rival = note.strip()[:500], rivals.spelled(rival)
            fresh.rival_price = rival_price
        deal.steps.filter(done_at=None).update(done_at=at)
        leads = leads_of(deal, Stage.DEAL)
        if wake_at and not leads:
            raise Refused(_("This deal has no lead that could be asked again: leave the day out."))
        handoffs.finish(leads, at=at)
        _put_to_bed(leads, wake_at, reason, by, at)
    return deal


def _put_to_bed(lead_ids, wake_at, reason, by, at):
    """Leads of a lost deal go to nurture: asleep with their rep until a date, or resting without one."""
    later = wake_at or reason.later
    row, ways = handover.row(Event.LOST_LATER if later else Event.DEAL_LOST), {}
    for lead_id, grade in agreement.grades(lead_ids, at).items():
        asleep = bool(later) and (bool(wake_at) or row.way(grade) == Destination.NURTURE)
        ways.setdefault((asleep, row.way(grade), row.delay(grade)), []).append(lead_id)
    for (asleep, way, delay), ids in ways.items():
        marks = {"wake_at": wake_at or at + delay} if asleep else {"owner_id": None}
        insist(funnel.advance(ids, Stage.NURTURE, actor=by, reason=reason.name, at=at, **marks))
        if not asleep:
            (pool.rest if way == Destination.POOL else pool.sleep)(ids, at)


def reopen(deal, *, reason, by, at, renewal="", expected=None):
    """Open a closed deal again, with a reason; returns it. The leads that went with it are at the deal again.

    What is cancelled of it is taken back before; it costs what it did while open. A lead that somebody else works on by
    now stays there. The renewal that opened by itself is taken back; of one that somebody has worked on, `renewal` says
    what becomes of it (WithRenewal). Raises RenewalAtWork without, and Refused.
    """
    if not reason.strip():
        raise Refused(_("Say why."))
    with transaction.atomic():
        following = _without_contract(deal, renewal)
        again(deal, following, take_again, reason=reason, by=by, at=at, expected=expected)
        if following:
            lose(following, reason=renewing.taken_back_reason(), by=by, at=at, asked=False)
    return deal


def again(deal, following, into_hands, *, reason, by, at, expected=None):
    """The deal is open as before, and its leads are at it; `into_hands` (of lead ids, rep, by, at) gives those to the owner.

    `following`: its renewal that goes with it, or None.
    """
    with transaction.atomic():
        with changing(deal, by=by, at=at, reason=reason, expected=expected) as fresh:
            if fresh.outcome == Outcome.OPEN:
                raise Refused(_("The deal is open already."))
            cancelling.insist_whole(fresh)
            fresh.stage = _stage_before(fresh)
            fresh.outcome, fresh.outcome_reason, fresh.outcome_note = Outcome.OPEN, None, ""
            fresh.rival, fresh.rival_price = "", None
            fresh.signed_on = fresh.closed_at = None
            fresh.cost = costs.given_back(fresh)
            fresh.renewed = fresh.renewed and following is None
        stories.forget(deal)
        into_hands(leads_of(deal, Stage.WON, Stage.NURTURE), deal.owner or by, by, at)
        insist(funnel.advance(leads_of(deal, Stage.WON), Stage.DEAL, actor=by, reason=reason, at=at))
        lost = leads_of(deal, Stage.NURTURE)
        insist(funnel.advance(lost, Stage.SQL, actor=by, reason=reason, at=at))
        insist(funnel.advance(lost, Stage.DEAL, actor=by, reason=reason, at=at))


def _without_contract(deal, wish):
    """The renewal that is taken back with the win of its contract, or None; its leads are locked. Raises RenewalAtWork."""
    made, worked_on = renewing.open_renewal(deal)
    if made is None or wish == renewing.WithRenewal.KEEP:
        return None
    if worked_on and not wish:
        raise RenewalAtWork(made)
    lock_leads(made)
    return made


def take_again(lead_ids, rep, by, at):
    """Into the hands of the deal's owner again; an offer to a farmer was too early. Whoever was talked to stays so."""
    with connection.cursor() as cursor:
        sold = Handoff.objects.filter(lead__in=lead_ids, accepted_at__isnull=False)
        last = sold.exclude(kind=HandoffKind.FARMER).order_by("pk")
        before = {handoff.lead_id: handoff for handoff in last}
        held = Handoff.objects.open().filter(lead__in=lead_ids)
        ownership.end(cursor, list(held.values_list("pk", flat=True)), HandoffEnd.RELEASED, at=at)
        ownership.lock_reps(cursor, [rep.pk])
        agreed = agreement.in_force()
        clocks = clocks_of(rep, agreed, at)
        for lead in Lead.objects.filter(pk__in=lead_ids).order_by("pk"):  # a deal has one lead, seldom three
            made = ownership.take_one(
                cursor,
                lead,
                rep,
                because=because.OPEN_AGAIN,
                agreement=agreed,
                at=at,
                clocks=clocks,
                accepted=True,
                by=by,
            )
            if was := before.get(lead.pk):
                ownership.go_on(cursor, made, was)


def _check_reason(reason, outcome):
    if reason is None or reason.outcome != outcome:
        raise Refused(_("Choose a reason of this outcome."))


def ended(outcome) -> DealStage:
    """The stage of deals that are won, or of those that are lost."""
    return DealStage.objects.get(outcome=outcome)


def insist_passes(deal, stage, passing):
    """Raise Stopped where the deal lacks what a stage asks and no sentence lets it pass."""
    if not passing.strip() and (lacks := gates.lacking(deal, stage)):
        raise Stopped(stage, lacks)


def _told(reason, passing):
    return f"{reason.name} · {passing.strip()}" if passing.strip() else reason.name


def _close(deal, outcome, reason, at):
    deal.stage = ended(outcome)
    deal.outcome, deal.outcome_reason, deal.closed_at, deal.category = outcome, reason, at, ""


def _stage_before(deal):
    """The open stage that the deal was closed from, else the first one."""
    codes = (
        deal.changes.filter(field="stage", after=deal.stage.code)
        .order_by("-pk")
        .values_list("before", flat=True)
    )
    stages = DealStage.objects.open()
    return stages.filter(code=codes.first() or "").first() or first_stage()
