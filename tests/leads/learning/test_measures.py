"""Measures against their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.learning import measures

pairs = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=4, max_size=30).filter(
    lambda rows: 1 < sum(won for won, _ in rows) < len(rows) - 1
)


@given(pairs)
def test_auc_is_the_share_of_pairs_in_the_right_order(rows):
    won, score = (np.array(column) for column in zip(*rows, strict=True))
    better = [(a > b) + (a == b) / 2 for a in score[won] for b in score[~won]]
    reached = measures.auc(won, score)
    assert reached.value == pytest.approx(np.mean(better))
    assert 0 <= reached.low <= reached.value <= reached.high <= 1


def test_the_interval_holds_what_it_promises():
    chance = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        won = np.arange(300) < 100
        held += (told := measures.auc(won, chance.normal(size=300) + won)).low <= 0.7602 <= told.high
    assert held >= 180


def test_a_gain_is_the_difference_and_nothing_over_itself():
    won, score = np.array([1, 0, 1, 0, 1, 0], dtype=bool), np.array([3, 1, 2, 2, 5, 0])
    assert measures.gain(won, score, score) == (0, 0)
    assert measures.gain(won, score, -score)[0] > 0


def test_calibration_knows_a_true_probability_from_a_bold_one():
    chance = np.random.default_rng(5)
    odds = chance.normal(size=20_000)
    true = 1 / (1 + np.exp(-odds))
    won = chance.random(20_000) < true
    good = measures.calibration(won, true)
    assert good.slope == pytest.approx(1, abs=0.1)
    assert good.intercept == pytest.approx(0, abs=0.1)
    assert good.error < 0.02
    assert sum(rows for *_, rows in good.bins) == 20_000
    bold = measures.calibration(won, 1 / (1 + np.exp(-3 * odds)))
    assert bold.slope == pytest.approx(1 / 3, abs=0.1)
    assert bold.brier > good.brier


def test_lift():
    assert measures.lift([1, 1, 0, 0, 0, 0, 0, 0, 0, 0], list(range(10, 0, -1)), 0.2) == 5
