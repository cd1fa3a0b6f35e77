"""Duplicates of the published sets, found without their ids."""

import re

import pytest

from leads.dedupe import measuring, tables


@pytest.mark.parametrize(
    "name, label, pattern, without, recall",
    [
        ("dataset1", "rec_id", r"rec-(\d+)", {"soc_sec_id"}, 0.99),
        ("fake_1000", "cluster", r"(.*)", {"unique_id"}, 0.5),
    ],
)
def test_what_is_merged_without_asking_is_right(table, name, label, pattern, without, recall):
    rows = [
        {column.strip(): value.strip() for column, value in row.items()}
        for row in table(f"dedupe/{name}.csv")
    ]
    truth = [re.match(pattern, row[label])[1] for row in rows]
    bare = [{k: v for k, v in row.items() if k not in {label, *without}} for row in rows]
    measured = measuring.measure(measuring.merged(tables.find(bare)), truth)
    assert measured.precision >= 0.99, measured
    assert measured.recall >= recall, measured
