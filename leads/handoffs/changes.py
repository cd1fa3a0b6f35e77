"""Changes of hands by somebody's will: offers by hand, own finds, people who leave, passes that end."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import organisation
from accounts.models import RepKind, RepProfile, User
from engine.copying import array, unhurried
from engine.hints import hint
from leads import agreement, because, funnel, handover, notices, ownership
from leads.assignment import slips
from leads.clocks import clocks_of
from leads.handoffs.answers import contacted
from leads.handoffs.refusals import ACCEPTED, NOT_TO_OFFER, Refused, insist
from leads.models import Destination, Event, Handoff, HandoffKind, Lead, Suggestion
from leads.models.handoffs import HandoffEnd
from pipeline.models import Deal, DealChange
from pipeline.stages import Stage

IN_SALES = (Stage.SQL, Stage.DEAL)


def offer(lead_id, *, to, by, at, because=because.CHOSEN, kind=HandoffKind.NEW):
    """Offer a lead to one rep by hand, taking it from whoever has it. Returns the handoff's id. Raises Refused.

    Only a ready lead, or one that a rep works on. One with a deal changes hands at once, its deal with it. While the
    house is in its shadow the offer is only suggested, and the answer is None.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        ownership.lock_leads(cursor, [lead_id])
        lead = Lead.objects.get(pk=lead_id)
        if lead.stage not in (Stage.READY, *IN_SALES):
            raise Refused(NOT_TO_OFFER)
        if organisation.in_shadow(at):
            Suggestion.objects.create(lead=lead, rep=to, by=by, at=at)
            return None
        held = list(Handoff.objects.open().filter(lead=lead_id))
        ownership.lock_reps(cursor, [to.pk, *(handoff.rep_id for handoff in held)])
        ownership.end(cursor, [handoff.pk for handoff in held], HandoffEnd.REASSIGNED, at=at)
        made = _hand(cursor, lead, to, kind, because, by, at)
    if lead.stage == Stage.DEAL:
        notices.handed(to, f"handoff:{made}", leads=[lead_id], deals={lead.deal_id} - {None}, at=at)
    else:
        notices.offered(array([made]))
    return made


def withdraw(lead_id, *, at):
    """Take an offer back that nobody has answered: the lead is routed anew. Raises Refused once it is accepted."""
    with transaction.atomic(), connection.cursor() as cursor:
        ownership.lock_leads(cursor, [lead_id])
        held = list(Handoff.objects.open().filter(lead=lead_id))
        if any(handoff.accepted_at for handoff in held):
            raise Refused(ACCEPTED)
        ownership.end(cursor, [handoff.pk for handoff in held], HandoffEnd.RELEASED, at=at)
        Lead.objects.filter(pk=lead_id, stage=Stage.READY).update(route_at=at, owner=None)
    hint("leads.tasks.assign")


def own_find(lead_id, *, by, at, met=False):
    """A rep found this lead: it stays with the rep, accepted at once, without routing or pool. Raises Refused.

    `met`: the rep has talked to them, which is the first contact.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        ownership.lock_leads(cursor, [lead_id])
        lead = Lead.objects.get(pk=lead_id)
        in_force = agreement.in_force()
        ownership.take_one(
            cursor,
            lead,
            by,
            kind=HandoffKind.OWN_FIND,
            because=because.FOUND,
            agreement=in_force,
            at=at,
            clocks=clocks_of(by, in_force, at),
            accepted=True,
            by=by,
        )
        if met:
            contacted([lead.contact_id], at, by)
        if lead.stage != Stage.SQL:
            insist(funnel.advance([lead_id], Stage.SQL, actor=by, reason="", at=at))


def set_aside(lead_ids, to, *, by, reason, at, wake_at=None, code="", slip=False, **marks):
    """Move leads to nurture or disqualified, out of whosever hands they are in. Returns funnel.Advanced.

    `wake_at` is nurture's wake-up date; `code` says in one word why a lead is disqualified (robot, competitor …);
    `marks` are further ones of funnel.advance. By a `slip` they came into those hands: that was no lead got.
    """
    marks = {**marks, "rounds": 0}
    if to == Stage.NURTURE:
        marks["wake_at"] = wake_at
    if to == Stage.DISQUALIFIED:
        marks["disqualified_because"] = code
    with transaction.atomic(), connection.cursor() as cursor:
        ownership.lock_leads(cursor, lead_ids)
        late = _accepted_meanwhile(lead_ids, by)
        held = dict(Handoff.objects.open().filter(lead__in=lead_ids).values_list("lead_id", "pk"))
        free = [lead_id for lead_id in lead_ids if lead_id not in held]
        done = funnel.advance(free, to, actor=by, reason=reason, at=at, **marks)
        done.refused.extend(funnel.Refusal(lead_id, _("Sales has accepted it already.")) for lead_id in late)
        held = {lead_id: handoff for lead_id, handoff in held.items() if lead_id not in late}
        # One by one: a lead that is refused stays in its rep's hands. The desk seldom takes many from reps.
        for lead_id, handoff in sorted(held.items()):
            one = _take_back(cursor, lead_id, handoff, to, by, reason, at, marks, slip)
            done.moved.extend(one.moved)
            done.refused.extend(one.refused)
    return done


def _accepted_meanwhile(lead_ids, by):
    """Of leads that are locked by now those that another than this user has accepted and that are no longer theirs to set aside."""
    open_now = Lead.objects.filter(
        pk__in=lead_ids, handoffs__ended_at=None, handoffs__accepted_at__isnull=False
    )
    taken = open_now.exclude(owner=by)
    return {lead.pk for lead in taken if by is not None and not by.has_perm("leads.qualify_lead", lead)}


def _take_back(cursor, lead_id, handoff, to, by, reason, at, marks, slip):
    """Move one lead out of a rep's hands, or leave both as they were."""
    with transaction.atomic():
        ownership.end(cursor, [handoff], HandoffEnd.RELEASED, at=at, note=reason if slip else "")
        if slip:
            slips.give_back(cursor, [handoff])
        result = funnel.advance([lead_id], to, actor=by, reason=reason, at=at, **marks)
        if result.refused:
            transaction.set_rollback(True)
    return result


def finish(lead_ids, *, at):
    """The pass is won or lost: nobody's hands are full with it any more. Called by the verbs that close deals.

    What a hunter won is offered to a farmer later, where there is one; a key account stays with its owner.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        ownership.lock_leads(cursor, lead_ids)
        held = Handoff.objects.open().filter(lead__in=lead_ids).values_list("pk", flat=True)
        ownership.end(cursor, list(held), HandoffEnd.FINISHED, at=at)
        if (
            handover.row(Event.HUNTER_WON).way() == Destination.FARMER
            and RepProfile.objects.filter(kind=RepKind.FARMER, user__is_active=True).exists()
        ):
            won = Lead.objects.filter(pk__in=lead_ids, stage=Stage.WON, owner__rep__kind=RepKind.HUNTER)
            won.filter(contact__company__isnull=False).exclude(
                pk__in=handover.for_owners_only(lead_ids)
            ).update(wake_at=at + timedelta(days=agreement.in_force().farmer_days))


def release(user, *, by, at):
    """Somebody leaves: what is in their hands is offered again, and deals go to the team lead, who is told.

    Ready and accepted leads are routed anew, without this person; a lead with a deal goes to the team lead at once.
    Returns how many leads.
    """
    with unhurried() as cursor:
        held = dict(Handoff.objects.open().filter(rep=user).values_list("lead_id", "pk"))
        leads = sorted({*held, *Lead.objects.running().filter(owner=user).values_list("pk", flat=True)})
        ownership.lock_leads(cursor, leads)
        head = _successor(user)
        ownership.lock_reps(cursor, [user.pk, *([head.pk] if head else [])])
        ownership.end(cursor, list(held.values()), HandoffEnd.RELEASED, at=at)
        _route_again(leads, by, at)
        selling = list(Lead.objects.filter(pk__in=leads, stage=Stage.DEAL).order_by("pk"))
        deals = {lead.deal_id for lead in selling if lead.deal_id}
        deals |= set(Deal.objects.open().filter(owner=user).values_list("pk", flat=True))
        for lead in selling if head else ():
            _hand(cursor, lead, head, HandoffKind.NEW, because.SUCCESSOR, by, at)
        hand_deals(Deal.objects.open().filter(owner=user), head, by, because.LEFT, at)
        if head and (selling or deals):
            taken = [lead.pk for lead in selling]
            notices.handed(head, f"leaver:{user.pk}:{at:%Y-%m-%d}", leads=taken, deals=deals, at=at)
    hint("leads.tasks.assign")
    return len(leads)


def _route_again(lead_ids, by, at):
    """Ready and accepted leads back to the start of routing."""
    accepted = list(Lead.objects.filter(pk__in=lead_ids, stage=Stage.SQL).values_list("pk", flat=True))
    if accepted:
        insist(funnel.advance(accepted, Stage.READY, actor=by, reason=because.LEFT, at=at))
    ready = Lead.objects.filter(pk__in=lead_ids, stage=Stage.READY)
    ready.update(route_at=at, rounds=0, owner=None)


def _successor(user):
    """Who takes over deals from somebody who leaves: the head of the team, else the head of sales."""
    head = user.team.head if user.team else None
    if head and head.is_active and head != user:
        return head
    return User.objects.filter(head_of="sales", is_active=True).exclude(pk=user.pk).order_by("pk").first()


def _hand(cursor, lead, to, kind, why, by, at):
    """One handoff by hand: accepted at once where there is a deal to go on with, else an offer."""
    in_force = agreement.in_force()
    has_deal = lead.stage == Stage.DEAL
    if has_deal:
        hand_deals(Deal.objects.open().filter(pk=lead.deal_id), to, by, why, at)
    clocks = clocks_of(to, in_force, at)
    return ownership.take_one(
        cursor,
        lead,
        to,
        kind=kind,
        because=why,
        agreement=in_force,
        at=at,
        clocks=clocks,
        accepted=has_deal,
        by=by,
    )


def hand_deals(deals, to, by, why, at):
    """Give open deals another owner, and write it down."""
    changes = [
        DealChange(
            deal=deal,
            field="owner",
            before=str(deal.owner_id or ""),
            after=str(to.pk if to else ""),
            actor=by,
            reason=why,
            at=at,
        )
        for deal in deals
    ]
    Deal.objects.filter(pk__in=[change.deal_id for change in changes]).update(owner=to)
    DealChange.objects.bulk_create(changes)
