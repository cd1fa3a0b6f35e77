"""COPY writes exactly what was meant, in flat memory; locks are seen by the statement after them."""

import io
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DataError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.copying import chunk, copy_out, copy_rows, lock_key, pieces, take_lock, try_lock

TEXT = st.text(st.characters(exclude_characters="\x00", codec="utf-8"))
ROWS = st.lists(
    st.tuples(
        st.none() | TEXT,
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.booleans(),
        st.none()
        | st.decimals(allow_nan=False, allow_infinity=False, places=4, max_value=10**13, min_value=-(10**13)),
        st.none() | st.lists(st.none() | TEXT, max_size=3),
        st.none() | st.dictionaries(TEXT, TEXT, max_size=3),
    ),
    max_size=20,
)
COLUMNS = ["t", "n", "b", "d", "a", "j"]


@pytest.fixture
def table(db):
    """A temporary table of many types. Yields a cursor."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE odd (t text, n bigint, b boolean, d numeric, a text[], j jsonb) ON COMMIT DROP"
        )
        yield cursor


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_what_is_copied_in_is_what_is_there(table, rows):
    table.execute("TRUNCATE odd")
    assert copy_rows(table, "odd", COLUMNS, iter(rows)) == len(rows)
    # An ordinary INSERT with bound parameters is the oracle.
    table.execute("CREATE TEMP TABLE IF NOT EXISTS plain (LIKE odd); TRUNCATE plain")
    if rows:
        import json

        bound = [(*row[:5], None if row[5] is None else json.dumps(row[5])) for row in rows]
        table.executemany("INSERT INTO plain VALUES (%s, %s, %s, %s, %s::text[], %s::jsonb)", bound)
    table.execute("SELECT count(*) FROM (SELECT * FROM odd EXCEPT ALL SELECT * FROM plain) AS differing")
    assert table.fetchone() == (0,)


@pytest.mark.parametrize(
    "value, shown",
    [
        ("a\tb\nc\\d\r", "a\tb\nc\\d\r"),
        (r"\N", r"\N"),
        ("", ""),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 12, 30, 0, 5, UTC), "2026-03-01 12:30:00.000005+00:00"),
        (Decimal("1.10"), "1.10"),
    ],
)
def test_values_are_written_as_postgresql_reads_them(table, value, shown):
    copy_rows(table, "odd", ["t"], [[value]])
    table.execute("SELECT t FROM odd")
    assert table.fetchone() == (shown,)


def test_nul_is_refused(table):
    with pytest.raises(ValueError, match="NUL"):
        copy_rows(table, "odd", ["t"], [["a\x00b"]])


def test_error_of_the_rows_arrives_as_it_is(table):
    with pytest.raises(ZeroDivisionError):
        copy_rows(table, "odd", ["n"], ([1 // n] for n in [1, 0]))


def test_error_of_the_database_is_one_of_djangos(table):
    with pytest.raises(DataError):
        copy_rows(table, "odd", ["n"], [["not a number"]])


def test_memory_stays_flat(table):
    rows = ((f"row {n} " + "x" * 50, n, True, None, None, None) for n in range(60_000))
    tracemalloc.start()
    copy_rows(table, "odd", COLUMNS, rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_copy_out_writes_csv_with_bound_parameters(table):
    copy_rows(table, "odd", ["t", "n"], [['say "hi", ü', 1], [None, 2], ["no", 3]])
    file = io.StringIO()
    copy_out(table, "SELECT t, n FROM odd WHERE n < %s ORDER BY n", file, [3], header=True)
    assert file.getvalue() == 't,n\n"say ""hi"", ü",1\n,2\n'


def test_chunk_lifts_the_time_limit_only_for_itself(transactional_db):
    with chunk() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("15s",)


def test_lock_is_held_until_the_transaction_ends(transactional_db):
    other = connection.copy()
    try:
        with chunk() as mine:
            take_lock(mine, "pool:1")
            with other.cursor() as theirs:
                assert not try_lock(theirs, "pool:1")
                assert try_lock(theirs, "pool:2")
        with other.cursor() as theirs:
            assert try_lock(theirs, "pool:1")
    finally:
        other.close()


def test_lock_keys_fit_a_bigint_and_differ():
    keys = {lock_key(f"pool:{n}") for n in range(1_000)}
    assert len(keys) == 1_000
    assert all(-(2**63) <= key < 2**63 for key in keys)


def test_pieces_cover_everything_in_order():
    assert list(pieces(list(range(7)), 3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(pieces([], 3)) == []
