"""Floors by shares of leads come as near to what was asked for as leads of the same points let them."""

from hypothesis import given
from hypothesis import strategies as some

from leads.scoring.shares import reached


def graded(fits, floors):
    """{letter: how many leads}, naively."""
    letters = [next((letter for letter, floor in floors.items() if fit >= floor), "D") for fit in fits]
    return {letter: letters.count(letter) for letter in "ABC"}


def test_an_empty_letter_takes_the_larger_share_where_that_is_nearer():
    fits = [80] * 4 + [55] * 31 + [20] * 65
    a, b, c = reached(fits, {"A": 0.05, "B": 0.2, "C": 0.5})
    assert [(one.floor, one.share, one.leads) for one in (a, b, c)] == [
        (80, 0.04, 4),
        (55, 0.35, 31),
        (54, 0.35, 0),
    ]
    assert "C stays empty" in c.words
    assert b.words == "B from 55 points: 31 leads, with the better ones 35% (20% asked)."


@given(
    some.lists(some.integers(-30, 30), min_size=1, max_size=60),
    some.lists(some.integers(1, 99), min_size=3, max_size=3, unique=True).map(sorted),
)
def test_no_other_floor_comes_nearer(fits, percent):
    asked = dict(zip("ABC", (one / 100 for one in percent), strict=True))
    found = reached(fits, asked)
    floors = {one.letter: one.floor for one in found}
    assert floors["A"] > floors["B"] > floors["C"]
    assert {one.letter: one.leads for one in found} == graded(fits, floors)
    above = max(fits) + 4
    for one in found:
        got = sum(fit >= one.floor for fit in fits)
        assert one.share == got / len(fits)
        others = [sum(fit >= floor for fit in fits) for floor in range(min(fits) - 4, above)]
        wished = one.asked * len(fits)
        assert abs(got - wished) <= min(abs(other - wished) for other in others) + 1e-6
        above = one.floor
