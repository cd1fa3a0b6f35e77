"""Turns given back: an offer that is taken from its rep for somebody else's slip is no lead got, and none that was dealt."""

from engine.copying import array, take_lock
from leads.assignment.routing import LOCK
from leads.assignment.ruling import OFF
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
            columns = [array(column) for column in zip(*_lifted(offer, run), strict=True)]
            cursor.execute(GIVE_BACK, [*columns, run.rule_id])


def shares(dealt, rank):
    """(grade, {user id: part}) of the fair shares in the lead of this rank; runs of former releases tell none."""
    _who, grade, count, *rest = group_of(dealt, rank)
    told = rest[1] if len(rest) > 1 else {}
    return grade, {int(user): part / count for user, part in told.items()}


def _lifted(offer, run):
    """[(user id, how far the lead had lifted the fair share, leads owed to the user once it is taken back)]."""
    _grade, parts = shares(run.dealt, offer.rank)
    weights = {one["rep"]: one["weight"] for one in run.candidates}
    lifts = {user: part / weights[user] for user, part in parts.items()}
    rows = [(user, lifts[user], (user == offer.rep_id) - part) for user, part in parts.items()]
    if offer.rep_id not in parts:  # rounding gave it to somebody ahead of the fair share
        rows.append((offer.rep_id, 0.0, 1.0))
    # What lifted those who could not have it, but were kept up with (`dealing.keep_up`), is what lifted the others.
    lift = max(lifts.values(), default=0.0)
    passed_over = (group_of(run.dealt, offer.rank)[3:] or [{}])[0]
    hindered = [int(user) for user, why in passed_over.items() if why != OFF]
    return rows + [(user, lift, 0.0) for user in hindered if user not in parts]
