"""Pages by key against a plain sort and slice."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.models import Touch
from tests import cast as make
from ui.keyset import BadCursor, page

ORDER = ("-at", "-id")


def walk(queryset, size):
    """Every page forward, then every page back."""
    pages = [page(queryset, ORDER, size=size)]
    while pages[-1].older:
        pages.append(page(queryset, ORDER, size=size, cursor=pages[-1].older))
    back = [pages[-1]]
    while back[-1].newer:
        back.append(page(queryset, ORDER, size=size, cursor=back[-1].newer))
    return [p.rows for p in pages], [p.rows for p in reversed(back)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(0, 3), max_size=9), size=st.integers(1, 4))
@pytest.mark.django_db
def test_pages_are_slices_of_the_sorted_list(days, size):
    Touch.objects.all().delete()
    who = make.contact()
    for day in days:
        make.touch(who, at=make.NOON - timedelta(days=day))
    expected = sorted(Touch.objects.values("id", "at"), key=lambda row: (row["at"], row["id"]), reverse=True)
    slices = [expected[i : i + size] for i in range(0, len(expected), size)] or [[]]
    forward, back = walk(Touch.objects.values("id", "at"), size)
    assert forward == slices
    assert [row for rows in back for row in rows] == expected


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "cD1hYmM=",
        "W10",
        "WyI-IiwxXQ",
        "é",
        "A" * 501,
        "WyI-Iiwibm93IiwiMTAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMCJd",
    ],
)
@pytest.mark.django_db
def test_a_forged_cursor_is_refused(cursor):
    with pytest.raises(BadCursor):
        page(Touch.objects.all(), ORDER, cursor=cursor)
