"""Cutting by largest remainder."""

from hypothesis import given
from hypothesis import strategies as st

from reports.attribution.shares import apportion


@given(st.integers(-10_000, 10_000), st.lists(st.integers(0, 50), min_size=1, max_size=8).filter(any))
def test_parts_sum_to_the_whole_and_none_is_a_cent_off_its_share(whole, weights):
    parts = apportion(whole, weights)
    assert sum(parts) == whole
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - whole * weight / sum(weights)) < 1


def test_what_is_left_over_goes_to_the_largest_remainders_the_earlier_first():
    assert apportion(100, [1, 1, 1]) == [34, 33, 33]
    assert apportion(10, [1, 2, 4]) == [1, 3, 6]
    assert apportion(-10, [1, 2, 4]) == [-1, -3, -6]
