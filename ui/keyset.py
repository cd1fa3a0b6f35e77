"""Pages by key, not by offset: page 2,000 costs what page one costs.

A cursor is the key of the row at the edge, in base64; it is parsed strictly by the fields' own types, so a forged one
is a BadCursor (400) and never reaches the database as anything but values.
"""

import base64
import binascii
from dataclasses import dataclass

import orjson
from django.core.exceptions import BadRequest, FieldDoesNotExist, ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

LONGEST = 500


class BadCursor(BadRequest):
    """The cursor was not one of ours, or belongs to another order."""


@dataclass(frozen=True)
class Page:
    """Rows in display order, and the cursors of the pages before and after ("" where there is none)."""

    rows: list
    newer: str
    older: str


def page(queryset, order, *, size=50, cursor=""):
    """One page of `queryset` (of models or of values() rows) in `order`.

    `order`: names of concrete, non-null fields, each with "-" for descending, the last one unique. `cursor`: "" for the
    first page, else one that a former page gave. Raises BadCursor.
    """
    forward, key = _parse(queryset.model, order, cursor)
    wanted = queryset.order_by(*(order if forward else map(_flip, order)))
    if key:
        wanted = wanted.filter(_beyond(order if forward else [_flip(name) for name in order], key))
    rows = list(wanted[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if not forward:
        rows.reverse()
    has_older = more if forward else bool(key)
    has_newer = bool(key) if forward else more
    return Page(
        rows,
        newer=_cursor(rows[0], order, "<") if rows and has_newer else "",
        older=_cursor(rows[-1], order, ">") if rows and has_older else "",
    )


def _flip(name):
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order, key):
    """Rows after `key`. The bound on the first field alone lets an index range scan begin there."""
    after = Q()
    for depth, name in enumerate(order):
        equal = {order[i].lstrip("-"): key[i] for i in range(depth)}
        after |= Q(**equal, **{_past(name): key[depth]})
    first = order[0]
    return Q(**{f"{_past(first)}e": key[0]}) & after


def _past(name):
    return f"{name[1:]}__lt" if name.startswith("-") else f"{name}__gt"


def _cursor(row, order, sign):
    values = [
        row[name.lstrip("-")] if isinstance(row, dict) else getattr(row, name.lstrip("-")) for name in order
    ]
    packed = orjson.dumps([sign, *values], default=str)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _parse(model, order, cursor):
    if not cursor:
        return True, None
    try:
        if len(cursor) > LONGEST:
            raise ValueError
        sign, *values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if sign not in "<>" or len(values) != len(order) or None in values:
            raise ValueError
        key = [
            model._meta.get_field(name.lstrip("-")).to_python(value)
            for name, value in zip(order, values, strict=True)
        ]
    except (ValueError, TypeError, binascii.Error, ValidationError, FieldDoesNotExist, OverflowError):
        raise BadCursor(_("This page address is not one of ours; start from the first page.")) from None
    return sign == ">", key
