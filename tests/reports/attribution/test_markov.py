"""Markov removal effects against walking every way, for each order."""

from collections import Counter, defaultdict
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.attribution.markov import removal_effects
from reports.attribution.paths import Path


def solved(table, order, without=None):
    """The probability of conversion by Gauss–Jordan in fractions, states named by the channels met last."""
    steps, ends, seen = defaultdict(Counter), Counter(), Counter()
    for path in table:
        weight, state = path.conversions + path.nulls, ""
        for name in path.channels:
            to = (state + name)[-order:]
            steps[state][to] += weight
            seen[state] += weight
            state = to
        ends[state] += path.conversions
        seen[state] += weight
    states = [state for state in seen if without not in state[-1:]] if without else list(seen)
    rows = {
        one: {other: Fraction(int(one == other)) - Fraction(steps[one][other], seen[one]) for other in states}
        for one in states
    }
    right = {one: Fraction(ends[one], seen[one]) for one in states}
    for pivot in states:
        by = next(one for one in states[states.index(pivot) :] if rows[one][pivot])
        rows[pivot], rows[by], right[pivot], right[by] = rows[by], rows[pivot], right[by], right[pivot]
        scale = rows[pivot][pivot]
        rows[pivot] = {key: value / scale for key, value in rows[pivot].items()}
        right[pivot] /= scale
        for other in states:
            if other != pivot and (factor := rows[other][pivot]):
                rows[other] = {key: value - factor * rows[pivot][key] for key, value in rows[other].items()}
                right[other] -= factor * right[pivot]
    return right[""]


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.text("ABC", min_size=1, max_size=5), st.integers(0, 3), st.integers(1, 3)),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([1, 2, 3]),
)
def test_effects_are_those_of_the_oracle(rows, order):
    table = [Path(tuple(steps), won, 0, lost) for steps, won, lost in rows]
    whole = solved(table, order)
    found = removal_effects(table, order)
    assert found.probability == pytest.approx(float(whole), abs=1e-9)
    names = {name for steps, _won, _lost in rows for name in steps}
    expected = {name: float(1 - solved(table, order, name) / whole) if whole else 0.0 for name in names}
    assert found.removal == pytest.approx(expected, abs=1e-9)


def test_higher_orders_remember_more():
    table = [Path(tuple("AB"), 3), Path(tuple("CB"), 0, nulls=3)]
    assert removal_effects(table, 1).removal == pytest.approx({"A": 0.5, "B": 1.0, "C": 0.5})
    assert removal_effects(table, 2).removal == pytest.approx({"A": 1.0, "B": 1.0, "C": 0.0})


def test_nothing_that_converts_has_no_effects():
    assert removal_effects([Path(("A",), 0, nulls=2)]).removal == {"A": 0}
    assert removal_effects([]).removal == {}
    with pytest.raises(ValueError, match="1 to 3"):
        removal_effects([], 4)
