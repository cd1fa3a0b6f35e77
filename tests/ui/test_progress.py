"""How long something will still take, at its own pace."""

from datetime import UTC, datetime, timedelta

import pytest

from ui.progress import paced

BEGAN = datetime(2026, 6, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "done, total, seconds, left, words",
    [
        (0, 1000, 4, None, "The time left is told as soon as the pace is known."),
        (250, 1000, 20, 60, "About 1 min left."),
        (990, 1000, 99, 1, "A few seconds left."),
        (1200, 1000, 10, 0, "A few seconds left."),
        (5, 0, 10, None, "The time left is told as soon as the pace is known."),
    ],
)
def test_the_time_left_is_what_is_to_do_at_the_pace_so_far(done, total, seconds, left, words):
    told = paced(done, total, BEGAN, BEGAN + timedelta(seconds=seconds))
    assert told.left == (left if left is None else pytest.approx(left))
    assert told.words == words


def test_what_has_not_begun_has_no_pace():
    assert paced(10, 100, None, BEGAN).left is None
