"""The bench of imports measures both sides and leaves nothing behind."""

import pytest

from bench.imports import TABLES, measure, newest


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_measure(owner, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    before = {table: newest(table, key) for table, key in TABLES.items()}
    with owner("owner"):
        figures = measure(300)
    assert figures.rejected == 3
    assert min(figures.ours.cpu, figures.limit.cpu, figures.peak) > 0
    assert {table: newest(table, key) for table, key in TABLES.items()} == before
