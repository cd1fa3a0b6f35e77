"""Pages by key against a plain sort and slice."""

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import CharField, DecimalField
from django.db.models.functions import Length
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.models import Touch
from pipeline.models import Campaign
from tests import cast as make
from ui.keyset import BadCursor, page, scan

ORDER = ("-at", "-id")


@dataclass
class Spread:
    """Campaigns with gaps in their dates, as rows, and the orders to walk them in with their plain sort keys."""

    rows: list
    orders: dict

    def queryset(self):
        """The rows, fresh."""
        counted = Campaign.objects.annotate(letters=Length("name"))
        return counted.values("id", "name", "starts_on", "letters", "parent__name")


@pytest.fixture
def spread(db):
    """Eleven campaigns; and two touches for the plain order."""
    parents = [make.campaign("Alpha"), make.campaign("Omega"), None]
    for index in range(9):
        make.campaign(
            "x" * (1 + index % 4),
            starts_on=None if index % 3 == 0 else date(2026, 1 + index % 5, 1),
            parent=parents[index % 3],
        )
    person = make.contact()
    for days in range(2):
        make.touch(person, at=make.NOON - timedelta(days=days))
    made = Spread([], {})
    made.rows = list(made.queryset())
    made.orders = {
        ("name", "id"): lambda row: (row["name"], row["id"]),
        ("-name", "id"): lambda row: ([-ord(sign) for sign in row["name"]] + [1], row["id"]),
        ("starts_on", "id"): lambda row: (row["starts_on"] is None, row["starts_on"] or date.max, row["id"]),
        ("-starts_on", "-id"): lambda row: (
            row["starts_on"] is None,
            -(row["starts_on"] or date.min).toordinal(),
            -row["id"],
        ),
        ("-letters", "id"): lambda row: (-row["letters"], row["id"]),
        ("parent__name", "-id"): lambda row: (
            row["parent__name"] is None,
            row["parent__name"] or "",
            -row["id"],
        ),
    }
    return made


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


def test_every_order_walks_like_a_sort(spread):
    """Nulls last, mixed directions, relations and annotations: the pages are slices of the sorted list."""
    for order, key in spread.orders.items():
        expected = sorted(spread.rows, key=key)
        seen, back, cursor = [], [], ""
        while True:
            one = page(spread.queryset(), order, size=3, cursor=cursor)
            seen += one.rows
            cursor = one.older
            if not cursor:
                break
        cursor = one.newer
        while cursor:
            one = page(spread.queryset(), order, size=3, cursor=cursor)
            back = one.rows + back
            cursor = one.newer
        assert [row["id"] for row in seen] == [row["id"] for row in expected]
        assert [row["id"] for row in back] == [row["id"] for row in expected[: len(back)]]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    keys=st.sets(st.tuples(st.integers(0, 3), st.sampled_from("abü客")), max_size=9), size=st.integers(1, 4)
)
@pytest.mark.django_db
def test_a_statement_of_ones_own_walks_like_a_sort(keys, size):
    expected = sorted(keys)
    values = ", ".join(f"({rank}, '{name}')" for rank, name in keys) or "(0, 'a')"
    order = {"rank": DecimalField(), "name": CharField()}

    def fetch(beyond, params, ordering, most):
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT * FROM (SELECT rank, name COLLATE "C" AS name FROM (VALUES {values}) AS v (rank, name)) AS q '
                f"WHERE {'true' if keys else 'false'} AND {beyond} ORDER BY {ordering} LIMIT %s",
                [*params, most],
            )
            return [dict(zip(order, row, strict=True)) for row in cursor.fetchall()]

    pages = [scan(fetch, order, size=size)]
    while pages[-1].older:
        pages.append(scan(fetch, order, size=size, cursor=pages[-1].older))
    assert [[tuple(row.values()) for row in one.rows] for one in pages] == (
        [expected[at : at + size] for at in range(0, len(expected), size)] or [[]]
    )
    for before, after in itertools.pairwise(pages):
        assert scan(fetch, order, size=size, cursor=after.newer).rows == before.rows


def test_a_cursor_belongs_to_its_order(spread):
    older = page(spread.queryset(), ("name", "id"), size=3).older
    with pytest.raises(BadCursor):
        page(spread.queryset(), ("-name", "-id"), cursor=older)
    with pytest.raises(BadCursor):
        page(spread.queryset(), ("name", "id"), cursor=older[:-1])


def test_one_comparison_finds_the_place(spread, django_assert_num_queries):
    """Where directions agree and nothing is null, the database compares whole rows and can use one index range."""
    older = page(Touch.objects.all(), ORDER, size=1).older
    with django_assert_num_queries(1) as asked:
        page(Touch.objects.all(), ORDER, size=1, cursor=older)
    assert '("leads_touch"."at", "leads_touch"."id") < (' in asked.captured_queries[0]["sql"]
