"""What time does to handoffs: offers run out, protections end, customers change hands. Found by looking."""

from django.utils import timezone

from accounts import organisation
from engine.copying import chunk
from engine.hints import hint
from leads import because, funnel, notices, ownership, pool
from leads.assignment import fairs
from leads.models import Lead
from leads.models.handoffs import HandoffEnd
from pipeline.stages import Stage

UNANSWERED = """
SELECT h.id, h.lead_id, l.stage FROM leads_handoff h JOIN leads_lead l ON l.id = h.lead_id
WHERE h.ended_at IS NULL AND h.accepted_at IS NULL AND h.answer_due_at <= %s
ORDER BY h.answer_due_at LIMIT %s FOR NO KEY UPDATE OF l, h SKIP LOCKED
"""
# Those who are not here: absent since when (`known`: and since when anybody could know), or taken out of the house. What somebody
# gave them by hand meanwhile stays, and so does what a head has because nobody else took it: there is no next rep to go to.
AWAY = """
WITH away AS MATERIALIZED (
  SELECT p.user_id, min(coalesce(lower(a.during), '-infinity')) AS since,
    min(greatest(lower(a.during), a.noted_at, '-infinity')) AS known, false AS gone
  FROM accounts_absence a JOIN accounts_repprofile p ON p.id = a.rep_id JOIN accounts_user u ON u.id = p.user_id AND u.is_active
  WHERE a.during @> %(at)s::timestamptz GROUP BY p.user_id
  UNION ALL SELECT id, '-infinity', '-infinity', true FROM accounts_user WHERE NOT is_active
)
SELECT h.id, h.lead_id, l.stage, away.gone
FROM away JOIN leads_handoff h ON h.rep_id = away.user_id JOIN leads_lead l ON l.id = h.lead_id
WHERE h.ended_at IS NULL AND h.accepted_at IS NULL AND (%(rep)s::bigint IS NULL OR h.rep_id = %(rep)s)
  AND (away.gone OR (h.answer_due_at IS NULL OR h.answer_due_at > away.since) AND h.because <> ALL(%(last)s)
       AND (h.offered_by_id IS NULL OR h.because = %(account)s OR h.offered_at < away.known))
ORDER BY h.answer_due_at LIMIT %(limit)s FOR NO KEY UPDATE OF l, h SKIP LOCKED
"""
WON = """
SELECT id FROM leads_lead WHERE wake_at <= %s AND stage = 'won' ORDER BY wake_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""
NEXT = "UPDATE leads_lead SET rounds = rounds + 1, route_at = %s WHERE id = ANY(%s) AND stage IN ('ready', 'won')"


def expire_due(limit=1000, at=None):
    """Send on what time has run out for, at most `limit` of each kind. Returns how many were looked at.

    In the shadow week no clock runs.
    """
    at = at or timezone.now()
    if organisation.in_shadow(at):
        return 0
    return (
        fairs.follow(at)
        + pass_on(limit, at)
        + expire_offers(limit, at)
        + pool.end_protection(limit, at)
        + farmers_due(limit, at)
    )


def expire_offers(limit, at):
    """End offers that nobody answered: the next run of routing finds the next rep, the team lead, or the pool."""
    with chunk() as cursor:
        cursor.execute(UNANSWERED, [at, limit])
        found = cursor.fetchall()
        if not found:
            return 0
        ended = _to_the_next(cursor, found, HandoffEnd.EXPIRED, because.UNANSWERED_TRANSFER, at)
        notices.expired(ended, at)
    hint("leads.tasks.assign")
    return len(found)


def pass_on(limit=1000, at=None, rep=None):
    """Send on the unanswered offers of those who are absent now or gone, or of one user. Returns how many.

    They go where an offer that ran out goes, and are nobody's broken promise. What was accepted stays. Nothing in the
    shadow week.
    """
    at = at or timezone.now()
    if organisation.in_shadow(at):
        return 0
    bound = {"at": at, "limit": limit, "rep": rep and rep.pk, "account": because.ACCOUNT}
    with chunk() as cursor:
        cursor.execute(AWAY, {**bound, "last": list(because.LAST)})
        found = cursor.fetchall()
        for left, why in ((False, because.ABSENT), (True, because.LEFT)):
            offers = [row[:3] for row in found if row[3] == left]
            _to_the_next(cursor, offers, HandoffEnd.RELEASED, why, at, note=why)
    if found:
        hint("leads.tasks.assign")
    return len(found)


def _to_the_next(cursor, found, how, why, at, note=""):
    """End these offers [(handoff, lead, stage)] and route their leads to the next. Returns the handoffs' ids."""
    ended, leads = [row[0] for row in found], [row[1] for row in found]
    ownership.end(cursor, ended, how, at=at, note=note)
    handed_on = [lead for _handoff, lead, stage in found if stage == Stage.SQL]
    if handed_on:
        funnel.advance(handed_on, Stage.READY, actor=None, reason=why, at=at)
    if leads:
        cursor.execute(NEXT, [at, leads])
        Lead.objects.filter(pk__in=leads).update(updated_at=at)
    return ended


def farmers_due(limit, at):
    """Route what a hunter won long enough ago to a farmer. Returns how many."""
    with chunk() as cursor:
        cursor.execute(WON, [at, limit])
        won = [row[0] for row in cursor.fetchall()]
        if won:
            Lead.objects.filter(pk__in=won).update(wake_at=None, route_at=at)
    return len(won)
