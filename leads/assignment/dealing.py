"""The fair pass: rules in order, and within each a weighted round robin by stride scheduling (`turns`).

Leads that the same reps may get stand in one line, better grades first. Each rule has turns of its own; what a rep has room
for is one number for all of them.
"""

from dataclasses import dataclass
from itertools import groupby

from accounts.models import RepKind
from engine.copying import array
from leads.assignment import ruling, standings
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

    `keep` stores the runs, where they leave the reps, and what was raised. What no rep is left for counts as offered again
    `reoffers` times and more.
    """
    cursor.execute(CASES)
    cases = [
        Case(grade, rule_id, region_id, segment_id, customer, farming, tuple(tried or ()), places)
        for grade, rule_id, region_id, segment_id, customer, farming, tried, places in cursor.fetchall()
    ]
    if not cases:
        return
    runs = share_out(cases, rules, reps, standings.read(cursor, {case.rule_id for case in cases}), off)
    spent = [place for case in cases if runs[case.rule_id].is_spent(case) for place in case.places]
    if spent:
        cursor.execute(SPENT, [reoffers, spent])
        if keep:
            cursor.execute(ROUNDS)
    _store(cursor, list(runs.values()), at, keep)


def share_out(cases, rules, reps, kept, off):
    """{rule id: Run} of the rules that the cases met, with what each dealt and where it leaves the reps.

    `kept`: {rule id: {user id: Kept}} as the rules' last runs left it.
    """
    met = {case.rule_id for case in cases}
    rooms = {rep.user_id: rep.capacity - rep.open_n for rep in reps.values()}
    runs = {rule.pk: Run(rule, reps, kept.get(rule.pk, {}), rooms, off) for rule in rules if rule.pk in met}
    ranked, place = list(runs.values()), {rule_id: n for n, rule_id in enumerate(runs)}

    def line(case):
        return case.grade, place[case.rule_id], runs[case.rule_id].reach(case)

    for (grade, n, (who, away)), alike in groupby(sorted(cases, key=line), line):
        ranked[n].deal(who, away, grade, sorted(place for case in alike for place in case.places))
    return runs


def _store(cursor, runs, at, keep):
    """Write who got what, each pointing to its run where runs are kept."""
    if keep:
        standings.keep(cursor, runs)
        for run, record in zip(
            runs, AssignmentRun.objects.bulk_create(run.record(at) for run in runs), strict=True
        ):
            run.pk = record.pk
    dealt = [(place, user, run.pk, n) for run in runs for n, (place, user) in enumerate(run.dealt, start=1)]
    if dealt:
        cursor.execute(DEALT, [array(column) for column in zip(*dealt, strict=True)])


class Run:
    """One rule's part in a run of routing: whom it weighed, where they stand, and whom its leads went to.

    `rooms`, {user id: for how many more leads there is room}, is the same for all rules of the run.
    """

    def __init__(self, rule, reps, kept, rooms, off):
        self.rule, self.rooms, self.off = rule, rooms, off
        self.weighed = ruling.in_reach(rule, reps)
        self.standings, self.stood = standings.begin(rule, self.weighed, kept), frozenset(kept)
        self.candidates = [described(rep, self.standings[rep.user_id].turn, off) for rep in self.weighed]
        self.dealt, self.groups, self.pk, self.reaches = [], [], None, {}

    def reach(self, case):
        """The ids of the reps who may get the leads of a case, and of those who might if nothing hindered them; both sorted."""
        key = case.region_id, case.segment_id, case.customer, case.farming, case.tried
        if key not in self.reaches:
            chosen = [rep for rep in self._chosen(case) if rep.user_id not in case.tried]
            self.reaches[key] = (
                tuple(sorted(rep.user_id for rep in chosen if not rep.hindrance)),
                tuple(sorted(rep.user_id for rep in chosen if rep.hindrance)),
            )
        return self.reaches[key]

    def is_spent(self, case):
        """Whether everybody who is here and may get the leads of a case has had them."""
        here = [rep.user_id for rep in self._chosen(case) if rep.hindrance in ("", FULL)]
        return bool(here) and set(here) <= set(case.tried)

    def _chosen(self, case):
        """Hunters for new names, farmers for customers.

        Where a territory has nobody of the wanted kind, the others stand in; not so for a customer's farmer. No customer who
        asks waits for farmers who are all away.
        """
        wanted = RepKind.FARMER if case.customer or case.farming else RepKind.HUNTER
        covering = [rep for rep in self.weighed if rep.covers(case.region_id, case.segment_id)]
        chosen = [rep for rep in covering if rep.kind == wanted]
        if case.farming:
            return chosen
        waits = not case.customer or any(rep.hindrance in ("", FULL) for rep in chosen)
        return chosen if chosen and waits else covering

    def deal(self, who, away, grade, places):
        """Deal the leads at these places to the reps who may get them, to preferred ones while they have room.

        Those who might have got them but are `away`, or full, are kept up with (`keep_up`), and so is whoever comes after
        preferred ones: what those got is no debt when the rule prefers nobody any more.
        """
        users = (*who, *away)
        for line, asked in self._lines(users):
            some = [self._with_room(user) for user in asked]
            able = [one for one in some if one.room > 0 and one.user_id not in away]
            before = {one.user_id: one.fair for one in able}
            served, shares = serve(able, len(places))
            self.rooms.update((one.user_id, one.room) for one in able)
            if served:
                passed_over = self._hindered(away) | self._passed_over(who, line, before)
                after = [user for user in users if user not in line]
                kept_up = keep_up(
                    [*some, *(self.standings[user] for user in after)], before, {*away, *after}, len(served)
                )
                told = [passed_over, _told(shares), _told(kept_up)]
                self.groups.append([list(before), grade, len(served), *told])
            self.dealt += zip(places, served, strict=False)
            places = places[len(served) :]

    def _with_room(self, user):
        standing = self.standings[user]
        standing.room = self.rooms[user]  # another rule may have taken of it
        return standing

    def _lines(self, users):
        """(line, whom of it to ask) one after the other while they have room: preferred ones and all, each at work first."""
        for line in ([user for user in users if user in self.rule.preferred], users):
            yield line, [user for user in line if user not in self.off]
            yield line, line

    def _passed_over(self, who, line, able):
        """{user id: why} of those in reach who could not have what this line got; keys are text, as JSON has them."""
        return {
            str(user): FULL if self.rooms[user] <= 0 else OFF if user in line else OTHERS
            for user in who
            if user not in able
        }

    def _hindered(self, away):
        """{user id: what hinders} of those `away` who are kept up with; who is off besides is not."""
        return {
            str(rep.user_id): rep.hindrance
            for rep in self.weighed
            if rep.user_id in away and rep.user_id not in self.off
        }

    def record(self, at):
        """The run as it is stored."""
        return AssignmentRun(
            rule_id=self.rule.pk,
            rule_name=self.rule.name,
            at=at,
            candidates=self.candidates,
            dealt=self.groups,
            offered=len(self.dealt),
        )


def _told(shares):
    """Parts of leads as a run keeps them; keys are text, as JSON has them."""
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


def keep_up(line, before, away, count):
    """Whoever of a line could have nothing (more) of `count` leads just dealt, being `away` or full, is owed nothing for them.

    The rep comes to stand among the others as if all had shared them: where that share would have led to, and further by
    what the others got more for it. `before`: {user id: where the fair shares stood} of those who could have them.
    Returns {user id: how far that lifted the rep} of whom it did lift.
    """
    out = [one for one in line if one.user_id in away or one.room <= 0]
    if not out:
        return {}
    together = [
        Standing(one.user_id, one.weight, 0.0, count, 0, before.get(one.user_id, one.fair)) for one in line
    ]
    pour(together, count)
    shared = {one.user_id: one.fair for one in together}
    more = max(one.fair - shared[one.user_id] for one in line if one.user_id in before)
    lifts = {one.user_id: one.lift_to(shared[one.user_id] + more) for one in out}
    return {user: lift for user, lift in lifts.items() if lift}
