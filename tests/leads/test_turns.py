"""Stride scheduling against one lead at a time."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.assignment.turns import NEAR, Standing, drawn, pour, serve

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
            return turn + (got[n] + 1) / weight, drawn(draw, got[n] + 1), n

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
