"""Reading several small results in one statement, as dictionaries."""

import json
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection

from engine.copying import unwrapped


class Shared(NamedTuple):
    """Rows that other parts of the same statement name: found once, however many parts read them."""

    sql: str
    params: list | dict


def read(parts) -> dict[str, list[dict[str, Any]]]:
    """The rows of each part: {name: (SELECT, params) or queryset of values()} → {name: [dict, …]}; a Shared part is only read by others.

    One statement for all, bound by the driver as it always does. Numbers with a point come as Decimal, dates and
    times as ISO text (see `day`, `moment`). Each part keeps its own order.
    """
    if not parts:
        return {}
    shared = {name: part for name, part in parts.items() if isinstance(part, Shared)}
    parts = {name: part for name, part in parts.items() if name not in shared}
    with connection.cursor() as cursor:
        written = [_written(cursor, part) for part in parts.values()]
        named = [f"{name} AS MATERIALIZED ({_bound(cursor, *part)})" for name, part in shared.items()]
        cursor.execute(f"{'WITH ' if named else ''}{', '.join(named)} SELECT {', '.join(written)}")
        row = cursor.fetchone()
    return {
        name: json.loads(rows, parse_float=Decimal) if rows else []
        for name, rows in zip(parts, row, strict=True)
    }


def _written(cursor, part):
    """A column: the rows of one part, as one text. Gathered in the order of the part, and cheaper than row by row."""
    sql, params = part if isinstance(part, tuple) else _of_queryset(part)
    return f"(SELECT json_agg(q) FROM ({_bound(cursor, sql, params)}) AS q)::text"


def _bound(cursor, sql, params):
    return unwrapped(cursor).mogrify(sql, params).decode()


def _of_queryset(rows):
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:  # Django will not write a statement that cannot find anything
        return "SELECT NULL WHERE false", ()


def typed(cls, row):
    """A dataclass of sums from a row that has at least its fields: counts as int, amounts as Decimal."""
    return cls(**{one.name: type(getattr(cls, one.name))(row[one.name]) for one in fields(cls)})


def day(text):
    """A date as `read` gives it."""
    return date.fromisoformat(text) if text else None


def moment(text):
    """A moment as `read` gives it."""
    return datetime.fromisoformat(text) if text else None
