"""What reps get by rules from run to run, while they come and go, beside what is fair."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.assignment import dealing, standings
from leads.assignment.gathering import Rep
from leads.assignment.ruling import Rule


class House:
    """Reps whose hands, absences and turns go on from run to run of the router; what each got by each rule beside what was fair."""

    def __init__(self, reps, rules=()):
        self.reps, self.rules = reps, [*rules, Rule()]
        self.kept, self.open = {rule.pk: {} for rule in self.rules}, Counter()
        self.got, self.fair = ({rule.pk: Counter() for rule in self.rules} for _ in range(2))

    def free(self):
        """The ids of those who can have leads now."""
        return {n for n, rep in self.reps.items() if not self._hindrance(n, rep)}

    def _hindrance(self, n, rep):
        return rep.hindrance or ("full" if self.open[n] >= rep.capacity else "")

    def change(self, n, **fields):
        self.reps[n] = replace(self.reps[n], **fields)

    def run(self, cases, off=frozenset()):
        """Route leads by their cases; {rep: how many}."""
        reps = {
            n: replace(rep, open_n=self.open[n], hindrance=self._hindrance(n, rep))
            for n, rep in self.reps.items()
        }
        runs = dealing.share_out(cases, self.rules, reps, self.kept, off)
        for rule, run in runs.items():
            if run.dealt:
                self.kept[rule] = {
                    n: standings.Kept(*stands) for _, n, *stands, _stood in standings.left(run)
                }
            self.got[rule].update(user for _place, user in run.dealt)
            for group in run.groups:
                self.fair[rule].update({int(user): share for user, share in group[4].items()})
        got = Counter(user for run in runs.values() for _place, user in run.dealt)
        self.open += got
        return got

    def off_by(self):
        """By how many leads somebody is off the fair share of a rule at most."""
        return max(abs(self.got[rule][n] - self.fair[rule][n]) for rule in self.kept for n in self.reps)


def one_rep(n, weight=1.0, *, capacity=10_000, kind="hunter", regions=()):
    return Rep(n, kind, weight, capacity, 0, None, None, n * 7_919, "", frozenset(regions), frozenset())


def leads(count, rule_id=None, region_id=None, grade="B", *, customer=False, start=0):
    return dealing.Case(
        grade, rule_id, region_id, None, customer, False, (), list(range(start, start + count))
    )


WEIGHTS = st.sampled_from([0.1, 0.5, 1.0, 2.0, 5.0, 10.0])
RULES = [Rule(pk=1, reps=(0, 1, 2, 5, 6)), Rule(pk=2, reps=(1, 2, 3, 4, 7, 8))]
DEALS = st.lists(
    st.tuples(st.sampled_from([1, 2, None]), st.sampled_from([1, 1, 1, 2, 7, 40]), st.sampled_from("ABCD")),
    min_size=1,
    max_size=3,
)
STEPS = st.lists(
    st.one_of(DEALS, DEALS, st.tuples(st.sampled_from(["away", "back", "free", "new"]), st.integers(0, 20))),
    max_size=60,
)


def cases(deals):
    """The leads of [(rule id, how many, grade)], in one line."""
    starts = range(0, 100 * len(deals), 100)
    return [
        leads(count, rule, grade=grade, start=n)
        for n, (rule, count, grade) in zip(starts, deals, strict=True)
    ]


@given(weights=st.lists(WEIGHTS, min_size=4, max_size=4), runs=st.lists(DEALS, max_size=12))
def test_each_rule_gives_everybody_the_fair_share_whatever_others_give(weights, runs):
    house = House({n: one_rep(n, weight) for n, weight in enumerate(weights)}, RULES)
    for deals in runs:
        house.run(cases(deals))
        for rule in house.rules:
            theirs = {n: weights[n] for n in (rule.reps or house.reps) if n in house.reps}
            got, width = house.got[rule.pk], sum(theirs.values())
            assert all(abs(got[n] - got.total() * part / width) < 1 for n, part in theirs.items())


def test_rules_that_overlap_owe_each_other_nothing():
    """Whoever had most of 200 C and D leads of one rule gets the fair part of 100 A and B leads of another."""
    house = House(
        {n: one_rep(n, weight) for n, weight in enumerate((1.0, 3.0, 2.0, 0.5))},
        [Rule(pk=1, reps=(0, 1)), Rule(pk=2, reps=(0, 1, 2, 3))],
    )
    house.run(cases([(1, 100, "C"), (1, 100, "D")]))
    house.run(cases([(2, 50, "A"), (2, 50, "B")]))
    assert house.got[1] == {0: 50, 1: 150}
    fair = {n: 100 * house.reps[n].weight / 6.5 for n in range(4)}
    assert all(abs(house.got[2][n] - part) < 1 for n, part in fair.items())


def test_what_one_rule_fills_another_finds_full():
    house = House({1: one_rep(1, capacity=6), 2: one_rep(2), 3: one_rep(3)}, [Rule(pk=1, reps=(1, 2))])
    assert house.run(cases([(1, 8, "A"), (None, 10, "B")])) == {1: 6, 2: 8, 3: 4}
    assert house.got == {1: {1: 4, 2: 4}, None: {1: 2, 2: 4, 3: 4}}


def test_equals_are_drawn_anew_for_each_rule():
    """Else the same rep is first by every rule; a rule's own draw stays."""
    house = House({n: one_rep(n) for n in range(3)}, [Rule(pk=rule) for rule in range(1, 61)])
    draws = [rep.draw for rep in house.reps.values()]
    assert draws == sorted(draws)
    for rule in range(1, 61):
        house.run([leads(1, rule)])
    first = Counter(next(iter(got)) for got in house.got.values() if got)
    assert min(first[n] for n in range(3)) > 10


def test_whoever_is_new_and_away_has_no_backlog_either():
    house = House({1: one_rep(1), 2: one_rep(2)})
    house.run([leads(300)])
    house.reps[3] = one_rep(3)
    house.change(3, hindrance="absent")
    house.run([leads(2)])
    house.change(3, hindrance="")
    assert house.run([leads(30)]) == {1: 10, 2: 10, 3: 10}


def test_what_preferred_reps_got_is_no_debt_when_the_rule_prefers_nobody_any_more():
    house = House({n: one_rep(n, n) for n in (1, 2, 3)}, [Rule(pk=1, preferred=(3,))])
    house.change(2, hindrance="absent")
    assert house.run([leads(300, 1)]) == {3: 300}
    house.rules[0] = Rule(pk=1)
    house.change(2, hindrance="")
    assert house.run([leads(60, 1)]) == {1: 10, 2: 20, 3: 30}
    assert house.off_by() == pytest.approx(0)


def test_a_changed_weight_leaves_what_rounding_owes_in_leads():
    house = House({1: one_rep(1), 2: one_rep(2), 3: one_rep(3)})
    house.run([leads(100)])
    owed = {n: kept.owed for n, kept in house.kept[None].items()}
    assert sorted(owed.values()) == pytest.approx([-2 / 3, 1 / 3, 1 / 3])
    for n in house.reps:
        house.change(n, weight=0.01)
    assert house.run([leads(2)]) == {n: 1 for n, part in owed.items() if part > 0}


@settings(max_examples=150)
@given(
    weights=st.lists(WEIGHTS, min_size=2, max_size=5),
    capacities=st.lists(st.sampled_from([3, 20, 10_000]), min_size=9, max_size=9),
    steps=STEPS,
)
def test_while_the_same_reps_are_free_each_gets_the_fair_share_of_just_that_time(weights, capacities, steps):
    """By each rule, whatever was before: whoever was away, full, or not yet there neither catches up nor loses."""
    house = House({n: one_rep(n, weight, capacity=capacities[n]) for n, weight in enumerate(weights)}, RULES)
    got, same = {rule.pk: Counter() for rule in house.rules}, None
    for step in steps:
        if isinstance(step, list):
            same = _dealt(house, cases(step), got, same)
            assert house.off_by() < 2
            continue
        step, n = step[0], step[1] % len(house.reps)
        if step == "away":
            house.change(n, hindrance="absent")
        elif step == "back":
            house.change(n, hindrance="")
        elif step == "free":
            house.open[n] = 0
        elif step == "new" and len(house.reps) < len(capacities):
            new = len(house.reps)
            house.reps[new] = one_rep(new, weights[n % len(weights)], capacity=capacities[new])


def _dealt(house, some, got, same):
    """Deal, and hold what whoever was free all the time got by each rule since then against the share; who is free now."""
    free = house.free()
    if free != same:
        for counts in got.values():
            counts.clear()
    before = {rule: Counter(counts) for rule, counts in house.got.items()}
    house.run(some)
    for rule in house.rules:
        got[rule.pk] += house.got[rule.pk] - before[rule.pk]
    same = house.free() & free
    if same != free:
        return None
    for rule in house.rules:
        theirs = {n: house.reps[n].weight for n in free if n in (rule.reps or free)}
        counts, width = got[rule.pk], sum(theirs.values())
        assert all(abs(counts[n] - counts.total() * part / width) < 2 for n, part in theirs.items()), (
            "rounding, at both ends"
        )
    return same


def test_turns_stay_by_the_fair_shares_however_reps_come_and_go():
    """2,000 runs of rules that overlap, territories, kinds, shifts and full hands: nobody is off by more than two leads at any time."""
    chance = random.Random(7)
    everybody = range(8)
    house = House(
        {
            n: one_rep(
                n,
                chance.choice((0.5, 1.0, 2.0, 5.0)),
                capacity=chance.choice((20, 10_000)),
                kind="farmer" if n > 5 else "hunter",
                regions=chance.choice(((), (1,), (1, 2), (3,))),
            )
            for n in everybody
        },
        [
            Rule(pk=1, reps=(0, 1, 2, 6)),
            Rule(pk=2, reps=(1, 3, 7), preferred=(3,)),
            Rule(pk=3, reps=(2, 3, 4, 5)),
        ],
    )
    for _run in range(2_000):
        for n in everybody:
            house.change(n, hindrance="absent" if chance.random() < 1 / 7 else "")
            house.open[n] -= chance.randint(0, house.open[n])
        cases = [
            leads(
                chance.choice((1, 1, 3, 20)),
                chance.choice((1, 2, 3, None)),
                chance.choice((None, 1, 2, 3)),
                chance.choice("ABCD"),
                customer=chance.random() < 0.3,
                start=place,
            )
            for place in range(0, chance.choice((1, 100, 400)), 100)
        ]
        house.run(cases, frozenset(n for n in everybody if chance.random() < 0.2))
        assert house.off_by() < 2
    assert sum(got.total() for got in house.got.values()) > 5_000


@pytest.mark.parametrize("elsewhere, then", [(0, {1: 5, 2: 5}), (300, {1: 10})])
def test_who_was_away_stands_to_the_others_as_if_there_all_the_time(elsewhere, then):
    """Rep 2 may have got much in a territory of another one, who says nothing about the leads that rep 1 missed."""
    for away in ("", "absent"):
        house = House(
            {1: one_rep(1, regions=(1,)), 2: one_rep(2, regions=(1, 2)), 3: one_rep(3, regions=(3,))}
        )
        house.run([leads(elsewhere, region_id=2)])
        house.change(1, hindrance=away)
        house.run([leads(100, region_id=1)])
        house.change(1, hindrance="")
        assert house.run([leads(10, region_id=1)]) == then, away


@pytest.mark.parametrize("shift", [frozenset(), frozenset({3}), frozenset({1, 3})])
def test_who_was_away_is_kept_up_with_by_whoever_was_asked(shift):
    """Rep 1 is away while rep 2 gets 20 leads. Whoever is off meanwhile catches up when back, and rep 1 only if off as well."""
    house = House({n: one_rep(n) for n in (1, 2, 3)})
    house.change(1, hindrance="absent")
    house.run([leads(20)], shift)
    house.change(1, hindrance="")
    then = house.run([leads(30)])
    assert (
        then
        == {
            frozenset(): {1: 10, 2: 10, 3: 10},
            frozenset({3}): {1: 3, 2: 4, 3: 23},
            frozenset({1, 3}): {1: 15, 3: 15},
        }[shift]
    )


@pytest.mark.parametrize("rules", [(), (Rule(pk=1, reps=(1, 2, 3)),)])
def test_who_is_new_begins_beside_those_who_get_the_leads_not_where_nothing_comes(rules):
    house = House({1: one_rep(1, regions=(1,)), 2: one_rep(2, regions=(2,))}, rules)
    house.run([leads(10, region_id=2)])
    house.run([leads(300, region_id=1)])
    house.reps[3] = one_rep(3)
    assert house.run([leads(10, rules[0].pk if rules else None, region_id=1)]) == {1: 5, 3: 5}
