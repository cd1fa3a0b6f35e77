"""The fair pass: rules in order, and within each a weighted round robin by stride scheduling (`turns`).

Leads that the same reps may get stand in one line, better grades first.
"""

from dataclasses import dataclass
from itertools import groupby

from accounts.models import RepKind
from engine.copying import array
from leads.assignment import ruling
from leads.assignment.ruling import FULL, OFF, OTHERS
from leads.assignment.turns import Standing, pour, serve
from leads.models import AssignmentRun

CASES = """
-- one row: leads of one grade that are alike to the router, by their places in line
SELECT grade, rule_id, region_id, segment_id, customer, farming, tried, array_agg(ord ORDER BY ord)
FROM routing WHERE rep_id IS NULL AND fate = '' AND leader IS NULL
GROUP BY grade, rule_id, region_id, segment_id, customer, farming, tried
"""
DEALT = """
UPDATE routing t SET rep_id = d.user_id, run_id = d.run_id, rank = least(d.rank, 32767)
FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::int[]) AS d (ord, user_id, run_id, rank) WHERE t.ord = d.ord
"""


# It ran out, and everybody who is here and could have it has had it: it goes where leads go that no rep has answered.
SPENT = "UPDATE routing SET rounds = greatest(rounds, %s + 1) WHERE rounds > 0 AND ord = ANY(%s::int[])"
ROUNDS = (
    "UPDATE leads_lead l SET rounds = r.rounds FROM routing r WHERE r.lead_id = l.id AND r.rounds > l.rounds"
)


@dataclass(frozen=True)
class Case:
    """Leads of one grade that are alike to the router; `places` are theirs in the line of the whole run."""

    grade: str
    rule_id: int | None
    region_id: int | None
    segment_id: int | None
    customer: bool
    farming: bool
    tried: tuple
    places: list


def deal(cursor, rules, reps, at, *, off, keep, reoffers):
    """Deal the leads of all cases, better grades first and rules in order, to those at work before those who are `off`.

    `keep` stores the runs and what was raised. What no rep is left for counts as offered again `reoffers` times and more. Returns
    {user id: (turn, turn_rest)} as they are afterwards.
    """
    cursor.execute(CASES)
    cases = [
        Case(grade, rule_id, region_id, segment_id, customer, farming, tuple(tried or ()), places)
        for grade, rule_id, region_id, segment_id, customer, farming, tried, places in cursor.fetchall()
    ]
    order = {rule.pk: place for place, rule in enumerate(rules)}
    asked = sorted({case.rule_id for case in cases}, key=lambda rule_id: order[rule_id])
    standings = {rep.user_id: _standing(rep) for rep in reps.values()}
    runs = {rule_id: Run(rules[order[rule_id]], reps, standings, off) for rule_id in asked}
    before = ruling.last_weighed(cursor, [run.rule for run in runs.values()]) if runs else {}
    for rule_id, run in runs.items():
        catch_up(standings, before[rule_id], run.weighed)
    for run in runs.values():
        run.begin()
    whose = {id(case): runs[case.rule_id].reach(case) for case in cases}
    spent = [place for case in cases if runs[case.rule_id].is_spent(case) for place in case.places]
    if spent:
        cursor.execute(SPENT, [reoffers, spent])
        if keep:
            cursor.execute(ROUNDS)
    cases.sort(key=lambda case: (case.grade, order[case.rule_id], whose[id(case)]))
    for (rule_id, grade, who), alike in groupby(
        cases, lambda case: (case.rule_id, case.grade, whose[id(case)])
    ):
        runs[rule_id].deal(who, grade, sorted(place for case in alike for place in case.places))
    for run in runs.values():
        if run.dealt:
            keep_up(standings, run.weighed, {user for _place, user in run.dealt})
    _store(cursor, list(runs.values()), at, keep)
    return {one.user_id: (one.turn, one.fair - one.turn) for one in standings.values()}


def _standing(rep):
    room = rep.capacity - rep.open_n
    return Standing(rep.user_id, rep.weight, rep.turn, room, rep.draw, rep.turn + rep.turn_rest)


def _store(cursor, runs, at, keep):
    """Write who got what, each pointing to its run where runs are kept."""
    if keep:
        for run, record in zip(
            runs, AssignmentRun.objects.bulk_create(run.record(at) for run in runs), strict=True
        ):
            run.pk = record.pk
    dealt = [(place, user, run.pk, n) for run in runs for n, (place, user) in enumerate(run.dealt, start=1)]
    if dealt:
        cursor.execute(DEALT, [array(column) for column in zip(*dealt, strict=True)])


class Run:
    """One rule's part in a run of routing: whom it weighed, and whom its leads went to."""

    def __init__(self, rule, reps, standings, off):
        self.rule, self.standings, self.off = rule, standings, off
        self.weighed = ruling.in_reach(rule, reps)
        self.dealt, self.groups, self.candidates, self.pk = [], [], [], None
        self.reaches = {}

    def begin(self):
        """Note whom it weighs, before anything is dealt."""
        self.candidates = [described(rep, self.standings[rep.user_id].turn, self.off) for rep in self.weighed]

    def reach(self, case):
        """The ids of the reps who may get the leads of a case, sorted: hunters for new names, farmers for customers.

        Where a territory has nobody of the wanted kind, the others stand in; not so for a customer's farmer.
        """
        key = case.region_id, case.segment_id, case.customer, case.farming, case.tried
        if key not in self.reaches:
            chosen = self._chosen(case)
            self.reaches[key] = tuple(
                sorted(rep.user_id for rep in chosen if not rep.hindrance and rep.user_id not in case.tried)
            )
        return self.reaches[key]

    def is_spent(self, case):
        """Whether everybody who is here and may get the leads of a case has had them."""
        here = [rep.user_id for rep in self._chosen(case) if rep.hindrance in ("", FULL)]
        return bool(here) and set(here) <= set(case.tried)

    def _chosen(self, case):
        wanted = RepKind.FARMER if case.customer or case.farming else RepKind.HUNTER
        covering = [rep for rep in self.weighed if rep.covers(case.region_id, case.segment_id)]
        return [rep for rep in covering if rep.kind == wanted] or ([] if case.farming else covering)

    def deal(self, who, grade, places):
        """Deal the leads at these places to the reps who may get them, to preferred ones while they have room."""
        for line, some in self._lines(who):
            able = [user for user in some if self.standings[user].room > 0]
            shares = pour([self.standings[user] for user in able], len(places))
            users = serve([self.standings[user] for user in able], len(places))
            if users:
                passed_over = self._passed_over(who, line, set(able))
                self.groups.append([able, grade, len(users), passed_over, _told(shares)])
            self.dealt += zip(places, users, strict=False)
            places = places[len(users) :]

    def _lines(self, who):
        """(line, whom of it to ask) one after the other while they have room: preferred ones and all, each at work first."""
        for line in ([user for user in who if user in self.rule.preferred], who):
            yield line, [user for user in line if user not in self.off]
            yield line, line

    def _passed_over(self, who, line, able):
        """{user id: why} of those in reach who could not have what this line got; keys are text, as JSON has them."""
        return {
            str(user): FULL if self.standings[user].room <= 0 else OFF if user in line else OTHERS
            for user in who
            if user not in able
        }

    def record(self, at):
        """The run as it is stored."""
        return AssignmentRun(
            rule_id=self.rule.pk,
            at=at,
            candidates=self.candidates,
            dealt=self.groups,
            offered=len(self.dealt),
        )


def _told(shares):
    """Fair shares as a run keeps them; keys are text, as JSON has them."""
    return {str(user): round(part, 6) for user, part in shares.items()}


def described(rep, turn, off=()):
    """A candidate as the run stores it; `turn` is where the rep stands when the run begins.

    Whom nothing else hinders is “off” outside working hours: whoever is at work comes first.
    """
    return {
        "rep": rep.user_id,
        "weight": rep.weight,
        "open": rep.open_n,
        "capacity": rep.capacity,
        "turn": turn,
        "hindrance": rep.hindrance or (OFF if rep.user_id in off else ""),
    }


def catch_up(standings, before, weighed):
    """A rep who is new among these gets no backlog: the turn is lifted to the lowest of those who were there for the same
    leads last, even where they have gone since. Whoever was weighed before has been kept up with (`keep_up`).
    """
    free = [rep for rep in weighed if not rep.hindrance]
    for rep in (rep for rep in free if rep.user_id not in before):
        _lift(standings, rep, [other for other in weighed if other.user_id in before])


def keep_up(standings, weighed, served):
    """Whoever could have had nothing more of what was just dealt, being away or full, is owed nothing for it: the turn goes
    up with the lowest of those who could, or with the last of those `served` (user ids) where the hands of all are full.
    """
    able, unable = [], []
    for rep in weighed:
        (unable if rep.hindrance or standings[rep.user_id].room <= 0 else able).append(rep)
    got = [rep for rep in weighed if rep.user_id in served]
    for rep in unable:
        if not _lift(standings, rep, able):
            _lift(standings, rep, got, max)


def _lift(standings, rep, others, which=min):
    """Lift a turn to the lowest (or `which`) of the rep's rivals among `others`; the fair one goes up with it by as much, so
    that what a rep is off by rounding stays what it was. Returns whether there are any.

    Whoever is asked for other leads (farmers, other territories) says nothing: such a turn may stand still.
    """
    one = standings[rep.user_id]
    turns = [standings[other.user_id].turn for other in others if rep.rivals(other)]
    if turns:
        lift = max(which(turns) - one.turn, 0.0)
        one.turn, one.fair = one.turn + lift, one.fair + lift
    return bool(turns)
