"""Shapley values against their definition: the mean over all orders of joining."""

from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.attribution import shapley
from reports.attribution.paths import Path

tables = st.lists(
    st.tuples(st.text("ABCD", min_size=1, max_size=4), st.integers(0, 3), st.integers(0, 3)),
    min_size=1,
    max_size=6,
)


def by_definition(table, worth):
    """{channel: value}, over every order of all channels."""
    names = sorted({name for path in table for name in path.channels})
    sums, orders = dict.fromkeys(names, 0.0), list(permutations(names))
    for order in orders:
        for at, name in enumerate(order):
            sums[name] += worth(table, {*order[: at + 1]}) - worth(table, {*order[:at]})
    return {name: value / len(orders) for name, value in sums.items()}


def conversions(table, channels):
    return sum(path.conversions for path in table if channels >= {*path.channels})


def rate(table, channels):
    inside = [path for path in table if channels >= {*path.channels}]
    walks = sum(path.conversions + path.nulls for path in inside)
    return sum(path.conversions for path in inside) / walks if walks else 0.0


@settings(max_examples=40)
@given(tables)
def test_both_games_are_as_they_are_defined(rows):
    table = [Path(tuple(steps), won, 0, lost) for steps, won, lost in rows]
    assert shapley.conversions(table).values == pytest.approx(by_definition(table, conversions), abs=1e-9)
    walked = [path for path in table if path.conversions + path.nulls]
    assert shapley.rate(table).values == pytest.approx(by_definition(walked, rate), abs=1e-9)


def test_above_twelve_channels_orders_are_drawn_and_the_error_is_told():
    names = [chr(65 + place) for place in range(12)]
    table = [Path((one, other), 1 + at % 3, 0, at % 5) for at, (one, other) in enumerate(pairwise(names))]
    exact = shapley.rate(table)
    assert set(exact.errors.values()) == {0.0}
    bits = {name: 1 << place for place, name in enumerate(names)}
    won = {bits[path.channels[0]] | bits[path.channels[1]]: path.conversions for path in table}
    walks = {bits[path.channels[0]] | bits[path.channels[1]]: path.conversions + path.nulls for path in table}
    values, errors = shapley.sampled(won, walks, 12, 2_000, shapley.Random(7))
    for name, value, error in zip(names, values, errors, strict=True):
        assert 0 < error < 0.05
        assert abs(value - exact.values[name]) < 5 * error

    wide = shapley.rate([*table, Path(("Z",), 1, 0, 1)], samples=200)
    assert len(wide.values) == 13
    assert min(wide.errors.values()) > 0
    assert sum(wide.values.values()) == pytest.approx(rate([*table, Path(("Z",), 1, 0, 1)], {*names, "Z"}))
