"""What a decided dispute does: the owner changes by the one path of ownership, a clock is excused."""

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from leads import because, ownership
from leads.books.gathering import WORKED, Book
from leads.books.handing import give
from leads.closing.record import lock_leads
from leads.handoffs.refusals import Refused
from leads.models import CaseClock, CaseOutcome, Handoff, Lead
from pipeline.models import Company, Deal, Step
from pipeline.stages import Stage

DUE = {CaseClock.ANSWER: "answer_due_at", CaseClock.CONTACT: "contact_due_at"}


def hold(case):
    """Wait for the leads, and then for the deal, of whose owner a dispute is: leads come first, before the dispute itself."""
    if case.deal_id:
        lock_leads(case.deal)
        list(Deal.objects.select_for_update(no_key=True).filter(pk=case.deal_id).values_list("pk"))
    elif case.lead_id:
        with connection.cursor() as cursor:
            ownership.lock_leads(cursor, [case.lead_id])


def settle(case, outcome, decider, *, by, at):
    """Carry the outcome out, in the caller's transaction, which holds what it is about (`hold`). Raises Refused.

    Who brought a deal is a note: nothing else changes.
    """
    if outcome == CaseOutcome.MOVES:
        if not case.claimant.is_active:
            raise Refused(
                _("%(who)s has left by now: it can only stay where it is.") % {"who": case.claimant.full_name}
            )
        give(_book(case), case.claimant, because.RULED_BY[decider], by, at)
    if outcome == CaseOutcome.EXCUSED:
        # Without a moment by which it was due it is no promise: neither kept nor missed, in the standing and in reports.
        Handoff.objects.filter(pk=case.handoff_id).update(**{DUE[case.clock]: None})


def missed(handoff, clock, at):
    """The moment by which this clock of a handoff was due and missed; None where it is not due, or was kept."""
    due = getattr(handoff, DUE[clock])
    if due is None or due > at:
        return None
    if clock == CaseClock.ANSWER:
        done = handoff.accepted_at or (handoff.ended_at if handoff.end == "returned" else None)
    elif handoff.contacted_at is None and handoff.ended_at and handoff.ended_at < due:
        return None  # it had left the rep's hands before
    else:
        done = handoff.contacted_at
    return None if done and done <= due else due


def _insist_held(case):
    """Raise Refused where it has gone to a third person since, who was not asked: by hand, or with a merge."""
    thing = type(case.about).objects.get(pk=case.about.pk)
    owner = thing.sales_owner if isinstance(thing, Company) else thing.owner
    if owner and owner not in (case.holder, case.claimant):
        raise Refused(
            _("%(who)s has it by now, who was not asked: it can only stay where it is.")
            % {"who": owner.full_name}
        )


def _book(case):
    """The Book of what changes hands with the disputed lead, deal or company. Raises Refused where it cannot any more."""
    _insist_held(case)
    if case.company_id:
        if not Company.objects.surviving().filter(pk=case.company_id).exists():
            raise Refused(
                _("The company has been merged into another one by now: it can only stay where it is.")
            )
        steps = Step.objects.filter(company=case.company_id, deal=None)
        return Book(companies=[case.company_id], steps=_held(steps, case))
    if case.deal_id:
        if not Deal.objects.open().filter(pk=case.deal_id).exists():
            raise Refused(_("The deal is closed by now: it can only stay where it is."))
        leads = Lead.objects.filter(deal=case.deal_id, stage=Stage.DEAL, merged_into=None)
        return Book(
            leads=list(leads.order_by("pk").values_list("pk", flat=True)),
            deals=[case.deal_id],
            steps=_held(Step.objects.filter(deal=case.deal_id), case),
        )
    lead = Lead.objects.running().filter(pk=case.lead_id, merged_into=None).first()
    if lead is None or lead.stage not in (*WORKED, Stage.NURTURE):
        raise Refused(_("The lead is in nobody's hands by now: it can only stay where it is."))
    deals = [lead.deal_id] if lead.deal_id and lead.stage == Stage.DEAL else []
    steps = Step.objects.filter(Q(contact=lead.contact_id, deal=None) | Q(deal__in=deals))
    asleep = lead.stage == Stage.NURTURE
    return Book(
        leads=[] if asleep else [lead.pk],
        asleep=[lead.pk] if asleep else [],
        deals=deals,
        steps=_held(steps, case),
    )


def _held(steps, case):
    """The open ones of these steps that whoever had it was to do."""
    return list(steps.filter(owner=case.holder_id, done_at=None).order_by("pk").values_list("pk", flat=True))
