"""Scoring what is due: leads touched since they were scored. The database is the queue."""

from django.db import connection
from django.utils import timezone

from engine.copying import chunk
from leads import agreement
from leads.models import LeadScore
from leads.scoring import epochs, statements, versions

# A statement of its own: the one that computes then sees every touch that was stored before its score was marked.
CLAIM = """
SELECT id FROM leads_leadscore
WHERE model_id = %s AND (scored_at IS NULL OR scored_at < touched_at)
ORDER BY touched_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""

MARK = """
UPDATE leads_leadscore s SET touched_at = greatest(clock_timestamp(), s.scored_at + interval '1 microsecond')
FROM (
  SELECT marked.id FROM leads_leadscore marked JOIN leads_lead l ON l.id = marked.lead_id
  WHERE l.contact_id = ANY(%s) ORDER BY marked.id FOR NO KEY UPDATE OF marked
) due
WHERE s.id = due.id
"""


def score_due(limit=500, at=None):
    """Score up to `limit` due leads and wake those whose day has come; returns how many it worked on.

    Leads that meet the agreement become MQLs in the same transaction.
    """
    at = at or timezone.now()
    done = _score_claimed(epochs.model_in_force(at), limit, at) + agreement.wake_due(limit, at)
    return done or versions.publish_due(_score_claimed, at)


def _score_claimed(model, limit, at):
    with chunk() as cursor:
        cursor.execute(CLAIM, [model.pk, limit])
        claimed = [row[0] for row in cursor.fetchall()]
        if not claimed:
            return 0
        leads = _score(cursor, model, "s.id = ANY(%(scores)s)", {"scores": claimed})
        if not model.in_force:
            return len(claimed)
        held_up = agreement.qualify(leads, at).held_up
        # Somebody works on these leads just now: they stay due, and the next run asks again.
        LeadScore.objects.filter(model=model, lead__in=held_up).update(scored_at=None)
    return len(claimed) - len(held_up)


def rescore(lead_ids, at):
    """Score these leads, due or not, from all of their touches; returns the ids of those scored."""
    model = epochs.model_in_force(at)
    with chunk() as cursor:
        return _score(cursor, model, "s.lead_id = ANY(%(leads)s)", {"leads": list(lead_ids)})


def rescore_all(at, size=20_000):
    """Score every lead in chunks by id, each committed. Yields (scored so far, how many there are)."""
    model = epochs.model_in_force(at)
    scores = LeadScore.objects.filter(model=model)
    total, done, last = scores.count(), 0, 0
    while True:
        ids = list(scores.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[size - 1 : size])
        until = ids[0] if ids else None
        with chunk() as cursor:
            done += len(_score(cursor, model, "s.id > %(after)s AND s.id <= coalesce(%(until)s, s.id)",
                               {"after": last, "until": until}))  # fmt: skip
        yield done, total
        if until is None:
            return
        last = until


def _score(cursor, model, which, params):
    cursor.execute(*statements.score(model, which, params))
    return [row[0] for row in cursor.fetchall()]


def mark_touched(contact_ids):
    """Make every lead of these contacts due: after a touch, a correction or a merge. By the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(MARK, [list(contact_ids)])
        return cursor.rowcount
