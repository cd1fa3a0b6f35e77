"""The fairness ledger: what each rep got by turn in a span, by count and by value of grade, against the fair share.

Each rule has turns of its own, so each has a ledger; that over all rules adds them up.

The fair share of a rep is what turns would have given at the time if leads could be cut into parts (`assignment.turns.pour`):
to whoever was free then, with room, and of the territory and kind that the leads asked for, the lowest turn for the weight
first. The router reckons it with the same lifts as turns, and each run keeps it: whoever was full or away is owed nothing for
that time. An offer that a slip brought and that was taken back with it counts on neither side. Runs of former releases kept
none; theirs is the share that makes loads as even as their limits allow.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from leads import because
from leads.assignment import slips
from leads.ownership import SLIP

SPAN = timedelta(days=30)  # that the page shows
EVERY = "every"  # rule, those that are gone included
NONE = "none"  # of the rules, as addresses say it: everybody else, who take what meets none
VALUES = {"A": 8, "B": 4, "C": 2, "D": 1}  # what a lead of a grade is worth in the ledger
ROUNDS, STILL = 200, 0.005  # until no share of a group moves by more, in leads
NOTHING = 1e-6  # of a lead: what sums of parts are off by


@dataclass(frozen=True)
class Share:
    """A rep's line: leads got by fair turn and their value, each beside the fair share, and `passes`: leads that came
    before any turn (account owner, joined, by hand …), None in the ledger of one rule: they came by none."""

    rep_id: int
    name: str
    turns: int
    value: int
    passes: int | None
    fair: float
    fair_value: float

    @property
    def over(self):
        """Turns more than fair; negative where the rep got less."""
        return self.turns - self.fair

    @property
    def over_value(self):
        """Value more than fair."""
        return self.value - self.fair_value


def ledger(start, end, rule=EVERY):
    """[Share] of everybody who could have got or got a lead in the span, by name; by one rule (its id; None: everybody else)."""
    every = rule == EVERY
    bound = {"start": start, "end": end, "grades": list(VALUES), "values": list(VALUES.values())}
    bound |= {"every": every, "rule": None if every else rule, "slips": list(because.SLIPS)}
    with connection.cursor() as cursor:
        cursor.execute(SHARES, bound)
        told = cursor.fetchall()
        fair, worth = defaultdict(float), defaultdict(float)
        for user, leads, value in [*told, *_of_former_releases(cursor, bound), *_taken_back(cursor, bound)]:
            fair[user] += leads
            worth[user] += value
        weighed = [user for user, leads in fair.items() if leads > NOTHING]
        cursor.execute(GOT, {**bound, "weighed": weighed, "moved": list(because.OF_A_BOOK)})
        return [
            Share(rep, name, turns, value, passes if every else None, fair[rep], worth[rep])
            for rep, name, turns, value, passes in cursor.fetchall()
        ]


def _of_former_releases(cursor, bound):
    """[(user, leads, their value)] of runs that kept no shares, by the weights of today."""
    cursor.execute(DEALT, bound)
    groups = [(who, VALUES.get(grade, 0), count) for who, grade, count in cursor.fetchall()]
    if not groups:
        return []
    cursor.execute(WEIGHTS)
    shares = fair_shares([(who, count) for who, _value, count in groups], dict(cursor.fetchall()))
    return [
        (user, leads, leads * value)
        for (_who, value, _count), share in zip(groups, shares, strict=True)
        for user, leads in share.items()
    ]


def _taken_back(cursor, bound):
    """[(user, less leads, less value)] for offers that slips brought."""
    cursor.execute(TAKEN_BACK, bound)
    found = [slips.shares(json.loads(dealt), rank) for dealt, rank in cursor.fetchall()]
    return [
        (user, -part, -part * VALUES.get(grade, 0)) for grade, parts in found for user, part in parts.items()
    ]


def fair_shares(groups, weights):
    """[{user: leads}] of [(users, count)]: loads for their weights are as even as the groups allow.

    By turns: each group in its turn is poured where load ÷ weight is lowest, until none moves any more. `weights` is
    {user: weight}; whoever is not named weighs 1.
    """
    load, shares = defaultdict(float), [{} for _ in groups]
    for _round in range(ROUNDS):
        moved = 0.0
        for place, (users, count) in enumerate(groups):
            for user, leads in shares[place].items():
                load[user] -= leads
            poured = _pour(users, count, load, weights)
            moved = max([moved, *(abs(leads - shares[place].get(user, 0)) for user, leads in poured.items())])
            shares[place] = poured
            for user, leads in poured.items():
                load[user] += leads
        if moved < STILL:
            break
    return shares


def _pour(users, count, load, weights):
    """{user: leads} that lift the lowest of load ÷ weight to one level."""
    line = sorted((load[user] / weights.get(user, 1), user) for user in users)
    width, filled, level = 0.0, 0.0, 0.0
    for place, (height, user) in enumerate(line):
        width += weights.get(user, 1)
        filled += height * weights.get(user, 1)
        level = (count + filled) / width
        if place + 1 < len(line) and level <= line[place + 1][0]:
            break
    return {user: max(level - height, 0.0) * weights.get(user, 1) for height, user in line}


# Runs of a rule that is gone have kept its name: they are nobody else's.
BY_RULE = "(%(every)s OR (r.rule_id IS NOT DISTINCT FROM %(rule)s::bigint AND (r.rule_id IS NOT NULL OR r.rule_name = '')))"
# A row: a rep, the fair share of the leads of the span in parts of leads, and what it is worth by grade.
SHARES = f"""
SELECT one.key::bigint, sum(one.value::float8), sum(one.value::float8 * coalesce(v.value, 0))
FROM leads_assignmentrun r CROSS JOIN LATERAL jsonb_array_elements(r.dealt) g CROSS JOIN LATERAL jsonb_each_text(g -> 4) one
LEFT JOIN unnest(%(grades)s::text[], %(values)s::int[]) AS v(grade, value) ON v.grade = g ->> 1
WHERE r.at >= %(start)s AND r.at < %(end)s AND {BY_RULE} GROUP BY 1
"""
# A row: reps who could each have had them, a grade, and how many leads of it were dealt among them.
DEALT = f"""
SELECT ARRAY(SELECT jsonb_array_elements_text(who)::bigint), grade, leads FROM (
  SELECT g -> 0 AS who, g ->> 1 AS grade, sum((g ->> 2)::int)::int AS leads
  FROM leads_assignmentrun r CROSS JOIN LATERAL jsonb_array_elements(r.dealt) g
  WHERE r.at >= %(start)s AND r.at < %(end)s AND g -> 4 IS NULL AND {BY_RULE} GROUP BY 1, 2
) dealt ORDER BY who, grade
"""
# A row: what a run dealt, and the rank of an offer of it that was a slip.
TAKEN_BACK = f"""
SELECT r.dealt, h.rank FROM leads_handoff h JOIN leads_assignmentrun r ON r.id = h.run_id
WHERE h.offered_at >= %(start)s AND r.at >= %(start)s AND r.at < %(end)s AND {SLIP} AND {BY_RULE}
"""
WEIGHTS = "SELECT user_id, weight::float8 FROM accounts_repprofile"
GOT = f"""
WITH got AS (
  SELECT h.rep_id, count(*) FILTER (WHERE h.run_id IS NOT NULL) AS turns,
    coalesce(sum(v.value) FILTER (WHERE h.run_id IS NOT NULL), 0) AS value, count(*) FILTER (WHERE h.run_id IS NULL) AS passes
  FROM leads_handoff h LEFT JOIN unnest(%(grades)s::text[], %(values)s::int[]) AS v(grade, value) ON v.grade = h.grade
  LEFT JOIN leads_assignmentrun r ON r.id = h.run_id  -- a turn counts with its run, as what was dealt does
  WHERE h.offered_at >= %(start)s AND coalesce(r.at, h.offered_at) >= %(start)s AND coalesce(r.at, h.offered_at) < %(end)s
    AND h.kind IN ('new', 'inquiry', 'farmer') AND h.because <> ALL(%(moved)s)  -- with a book nobody gets a lead more
    AND NOT {SLIP}  -- none got, and none dealt
    AND (%(every)s OR h.run_id IS NOT NULL) AND {BY_RULE}
  GROUP BY h.rep_id
)
SELECT u.id, u.full_name, coalesce(g.turns, 0), coalesce(g.value, 0), coalesce(g.passes, 0)
FROM accounts_user u LEFT JOIN got g ON g.rep_id = u.id
WHERE g.rep_id IS NOT NULL OR u.id = ANY(%(weighed)s::bigint[])
ORDER BY u.full_name, u.id
"""
