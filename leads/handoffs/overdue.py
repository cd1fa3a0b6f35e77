"""What time does to handoffs: offers run out, protections end, customers change hands. Found by looking."""

from django.utils import timezone

from accounts import organisation
from engine.copying import chunk
from engine.hints import hint
from leads import because, funnel, notices, ownership, pool
from leads.models import Lead
from leads.models.handoffs import HandoffEnd
from pipeline.stages import Stage

UNANSWERED = """
SELECT h.id, h.lead_id, l.stage FROM leads_handoff h JOIN leads_lead l ON l.id = h.lead_id
WHERE h.ended_at IS NULL AND h.accepted_at IS NULL AND h.answer_due_at <= %s
ORDER BY h.answer_due_at LIMIT %s FOR NO KEY UPDATE OF l, h SKIP LOCKED
"""
WON = """
SELECT id FROM leads_lead WHERE wake_at <= %s AND stage = 'won' ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""
NEXT = "UPDATE leads_lead SET rounds = rounds + 1, route_at = %s WHERE id = ANY(%s) AND stage IN ('ready', 'won')"


def expire_due(limit=1000, at=None):
    """Send on what time has run out for, at most `limit` of each kind. Returns how many were looked at.

    In the shadow week no clock runs.
    """
    at = at or timezone.now()
    if organisation.in_shadow(at):
        return 0
    return expire_offers(limit, at) + pool.end_protection(limit, at) + farmers_due(limit, at)


def expire_offers(limit, at):
    """End offers that nobody answered: the next run of routing finds the next rep, the team lead, or the pool."""
    with chunk() as cursor:
        cursor.execute(UNANSWERED, [at, limit])
        found = cursor.fetchall()
        if not found:
            return 0
        ended = [handoff for handoff, _lead, _stage in found]
        ownership.end(cursor, ended, HandoffEnd.EXPIRED, at=at)
        notices.expired(ended, at)
        handed_on = [lead for _handoff, lead, stage in found if stage == Stage.SQL]
        if handed_on:
            funnel.advance(handed_on, Stage.READY, actor=None, reason=because.UNANSWERED_TRANSFER, at=at)
        leads = [lead for _handoff, lead, _stage in found]
        cursor.execute(NEXT, [at, leads])
        Lead.objects.filter(pk__in=leads).update(updated_at=at)
    hint("leads.tasks.assign")
    return len(found)


def farmers_due(limit, at):
    """Route what a hunter won long enough ago to a farmer. Returns how many."""
    with chunk() as cursor:
        cursor.execute(WON, [at, limit])
        won = [row[0] for row in cursor.fetchall()]
        if won:
            Lead.objects.filter(pk__in=won).update(wake_at=None, route_at=at)
    return len(won)
