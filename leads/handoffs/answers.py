"""A rep's answer to an offer: accept, or return with a reason that decides where the lead goes."""

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Track
from engine.hints import hint
from leads import funnel, notices, ownership
from leads.clocks import clocks_of
from leads.handoffs import destinations
from leads.handoffs.refusals import HAS_DEAL, AlreadyAnswered, Refused, insist
from leads.models import HUMAN_ATTEMPTS, MET, Destination, Handoff, HandoffKind, Lead, Touch, TouchKind
from leads.models.handoffs import HandoffEnd
from leads.scoring import teaching
from pipeline.models import Company, Step
from pipeline.stages import Stage

IN_PERSON = (TouchKind.MEETING, TouchKind.SERVICE_VISIT)
BEFORE_SALES = (Stage.NEW, Stage.READY, Stage.NURTURE)

# What the rep did on an offer counts from the acceptance on, whenever it is logged: the clock began to run only then.
CONTACTED = """
-- what is dated ahead counts as now
UPDATE leads_handoff h SET attempts = least(h.attempts + 1, 32767),
  contacted_at = coalesce(h.contacted_at, greatest(told.at, h.accepted_at)),
  warned_at = NULL, protected_until = CASE WHEN h.protected_until IS NOT NULL
    THEN greatest(h.protected_until, told.at + make_interval(days => a.protection_days)) END
FROM leads_lead l, leads_agreement a, (SELECT least(%(at)s::timestamptz, clock_timestamp()) AS at) told
WHERE l.id = h.lead_id AND a.id = h.agreement_id AND l.contact_id = ANY(%(contacts)s)
  AND h.ended_at IS NULL AND h.accepted_at IS NOT NULL
  AND (h.accepted_at <= told.at OR (h.offered_at <= told.at AND h.rep_id = %(by)s))
"""
RECOUNTED = """
UPDATE leads_handoff h SET (attempts, contacted_at) = (
  SELECT least(count(*), 32767), CASE WHEN count(*) > 0 THEN greatest(min(t.at), h.accepted_at) END FROM leads_touch t
  WHERE t.contact_id = l.contact_id AND t.track = 'sales' AND NOT t.automatic
    AND (t.outbound AND t.kind = ANY(%(kinds)s) AND t.at >= h.offered_at AND (t.at >= h.accepted_at OR t.actor_id = h.rep_id)
      -- how a rep met whom they found: their first dealing of the pass
      OR h.kind = 'own_find' AND t.kind = ANY(%(met)s) AND t.id = (
        SELECT f.id FROM leads_touch f WHERE f.contact_id = l.contact_id AND f.actor_id = h.rep_id AND NOT f.automatic
          AND f.at >= l.captured_at ORDER BY f.at, f.id LIMIT 1))
)
FROM leads_lead l
WHERE l.id = h.lead_id AND l.contact_id = ANY(%(contacts)s) AND h.ended_at IS NULL AND h.accepted_at IS NOT NULL
"""


def accept(handoff_id, *, by, at):
    """The rep takes the lead and will make contact: it is an SQL from now on. Returns the handoff.

    What the rep tried on the offer already counts from now on.
    Raises AlreadyAnswered when the offer is not open any more, Refused when the lead may not become an SQL.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        handoff = locked(cursor, handoff_id)
        clocks = clocks_of(handoff.rep, handoff.agreement, at)
        claimed = Handoff.objects.offered().filter(pk=handoff_id)
        start = clocks.start(handoff.lead.campaign)
        answered = {
            "accepted_at": at,
            "contact_due_at": clocks.contact_due(clocks.key(handoff.lead, handoff.kind), start),
            "protected_until": clocks.protected_until(start),
        }
        if not claimed.update(**answered):
            raise AlreadyAnswered(handoff_id)
        if handoff.kind == HandoffKind.FARMER:
            _become_account_owner(handoff, answered["contact_due_at"] or at)
            # The pass is over and nothing of it is in the farmer's hands: the account is, without an end.
            ownership.end(cursor, [handoff_id], HandoffEnd.FINISHED, at=at)
        elif handoff.lead.stage in BEFORE_SALES:
            insist(funnel.advance([handoff.lead_id], Stage.SQL, actor=by, reason="", at=at))
        ownership.follow(cursor, handoff.lead_id, handoff.rep_id)
        notices.answered(handoff, at)
        recount([handoff.lead.contact_id])
    handoff.refresh_from_db()
    return handoff


def return_lead(handoff_id, *, reason, by, at, note="", wake_at=None, region=None, product=None):
    """Give a lead back, before or after accepting it; `reason` (a ReturnReason) decides where it goes.

    What leaves the funnel teaches the next scorecard; returns that Lesson, or None. `wake_at` overrides the reason's own days of rest;
    `region` and `product` correct the lead, which is routed by them. Raises AlreadyAnswered, or Refused for a lead with a deal.
    """
    lesson = None
    with transaction.atomic(), connection.cursor() as cursor:
        handoff = locked(cursor, handoff_id)
        if handoff.kind != HandoffKind.FARMER and handoff.lead.stage not in (Stage.READY, Stage.SQL):
            raise AlreadyAnswered(handoff_id) if handoff.ended_at else Refused(HAS_DEAL)
        back = destinations.Return(cursor, handoff, reason, note, by, at, wake_at)
        ownership.lock_reps(cursor, back.reps())
        right = {name: one for name, one in (("region", region), ("product", product)) if one}
        was = {name: getattr(handoff.lead, f"{name}_id") for name in right}
        if right:
            Lead.objects.filter(pk=handoff.lead_id).update(**right)
        if _gives_up(handoff, reason):
            Handoff.objects.filter(pk=handoff_id).update(gave_up=True)
        told = {"reason": reason, "note": note, "by": by}
        if not ownership.end(cursor, [handoff_id], HandoffEnd.RETURNED, at=at, **told):
            raise AlreadyAnswered(handoff_id)
        back.send()
        stands = Lead.objects.values_list("seq", flat=True).get(pk=handoff.lead_id)
        Handoff.objects.filter(pk=handoff_id).update(before_return={"seq": stands, **was})
        if reason.destination == Destination.DISQUALIFY:
            lesson = teaching.teach([handoff.lead_id], reason.code)
    hint("leads.tasks.assign")
    return lesson


def _gives_up(handoff, reason):
    """Whether a rep who took the lead lets it rest although nobody of sales has reached the person in this pass."""
    if handoff.accepted_at is None or reason.destination != Destination.NURTURE:
        return False
    tried = Touch.objects.filter(
        contact=handoff.lead.contact_id, at__gte=handoff.lead.captured_at, track=Track.SALES, automatic=False,
        kind__in=HUMAN_ATTEMPTS,
    )  # fmt: skip
    return not tried.filter(
        Q(outbound=False) | Q(reached=True) | Q(reached=None, kind__in=IN_PERSON)
    ).exists()


def contacted(contact_ids, at, by=None):
    """A human attempt of ours, reached or not: the first stops the contact clock, each counts and protects anew.

    Dated before the acceptance it counts only where `by` is the rep and the offer was there already. Returns how many
    handoffs it was an attempt for.
    """
    with connection.cursor() as cursor:
        cursor.execute(CONTACTED, {"contacts": list(contact_ids), "at": at, "by": by.pk if by else None})
        return cursor.rowcount


def recount(contact_ids):
    """Count the attempts of what is in hand anew from its touches, after one of them was corrected. It stays protected."""
    with connection.cursor() as cursor:
        cursor.execute(
            RECOUNTED, {"contacts": list(contact_ids), "kinds": list(HUMAN_ATTEMPTS), "met": list(MET)}
        )


def locked(cursor, handoff_id):
    """The handoff with its lead, rep and agreement, read after the lead's row was locked. Raises AlreadyAnswered."""
    lead_id = Handoff.objects.filter(pk=handoff_id).values_list("lead_id", flat=True).first()
    if lead_id is None:
        raise AlreadyAnswered(handoff_id)
    ownership.lock_leads(cursor, [lead_id])
    related = "lead__contact__company__sales_owner", "lead__campaign", "rep__team", "agreement"
    return Handoff.objects.select_related(*related).get(pk=handoff_id)


def _become_account_owner(handoff, due_at):
    """The farmer owns the account from now on, and the lead with it; the first step is to say so to the customer."""
    handoff.lead.owner = handoff.rep
    handoff.lead.save(update_fields=["owner"])
    Company.objects.filter(pk=handoff.lead.contact.company_id).update(sales_owner=handoff.rep)
    Step.objects.create(
        contact_id=handoff.lead.contact_id,
        owner=handoff.rep,
        what=_("Introduce yourself to the customer"),
        due_at=due_at,
    )
