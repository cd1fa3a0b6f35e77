"""Scoring: heat rebuilt, moved on and added to, each beside the least that the statement can be."""

from django.db import connection
from django.utils import timezone

from bench.clock import clocked
from bench.figures import Figure, alternate, middle, speed, times
from bench.filling.world import tidy
from engine.copying import chunk
from leads import scoring
from leads.models import ScoreModel
from leads.scoring import epochs

REBUILT = """
UPDATE leads_leadscore s SET heat = warm.heat, scored_at = s.touched_at FROM (
  SELECT l.id, sum(w.weight * power(2::float8, extract(epoch FROM t.at - %(epoch)s::timestamptz)::float8 / %(half_life)s)) AS heat
  FROM leads_lead l JOIN leads_touch t ON t.contact_id = l.contact_id
  JOIN leads_touchweight w ON w.model_id = %(model)s AND w.kind = t.kind GROUP BY l.id) warm
WHERE warm.id = s.lead_id AND s.model_id = %(model)s
"""
MOVED = "UPDATE leads_leadscore SET heat = heat * 1.000001 WHERE model_id = %(model)s AND heat > 0"
BATCH = 1_000
TOUCHES = """
INSERT INTO leads_touch (contact_id, kind, at, channel)
SELECT contact, 'click', %(at)s, 'seo' FROM unnest(%(contacts)s::bigint[]) AS contact
"""
ADDED = """
INSERT INTO leads_leadscore (lead_id, model_id, heat, touched_at, scored_at)
SELECT l.id, %(model)s, 1, %(at)s, %(at)s FROM leads_lead l WHERE l.contact_id = ANY(%(contacts)s) ORDER BY l.id
ON CONFLICT (lead_id, model_id) DO UPDATE SET heat = leads_leadscore.heat + excluded.heat
"""


def figures(world):
    """All heats from their touches, with and without fit, all scores moved on, and a thousand new touches."""
    world.grow()
    model = ScoreModel.objects.get(in_force=True)
    bound = {"model": model.pk, "epoch": model.epoch, "half_life": model.half_life * 86_400}
    for what, fit, goal in (("heats from touches", False, "≥ 0.70"), ("fits and heats", True, "")):
        ours, bare = alternate(
            lambda fit=fit: _timed(lambda: _rebuild(fit)), lambda: _timed(lambda: _run(REBUILT, bound))
        )
        yield speed(f"score: {world.leads:,} {what} against GROUP BY and UPDATE", ours, bare, goal)
    ours, bare = alternate(
        lambda: _timed(lambda: epochs.rebase(model, timezone.now())),
        lambda: _timed(lambda: _run(MOVED, bound)),
    )
    yield speed(f"score: {world.leads:,} stored heats moved on against UPDATE", ours, bare, "≥ 0.50")
    chosen = contacts(BATCH)
    ours, bare = alternate(
        lambda: _timed(lambda: _touch_and_score(chosen)),
        lambda: _timed(lambda: _run(TOUCHES + ";" + ADDED, {**bound, "contacts": chosen, "at": world.at})),
    )
    yield times(
        f"score: {len(chosen):,} new touches against insert and upsert", ours, bare, "≤ 5", 1e3, "ms CPU"
    )
    yield Figure(
        "score: seconds until new touches show in the grade", middle(ours).wall, 2, "s wall", goal="≤ 2"
    )


def _timed(work):
    tidy("leads_leadscore")
    with clocked() as spent:
        work()
    return spent


def _rebuild(fit):
    for _done in scoring.rescore_all(timezone.now(), fit=fit):
        pass


def _touch_and_score(chosen):
    touch(chosen, timezone.now())
    assert scoring.score_due(limit=BATCH, at=timezone.now()) >= len(chosen)


def touch(chosen, at):
    """As an import does: store a touch of each of these contacts, and mark their leads."""
    with chunk() as cursor:
        cursor.execute(TOUCHES, {"contacts": chosen, "at": at})
        scoring.mark_touched(chosen)


def _run(statement, bound):
    with chunk() as cursor:
        cursor.execute(statement, bound)


def contacts(count):
    """Contacts all over the table, each with a lead."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact_id FROM leads_lead WHERE source = 'bench' ORDER BY hashint8(id) LIMIT %s", [count]
        )
        return sorted(row[0] for row in cursor.fetchall())
