"""Turns given back: an offer that is taken from its rep for somebody else's slip is no lead got, and none that was dealt."""

from engine.copying import array, take_lock
from leads.assignment.routing import LOCK
from leads.assignment.weighed import group_of
from leads.models import Handoff

# Rules and reps that begin anew meanwhile have nothing to be given back.
GIVE_BACK = """
UPDATE leads_ruleturn t SET fair = t.fair - back.fair, owed = t.owed + back.owed
FROM unnest(%s::bigint[], %s::float8[], %s::float8[]) AS back (rep_id, fair, owed)
WHERE t.rep_id = back.rep_id AND t.rule_id IS NOT DISTINCT FROM %s::bigint
"""


def lock(cursor):
    """Wait for the run of routing that is going on, before any lead is locked: it keeps where its turns stand."""
    take_lock(cursor, LOCK)


def give_back(cursor, handoff_ids):
    """Nobody has had the leads of these offers by turn: their rules stand as though they had not been dealt."""
    offers = (
        Handoff.objects.filter(pk__in=handoff_ids, run__isnull=False).select_related("run").order_by("pk")
    )
    for offer in offers:
        run = offer.run
        if run and (run.rule_id or not run.rule_name):  # a removed rule has no turns
            rows = [(user, *back) for user, back in went_back(run, offer.rank, offer.rep_id).items()]
            cursor.execute(GIVE_BACK, [*map(array, zip(*rows, strict=True)), run.rule_id])


def shares(dealt, rank):
    """(grade, {user id: part}) of the fair shares in the lead of this rank; runs of former releases tell none."""
    _who, grade, count, *rest = group_of(dealt, rank)
    told = rest[1] if len(rest) > 1 else {}
    return grade, {int(user): part / count for user, part in told.items()}


def went_back(run, rank, rep_id):
    """{user id: (how far the lead of this rank had lifted the fair share, leads owed once it is taken back from its rep)}."""
    _grade, parts = shares(run.dealt, rank)
    weights = {one["rep"]: one["weight"] for one in run.candidates}
    back = {user: (part / weights[user], -part) for user, part in parts.items()}
    lift, owed = back.get(rep_id, (0.0, 0.0))  # none: rounding gave it to somebody ahead of the fair share
    back[rep_id] = (lift, owed + 1)
    # Those who could not have it (any more) but were kept up with go back by its part of what that lifted them.
    _who, _grade, count, *rest = group_of(run.dealt, rank)
    for user, far in (rest[2] if len(rest) > 2 else {}).items():
        lift, owed = back.get(int(user), (0.0, 0.0))
        back[int(user)] = (lift + far / count, owed)
    return back
