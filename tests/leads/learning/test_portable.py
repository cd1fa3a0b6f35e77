"""What was learned, read without any library, says the same as the arrays did."""

import json
import random

import numpy as np
import pytest

from leads.learning import encoding, evaluation, fitting, kinds
from leads.learning.portable import Portable
from tests.leads.learning.tables import history, table

NAMES = ["captured", "channel", "size", "noise"]


@pytest.fixture(scope="module")
def prepared():
    rows = history()
    return evaluation.prepare(
        table([*NAMES, "won"], ([row[name] for name in (*NAMES, "won")] for row in rows)), "won"
    )


@pytest.mark.parametrize("method", [fitting._logistic, fitting._boosted])
def test_row_by_row_as_all_at_once(prepared, method):
    known = [kinds.kind_of(column) for column in prepared.table.values()]
    learned = fitting._fit(prepared.table, prepared.won, known, 1, method, bands=True)
    portable = Portable.from_json(json.loads(json.dumps(learned.as_json())))
    odds = fitting.odds(learned, prepared.table)
    for place in range(0, prepared.table.n, 97):
        row = {
            name: column.texts[column.codes[place]] if column.codes[place] >= 0 else None
            for name, column in prepared.table.items()
        }
        assert portable.probability(row) == pytest.approx(1 / (1 + np.exp(-odds[place])), rel=1e-6)
        reasons = portable.reasons(row, most=99)
        assert [abs(one.odds) for one in reasons] == sorted((abs(one.odds) for one in reasons), reverse=True)
        assert {one.column for one in reasons} <= set(NAMES)
    strange = portable.probability({"channel": "never met", "size": "a lot"})
    assert 0 < strange < 1


def test_reasons_name_what_the_truth_is_made_of(prepared):
    fitted, *_ = evaluation.learn(prepared, np.arange(prepared.table.n))
    best = {reason.column: reason for reason in fitted.portable.reasons({"channel": "fair", "size": "200"})}
    assert best["channel"].odds > 0.5
    worst = {reason.column: reason for reason in fitted.portable.reasons({"channel": "mail", "size": "10"})}
    assert worst["channel"].odds < -0.5


def test_no_row_teaches_its_own_value():
    """What a rare key says about a row comes from other rows only: noise stays noise."""
    chance = random.Random(4)
    rows = [(f"k{n % 400}", chance.choice("001")) for n in range(1200)]
    told = table(["key", "won"], rows)
    won = np.array([won == "1" for _, won in rows])
    kind = kinds.kind_of(told["key"])
    feature, values = encoding.learn(
        encoding.features_of(kind, told["key"])[0], told["key"], won, encoding.folds(1200, 1)
    )
    assert abs(np.corrcoef(values, won)[0, 1]) < 0.15
    assert len(feature.table) == 400
