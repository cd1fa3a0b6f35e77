"""Bulk work with PostgreSQL: COPY in and out in flat memory, bounded chunks, one lock at a time."""

import hashlib
import json
import re
from contextlib import contextmanager, nullcontext
from datetime import date, datetime, time
from decimal import Decimal

from django.db import DatabaseError, connections, transaction
from psycopg2 import sql

MOST_ROWS = 50_000
BLOCK = 1 << 18  # characters handed to COPY at a time
SPECIAL = re.compile("[\\\\\t\n\r\b\f\v\0]")  # what a text can rarely hold
ESCAPES = str.maketrans(
    {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"}
)


# -- COPY ----------------------------------------------------------------------------------------------
def copy_rows(cursor, table, columns, rows):
    """Stream rows (any iterable of sequences) into a table by COPY. Returns how many.

    None becomes NULL; bool, numbers, text, dates, Decimal, dict (JSON) and flat lists (arrays) are written
    as PostgreSQL reads them. Raises ValueError for text with NUL, and whatever `rows` raises.
    """
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    source = Lines(rows)
    raw = unwrapped(cursor)
    try:
        with _errors_of(cursor):
            raw.copy_expert(statement.as_string(raw), source, BLOCK)
    except DatabaseError:
        if source.error:  # the driver would tell of it only in words
            raise source.error from None
        raise
    return source.count


def copy_out(cursor, query, file, params=(), header=False):
    """Write the rows of a query to a text file (or anything with write()) as CSV by COPY, in flat memory."""
    raw = unwrapped(cursor)
    bound = raw.mogrify(query, params).decode()
    with _errors_of(cursor):
        raw.copy_expert(f"COPY ({bound}) TO STDOUT (FORMAT csv{', HEADER' if header else ''})", file, BLOCK)


class Lines:
    """Rows as a readable file of COPY's text format, made as they are asked for."""

    def __init__(self, rows):
        self.rows, self.count, self.left, self.error = iter(rows), 0, "", None

    def read(self, size=BLOCK):
        """At most `size` characters; "" at the end."""
        try:
            return self._read(size)
        except Exception as error:
            self.error = error
            raise

    def _read(self, size):
        parts, length = [self.left], len(self.left)
        while length < size:
            row = next(self.rows, None)
            if row is None:
                break
            parts.append("\t".join(map(text, row)) + "\n")
            length += len(parts[-1])
            self.count += 1
        joined = "".join(parts)
        self.left = joined[size:]
        return joined[:size]


def text(value):
    """A value as COPY's text format has it."""
    kind = type(value)
    if kind is str:
        if not SPECIAL.search(value):
            return value
        if "\x00" in value:
            raise ValueError("text must not hold NUL")
        return value.translate(ESCAPES)
    if value is None:
        return r"\N"
    if kind is bool:
        return "t" if value else "f"
    if kind in (int, float, Decimal, date, datetime, time):
        return str(value)
    if isinstance(value, dict):
        return text(json.dumps(value, ensure_ascii=False, default=str))
    if isinstance(value, (list, tuple, set, frozenset)):
        return text(array(value))
    return text(str(value))


def array(values):
    """A flat list as PostgreSQL's array literal."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value):
    if type(value) is int:
        return str(value)
    if value is None:
        return "NULL"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def unwrapped(cursor):
    """The driver's own cursor under Django's wrappers."""
    while hasattr(cursor, "cursor"):
        cursor = cursor.cursor
    return cursor


def _errors_of(cursor):
    """The driver's errors as Django's, where the cursor is one of Django's."""
    return cursor.db.wrap_database_errors if hasattr(cursor, "db") else nullcontext()


# -- chunks and locks ----------------------------------------------------------------------------------
@contextmanager
def chunk(using="default"):
    """One transaction of bulk work, without the short time limits of pages. Yields a cursor."""
    with unhurried(using) as cursor:
        cursor.execute("SET LOCAL lock_timeout = 0")
        yield cursor


@contextmanager
def unhurried(using="default"):
    """One transaction whose statements take as long as they need, while somebody waits: for locks no longer than a page.

    For what one click does to as many rows as hang on it. Yields a cursor.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield cursor


def take_lock(cursor, name):
    """Wait for the advisory lock of a name until the transaction ends.

    A statement of its own on purpose: taken inside the statement that works, that one sees the rows as they
    were before the wait.
    """
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_key(name)])


def try_lock(cursor, name):
    """Take the advisory lock of a name for this transaction if nobody holds it. Returns whether."""
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_key(name)])
    return cursor.fetchone()[0]


def lock_key(name):
    """The 64-bit number that stands for a lock's name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


def pieces(ids, most=MOST_ROWS):
    """Cut a sequence into slices of at most `most`."""
    for start in range(0, len(ids), most):
        yield ids[start : start + most]
