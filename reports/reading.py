"""Reading several small results in one statement, as dictionaries."""

import json
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import EmptyResultSet
from django.db import connection

from engine.copying import unwrapped


def read(parts):
    """The rows of each part: {name: (SELECT, params) or queryset of values()} → {name: [dict, …]}.

    One statement for all, bound by the driver as it always does. Numbers with a point come as Decimal, dates and
    times as ISO text (see `day`, `moment`). Each part keeps its own order.
    """
    found = {name: [] for name in parts}
    with connection.cursor() as cursor:
        written = [_written(cursor, name, part) for name, part in parts.items()]
        cursor.execute(f"{' UNION ALL '.join(written)} ORDER BY part, place")
        for name, _place, row in cursor.fetchall():
            found[name].append(json.loads(row, parse_float=Decimal))
    return found


def _written(cursor, name, part):
    sql, params = part if isinstance(part, tuple) else _of_queryset(part)
    bound = unwrapped(cursor).mogrify(sql, params).decode()
    return f"SELECT '{name}' AS part, row_number() OVER () AS place, to_jsonb(q)::text AS row FROM ({bound}) AS q"


def _of_queryset(rows):
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:  # Django will not write a statement that cannot find anything
        return "SELECT NULL WHERE false", ()


def typed(cls, row):
    """A dataclass of sums from a row that has at least its fields: counts as int, amounts as Decimal."""
    return cls(**{one.name: type(one.default)(row[one.name]) for one in fields(cls)})


def day(text):
    """A date as `read` gives it."""
    return date.fromisoformat(text) if text else None


def moment(text):
    """A moment as `read` gives it."""
    return datetime.fromisoformat(text) if text else None
