"""Stride scheduling against one lead at a time."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.assignment import dealing
from leads.assignment.gathering import Rep
from leads.assignment.turns import SCATTER, Standing, pour, serve

REPS = st.lists(
    st.tuples(
        st.sampled_from([0.5, 1.0, 2.0, 3.0, 5.0]),
        st.floats(0, 5, allow_nan=False),
        st.integers(0, 15),
        st.integers(0, 2**60 - 1),
    ),
    max_size=6,
)


def naive(reps, count):
    """(who was served, turns afterwards): each lead to the lowest next turn, ties by the draw for rep and number."""
    got, served = [0] * len(reps), []
    for _lead in range(count):
        free = [n for n, (_weight, _turn, room, _draw) in enumerate(reps) if got[n] < room]
        if not free:
            break

        def next_turn(n):
            weight, turn, _room, draw = reps[n]
            return turn + (got[n] + 1) / weight, draw ^ ((got[n] + 1) * SCATTER), n

        chosen = min(free, key=next_turn)
        got[chosen] += 1
        served.append(chosen)
    return served, [turn + n / weight for (weight, turn, _room, _draw), n in zip(reps, got, strict=True)]


@given(reps=REPS, count=st.integers(0, 40))
def test_leads_are_served_as_one_by_one(reps, count):
    standings = [Standing(n, weight, turn, room, draw) for n, (weight, turn, room, draw) in enumerate(reps)]
    served, turns = naive(reps, count)
    assert serve(standings, count) == served
    assert [one.turn for one in standings] == turns
    assert [one.room for one in standings] == [
        room - served.count(n) for n, (_weight, _turn, room, _draw) in enumerate(reps)
    ]


PIECES = 200
WEIGHTS = (0.5, 1.0, 1.0, 2.0, 1.0, 0.5)


@given(reps=REPS, count=st.integers(0, 40))
def test_fair_shares_are_what_turns_give_of_leads_cut_into_pieces(reps, count):
    whole = [Standing(n, w, turn, room, draw, turn) for n, (w, turn, room, draw) in enumerate(reps)]
    cut = [Standing(n, w * PIECES, turn, room * PIECES, draw) for n, (w, turn, room, draw) in enumerate(reps)]
    shares = pour(whole, count)
    served = serve(cut, count * PIECES)
    assert {one.user_id: shares.get(one.user_id, 0) for one in whole} == pytest.approx(
        {one.user_id: served.count(one.user_id) / PIECES for one in cut}, abs=0.05
    )
    assert [one.fair for one in whole] == pytest.approx([one.turn for one in cut], abs=0.1)
    assert [one.turn for one in whole] == [turn for _w, turn, _room, _draw in reps]


def test_turns_stay_by_the_fair_shares_however_reps_come_and_go():
    """2,000 runs of overlapping groups, each rep away in every seventh: nobody is off by more than two leads at any time."""
    chance, groups = random.Random(7), [(0, 1, 2), (1, 3), (2, 3, 4, 5), (0, 5)]
    everybody = range(len(WEIGHTS))
    turns, before, off = dict.fromkeys(everybody, (0.0, 0.0)), set(everybody), []
    got, fair = Counter(), Counter()
    for _run in range(2_000):
        here = {n for n in everybody if chance.random() > 1 / 7}
        reps = [
            Rep(
                n,
                "hunter",
                WEIGHTS[n],
                9,
                0,
                *turns[n],
                None,
                None,
                n,
                "" if n in here else "absent",
                frozenset(),
                frozenset(),
            )
            for n in everybody
        ]
        standings = {
            rep.user_id: Standing(rep.user_id, rep.weight, rep.turn, 99, rep.draw, rep.turn + rep.turn_rest)
            for rep in reps
        }
        dealing.catch_up(standings, before, reps)
        before = here
        for group in chance.sample(groups, 2):
            line = [standings[n] for n in group if n in here]
            if line:
                count = chance.choice((1, 1, 3))
                fair.update(pour(line, count))
                served = serve(line, count)
                got.update(served)
                dealing.keep_up(standings, [reps[n] for n in group], set(served))
        turns = {one.user_id: (one.turn, one.fair - one.turn) for one in standings.values()}
        off.append(max(abs(got[n] - fair[n]) for n in everybody))
    assert got.total() > 5_000
    assert max(off) < 2
