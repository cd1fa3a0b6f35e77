"""Stride scheduling against one lead at a time."""

import random
from collections import Counter
from dataclasses import replace
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.assignment import dealing
from leads.assignment.gathering import Rep
from leads.assignment.ruling import Last, Rule
from leads.assignment.turns import NEAR, SCATTER, Standing, pour, serve

REPS = st.lists(
    st.tuples(
        st.sampled_from([0.5, 1.0, 2.0, 3.0, 5.0]),
        st.floats(0, 5, allow_nan=False),
        st.integers(0, 15),
        st.integers(0, 2**60 - 1),
    ),
    max_size=6,
)


def level(reps, count):
    """Where `count` leads cut into parts lift the lowest, by trying: reps are (weight, turn, room, draw)."""
    low, high = 0.0, 1_000.0
    for _half in range(70):
        middle = (low + high) / 2
        poured = sum(min(max(middle - turn, 0) * weight, room) for weight, turn, room, _draw in reps)
        low, high = (middle, high) if poured < count else (low, middle)
    return low


def naive(reps, count):
    """(who was served, turns afterwards), lead by lead: the lowest next turn of those who have less than is fair so far (else
    of whoever has least), ties by the draw for rep and number."""
    got, served = [0] * len(reps), []
    for lead in range(1, count + 1):
        free = [n for n, (_weight, _turn, room, _draw) in enumerate(reps) if got[n] < room]
        if not free:
            break
        has = {n: reps[n][1] + got[n] / reps[n][0] for n in free}
        fair = max(level(reps, lead) - NEAR, min(has.values()))

        def next_turn(n):
            weight, turn, _room, draw = reps[n]
            return turn + (got[n] + 1) / weight, draw ^ ((got[n] + 1) * SCATTER), n

        chosen = min((n for n in free if has[n] <= fair), key=next_turn)
        got[chosen] += 1
        served.append(chosen)
    return served, [turn + n / weight for (weight, turn, _room, _draw), n in zip(reps, got, strict=True)]


def standing(reps):
    """The standings of reps whose turns are where fair shares would have them."""
    return [Standing(n, weight, turn, room, draw, turn) for n, (weight, turn, room, draw) in enumerate(reps)]


@given(reps=REPS, count=st.integers(0, 40))
def test_leads_are_served_as_one_by_one(reps, count):
    standings = standing(reps)
    served, turns = naive(reps, count)
    assert serve(standings, count)[0] == served
    assert [one.turn for one in standings] == turns
    assert [one.room for one in standings] == [
        room - served.count(n) for n, (_weight, _turn, room, _draw) in enumerate(reps)
    ]


@given(
    weights=st.lists(st.sampled_from([0.1, 0.5, 1.0, 2.0, 5.0, 10.0]), min_size=1, max_size=7),
    runs=st.lists(st.integers(1, 30), max_size=8),
)
def test_nobody_is_a_whole_lead_from_fair_after_any_lead(weights, runs):
    line, got = [Standing(n, weight, 0.0, 1_000, n) for n, weight in enumerate(weights)], Counter()
    for count in runs:
        for user in serve(line, count)[0]:
            got[user] += 1
            fair = [got.total() * weight / sum(weights) for weight in weights]
            assert max(abs(got[n] - share) for n, share in enumerate(fair)) < 1


PIECES = 200


@given(reps=REPS, count=st.integers(0, 40))
def test_fair_shares_are_what_turns_give_of_leads_cut_into_pieces(reps, count):
    whole = standing(reps)
    cut = [
        Standing(n, w * PIECES, turn, room * PIECES, draw, turn)
        for n, (w, turn, room, draw) in enumerate(reps)
    ]
    shares = pour(whole, count)
    served, parts = serve(cut, count * PIECES)
    assert {one.user_id: shares.get(one.user_id, 0) for one in whole} == pytest.approx(
        {one.user_id: served.count(one.user_id) / PIECES for one in cut}, abs=0.05
    )
    assert {one.user_id: shares.get(one.user_id, 0) for one in whole} == pytest.approx(
        {one.user_id: parts.get(one.user_id, 0) / PIECES for one in cut}
    )
    assert [one.fair for one in whole] == pytest.approx([one.turn for one in cut], abs=0.1)
    assert [one.turn for one in whole] == [turn for _w, turn, _room, _draw in reps]


class House:
    """Reps whose hands, absences and turns go on from run to run of the router; what each got beside what was fair."""

    def __init__(self, reps, rules=()):
        self.reps, self.rules = reps, [*rules, Rule()]
        self.before, self.open, self.got, self.fair = {}, Counter(), Counter(), Counter()

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
        standings = {n: dealing.standing(rep) for n, rep in reps.items()}
        anywhere = reduce(Last.__or__, self.before.values(), Last())
        before = {rule.pk: self.before.get(rule.pk, anywhere) for rule in self.rules}
        runs = dealing.share_out(cases, self.rules, reps, standings, before, off)
        got = Counter(user for run in runs.values() for _place, user in run.dealt)
        for rule, run in runs.items():
            if run.dealt:
                shared = [int(user) for *_group, shares in run.groups for user in shares]
                self.before[rule] = Last(frozenset(rep.user_id for rep in run.weighed), frozenset(shared))
            for *_group, shares in run.groups:
                self.fair.update({int(user): share for user, share in shares.items()})
        self.got += got
        self.open += got
        for n, one in standings.items():
            self.change(n, turn=one.turn, turn_rest=one.fair - one.turn)
        return got

    def off_by(self):
        """By how many leads somebody is off the fair share at most."""
        return max(abs(self.got[n] - self.fair[n]) for n in self.reps)


def one_rep(n, weight=1.0, *, capacity=10_000, kind="hunter", regions=(), turn=0.0):
    return Rep(
        n, kind, weight, capacity, 0, turn, 0.0, None, None, n * 7_919, "", frozenset(regions), frozenset()
    )


def leads(count, rule_id=None, region_id=None, grade="B", *, customer=False, start=0):
    return dealing.Case(
        grade, rule_id, region_id, None, customer, False, (), list(range(start, start + count))
    )


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("deal"), st.sampled_from([1, 1, 1, 2, 7, 40])),
        st.tuples(st.just("deal"), st.sampled_from([1, 1, 1, 2, 7, 40])),
        st.tuples(st.sampled_from(["away", "back", "free", "new"]), st.integers(0, 20)),
    ),
    max_size=60,
)


@settings(max_examples=150)
@given(
    weights=st.lists(st.sampled_from([0.1, 0.5, 1.0, 2.0, 5.0, 10.0]), min_size=2, max_size=5),
    capacities=st.lists(st.sampled_from([3, 20, 10_000]), min_size=9, max_size=9),
    steps=STEPS,
)
def test_while_the_same_reps_are_free_each_gets_the_fair_share_of_just_that_time(weights, capacities, steps):
    """Whatever was before: whoever was away, full, or not yet there neither catches up nor loses."""
    house = House({n: one_rep(n, weight, capacity=capacities[n]) for n, weight in enumerate(weights)})
    got, same = Counter(), None
    for step, number in steps:
        n = number % len(house.reps)
        if step == "away":
            house.change(n, hindrance="absent")
        elif step == "back":
            house.change(n, hindrance="")
        elif step == "free":
            house.open[n] = 0
        elif step == "new" and len(house.reps) < len(capacities):
            new = len(house.reps)
            first = min(rep.turn for rep in house.reps.values())
            house.reps[new] = one_rep(new, weights[n % len(weights)], capacity=capacities[new], turn=first)
        elif step == "deal":
            free = house.free()
            got = got if free == same else Counter()
            got += house.run([leads(number)])
            same = house.free() & free
            same = same if same == free else None
            width = sum(house.reps[n].weight for n in free)
            for n in same or ():
                assert abs(got[n] - got.total() * house.reps[n].weight / width) < 2, "rounding, at both ends"
        assert house.off_by() < 2


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
    assert house.got.total() > 5_000


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
