"""Where the reps of a rule stand in its turns: kept from one run that gave somebody a lead to the next (`RuleTurn`)."""

from typing import NamedTuple

from leads.assignment.turns import Standing, drawn

READ = "SELECT rule_id, rep_id, fair, owed, shared FROM leads_ruleturn WHERE rule_id = ANY(%s) OR rule_id IS NULL"
# Who stood there when this run looked and does not any more begins anew: nothing is put back.
KEEP = """
WITH stands AS (
  SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::float8[], %s::bool[], %s::bool[])
    AS s (rule_id, rep_id, fair, owed, shared, stood)
), not_weighed AS (
  DELETE FROM leads_ruleturn t USING (SELECT DISTINCT rule_id FROM stands) r
  WHERE t.rule_id IS NOT DISTINCT FROM r.rule_id
    AND NOT EXISTS (SELECT FROM stands s WHERE s.rule_id IS NOT DISTINCT FROM t.rule_id AND s.rep_id = t.rep_id)
), moved_on AS (
  UPDATE leads_ruleturn t SET fair = s.fair, owed = s.owed, shared = s.shared FROM stands s
  WHERE s.stood AND t.rule_id IS NOT DISTINCT FROM s.rule_id AND t.rep_id = s.rep_id
    AND (t.fair, t.owed, t.shared) <> (s.fair, s.owed, s.shared)
)
INSERT INTO leads_ruleturn (rule_id, rep_id, fair, owed, shared)
SELECT rule_id, rep_id, fair, owed, shared FROM stands WHERE NOT stood
ON CONFLICT (rule_id, rep_id) DO NOTHING
"""
EXACT = 9  # digits of a turn: sums of parts of leads differ in the last ones, and ties would not be ties


class Kept(NamedTuple):
    """A `RuleTurn` without whose it is."""

    fair: float
    owed: float
    shared: bool


def read(cursor, rule_ids):
    """{rule id: {user id: Kept}} of these rules."""
    cursor.execute(READ, [list(rule_ids)])
    kept = {rule_id: {} for rule_id in rule_ids}
    for rule_id, user, *stands in cursor.fetchall():
        kept.setdefault(rule_id, {})[user] = Kept(*stands)
    return kept


def begin(rule, weighed, kept):
    """{user id: Standing} of the reps whom a rule weighs, from where its last run left them; without a row all begin even.

    Equals are drawn anew for each rule. How many leads a rep has room for is not told here.
    """
    standings = {}
    for rep in weighed:
        fair, owed, _shared = kept.get(rep.user_id, Kept(0.0, 0.0, False))
        turn, draw = round(fair - owed / rep.weight, EXACT), drawn(rep.draw, rule.pk or 0)
        standings[rep.user_id] = Standing(rep.user_id, rep.weight, turn, 0, draw, fair)
    catch_up(standings, kept, weighed)
    return standings


def catch_up(standings, kept, weighed):
    """A rep who is new among these gets no backlog: lifted to the lowest of the rivals who had a share of what was dealt last,
    else of those who were there, even where they are away now. Whoever was weighed then has been kept up with
    (`dealing.keep_up`).

    Whoever is asked for other leads (farmers, other territories) says nothing: such a turn may stand still.
    """
    there = [rep for rep in weighed if rep.user_id in kept]
    for rep in (rep for rep in weighed if rep.user_id not in kept):
        rivals = [kept[other.user_id] for other in there if rep.rivals(other)]
        if rivals:
            standings[rep.user_id].lift_to(min(one.fair for one in _served(rivals)))


def _served(rivals):
    return [one for one in rivals if one.shared] or rivals


def keep(cursor, runs):
    """Keep where these runs leave the reps of their rules. Those that gave nobody anything leave all as it was."""
    rows = [row for run in runs if run.dealt for row in left(run)]
    if rows:
        cursor.execute(KEEP, [list(column) for column in zip(*rows, strict=True)])


def left(run):
    """[(rule id, user id, fair, owed, shared, whether they stood there before)] as a Run leaves them."""
    served = {int(user) for group in run.groups for user in group[4]}
    return [
        (
            run.rule.pk,
            one.user_id,
            one.fair,
            (one.fair - one.turn) * one.weight,
            one.user_id in served,
            one.user_id in run.stood,
        )
        for one in run.standings.values()
    ]
