"""Scoring what is due: leads touched since they were scored. The database is the queue."""

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from engine.copying import chunk
from leads import agreement, grading, pool
from leads.models import LeadScore
from leads.scoring import epochs, lines, statements, versions

# A statement of its own: the one that computes then sees every touch that was stored before its score was marked.
CLAIM = """
SELECT id, lead_id FROM leads_leadscore
WHERE model_id = %s AND (scored_at IS NULL OR scored_at < touched_at)
ORDER BY touched_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""

# A line's score that is due while the lead's general one is not: it was busy, or began to grade this very moment.
STRAGGLERS = """
UPDATE leads_leadscore SET scored_at = NULL WHERE id IN (
  SELECT g.id FROM leads_leadscore g WHERE g.model_id = %(general)s AND g.scored_at >= g.touched_at AND g.lead_id IN (
    SELECT lead_id FROM leads_leadscore WHERE model_id = ANY(%(lines)s) AND (scored_at IS NULL OR scored_at < touched_at)
    ORDER BY touched_at LIMIT %(limit)s)
  FOR NO KEY UPDATE SKIP LOCKED
)
"""
JUDGED_AT_ONCE = 10_000
LOOK = 3_000  # leads at once: well under a second, and so much that a Celery message is nothing beside it

MARK = """
UPDATE leads_leadscore s SET touched_at = greatest(clock_timestamp(), s.scored_at + interval '1 microsecond')
FROM (
  SELECT marked.id FROM leads_leadscore marked JOIN leads_lead l ON l.id = marked.lead_id
  WHERE l.contact_id = ANY(%s) ORDER BY marked.id FOR NO KEY UPDATE OF marked
) due
WHERE s.id = due.id
"""


def score_due(limit=LOOK, at=None):
    """Score up to `limit` due leads and wake those whose day has come; returns how many it worked on.

    Leads that meet the agreement become MQLs in the same transaction; so do those that meet a newly signed version.
    """
    at = at or timezone.now()
    models = epochs.models_in_force(at)
    done = _score_claimed(models, limit, at) + agreement.wake_due(limit, at)
    done = done or _find_stragglers(models, limit) or versions.publish_due(_score_published, at)
    return done or agreement.judge_due(JUDGED_AT_ONCE, at)


def _score_claimed(models, limit, at):
    """The general score of a lead is its place in the queue: who has claimed it scores the lead under every model."""
    with chunk() as cursor:
        cursor.execute(CLAIM, [models[0].pk, limit])
        claimed = dict(cursor.fetchall())
        if not claimed:
            return 0
        scored, busy = _score_all(cursor, claimed, at)
        held_up = {*busy, *agreement.qualify(scored, at).held_up}
        held_up |= pool.let_go(scored, by=None, at=at, wait=False)
        # Somebody works on these leads just now: they stay due, and the next run asks again.
        LeadScore.objects.filter(model=models[0], lead__in=held_up).update(scored_at=None)
    return len(claimed) - len(held_up)


def _score_all(cursor, claimed, at):
    """Score claimed {general score: lead} under every model: (leads scored, leads that somebody else works on)."""
    lines.share(cursor)
    general, *others = (one.model for one in grading.in_force(at).gradings)
    busy = lines.settle(cursor, list(claimed.values())) if others or lines.at_work() else set()
    free = {score: lead for score, lead in claimed.items() if lead not in busy}
    scored = _score(cursor, general, "s.id = ANY(%(scores)s)", {"scores": list(free)})
    for model in others:
        _score(cursor, model, "s.lead_id = ANY(%(leads)s)", {"leads": scored})
    return scored, busy


def _find_stragglers(models, limit):
    if len(models) == 1:
        return 0
    with connection.cursor() as cursor:
        bound = {"general": models[0].pk, "lines": [model.pk for model in models[1:]], "limit": limit}
        cursor.execute(STRAGGLERS, bound)
        return cursor.rowcount


def _score_published(model, limit, at):
    """Score what is due under a version that is being published; it grades nobody yet."""
    fit_of = versions.with_same_fit(model)
    with chunk() as cursor:
        cursor.execute(CLAIM, [model.pk, limit])
        claimed = dict(cursor.fetchall())
        left = set(claimed.values())
        if left and fit_of:
            cursor.execute(
                *statements.warm(model, "s.id = ANY(%(scores)s)", {"scores": list(claimed)}, fit_of)
            )
            left -= {row[0] for row in cursor.fetchall()}
        if left:
            _score(cursor, model, "s.lead_id = ANY(%(leads)s)", {"leads": list(left)})
    return len(claimed)


def rescore(lead_ids, at):
    """Score these leads, due or not, from all of their touches; returns the ids of those scored."""
    models = epochs.models_in_force(at)
    with chunk() as cursor:
        for model in reversed(models):
            scored = _score(cursor, model, "s.lead_id = ANY(%(leads)s)", {"leads": list(lead_ids)})
    return scored


def rescore_all(at, size=50_000, *, fit=True):
    """Score every lead under every model in chunks by id, each committed. Yields (scored so far, how many there are).

    Without `fit` only heat is worked out anew; what is due is then left to `score_due`, for its fit may be another.
    """
    models = epochs.models_in_force(at)
    total, before = LeadScore.objects.filter(model__in=models).count(), 0
    for model in models:
        done = 0
        rescored = _score_chunk(settle=len(models) > 1 and not model.line) if fit else _warm_chunk
        for done in _by_chunks(model, size, rescored):
            yield before + done, total
        before += done


def _by_chunks(model, size, rescored):
    done = last = 0
    while until := _end_of_chunk(model, last, size):
        with chunk() as cursor:
            lines.share(cursor)
            done += rescored(
                cursor, model, "s.id > %(after)s AND s.id <= %(until)s", {"after": last, "until": until}
            )
        yield done
        last = until


def _score_chunk(*, settle):
    def rescored(cursor, *which):
        scored = _score(cursor, *which)
        if settle:
            lines.settle(cursor, scored)
        return len(scored)

    return rescored


def _warm_chunk(cursor, *which):
    cursor.execute(*statements.warm(*which))
    return cursor.rowcount


def _end_of_chunk(model, last, size):
    """The id of the last of the next `size` scores after `last`, None where there are none."""
    after = LeadScore.objects.filter(model=model, pk__gt=last).order_by("pk")[:size]
    return after.aggregate(until=Max("pk"))["until"]


def _score(cursor, model, which, params):
    cursor.execute(*statements.score(model, which, params))
    return [row[0] for row in cursor.fetchall()]


def mark_touched(contact_ids):
    """Make every lead of these contacts due: after a touch, a correction or a merge. By the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(MARK, [list(contact_ids)])
        return cursor.rowcount
