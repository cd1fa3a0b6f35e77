"""Pages by key, not by offset: page 2,000 costs what page one costs.

A cursor is the key of the row at the edge, signed for its order: a forged, cut or foreign one is a BadCursor (400) and
never reaches the database.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core import signing
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import BooleanField, F, Field, Func, Q, Value
from django.utils.translation import gettext as _

LONGEST = 1000
FORWARD, BACKWARD = ">", "<"


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

    `order`: names of fields (also through relations) or annotations, each with "-" for descending, the last one unique;
    nulls stand last. values() rows carry these names. `cursor`: "" for the first page, else one that a former page
    gave. Raises BadCursor.
    """
    keys = [_key(queryset, name) for name in order]
    forward, values = _parse(order, keys, cursor)
    wanted = queryset.order_by(*(key.ordering(forward) for key in keys))
    if values:
        wanted = wanted.filter(_beyond(keys, values, forward))
    return _cut(list(wanted[: size + 1]), order, size, forward, bool(values))


def scan(fetch, order, *, size=50, cursor=""):
    """One page of rows (dicts) that `fetch` reads by a statement of its own, as `page` gives one of a queryset.

    `order`: {column: Field}, all ascending, together unique, never null, and in the rows. `fetch(beyond, values, order, most)`
    gets a condition on these columns with its parameters, an ORDER BY, and how many rows at most. Raises BadCursor.
    """
    names = tuple(order)
    keys = [_Key(name, False, False, field) for name, field in order.items()]
    forward, values = _parse(names, keys, cursor)
    beyond, columns = "true", ", ".join(names)
    if values:
        beyond = f"({columns}) {FORWARD if forward else BACKWARD} ({', '.join(['%s'] * len(names))})"
    ordering = columns if forward else ", ".join(f"{name} DESC" for name in names)
    return _cut(fetch(beyond, values or [], ordering, size + 1), names, size, forward, bool(values))


def _cut(rows, order, size, forward, began):
    """The Page of rows in the direction of travel, one more than fit where there are more; `began`: not from the first page."""
    more, rows = len(rows) > size, rows[:size]
    if not forward:
        rows.reverse()
    has_older = more if forward else began
    has_newer = began if forward else more
    # Read even where nobody needs them: rows without a name of their order fail at the first row, not at the second page.
    edges = [[_value(row, name.removeprefix("-")) for name in order] for row in (*rows[:1], *rows[-1:])]
    return Page(
        rows,
        newer=_cursor(edges[0], order, BACKWARD) if rows and has_newer else "",
        older=_cursor(edges[-1], order, FORWARD) if rows and has_older else "",
    )


@dataclass(frozen=True)
class _Key:
    """One name of the order. Nulls stand last going forward, whatever the direction."""

    name: str
    descending: bool
    nullable: bool
    field: Field

    def falls(self, forward):
        """Do values go down in the direction of travel?"""
        return self.descending == forward

    def ordering(self, forward):
        nulls = {"nulls_last" if forward else "nulls_first": True} if self.nullable else {}
        return F(self.name).desc(**nulls) if self.falls(forward) else F(self.name).asc(**nulls)

    def equal(self, value):
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def beyond(self, value, forward):
        """Rows strictly after `value` in the direction of travel."""
        if value is None:
            return Q(pk__in=[]) if forward else Q(**{f"{self.name}__isnull": False})
        found = Q(**{f"{self.name}__{'lt' if self.falls(forward) else 'gt'}": value})
        return found | self.equal(None) if self.nullable and forward else found


class _RowComparison(Func):
    """(a, b) < (x, y): one range of a composite index, which an OR of comparisons is not."""

    output_field = BooleanField()

    def __init__(self, names, sign, values):
        self.sign = sign
        super().__init__(*(F(name) for name in names), *values)

    def as_sql(self, compiler, connection, function=None, template=None, arg_joiner=None, **extra):
        compiled = [compiler.compile(one) for one in self.source_expressions]
        half = len(compiled) // 2
        left, right = (", ".join(sql for sql, _params in part) for part in (compiled[:half], compiled[half:]))
        params = [param for _sql, own in compiled for param in own]
        return f"({left}) {self.sign} ({right})", params


def _key(queryset, name):
    plain = name.removeprefix("-")
    annotation = queryset.query.annotations.get(plain)
    if annotation is not None:
        return _Key(plain, name.startswith("-"), True, annotation.output_field)
    field, nullable = _field(queryset.model, plain)
    return _Key(plain, name.startswith("-"), nullable, field)


def _field(model, path):
    """The field at the end of a path, and whether anything on the way may be null."""
    nullable = False
    for part in path.split("__"):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        nullable = nullable or field.null
        model = field.related_model
    return getattr(field, "target_field", field), nullable


def _beyond(keys, values, forward):
    """Rows after the key, as one row comparison where the directions agree and nothing is null."""
    falls = {key.falls(forward) for key in keys}
    if len(falls) == 1 and not any(key.nullable for key in keys):
        bound = [Value(value, output_field=key.field) for key, value in zip(keys, values, strict=True)]
        return Q(_RowComparison([key.name for key in keys], "<" if falls.pop() else ">", bound))
    after, same = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        after |= same & key.beyond(value, forward)
        same &= key.equal(value)
    # The bound on the first name alone lets an index range scan begin there.
    first = keys[0].beyond(values[0], forward) | keys[0].equal(values[0])
    return first & after


def _signer(order):
    return signing.Signer(salt="keyset:" + ",".join(order))


def _cursor(place, order, sign):
    return _signer(order).sign_object([sign, *map(_plain, place)])


def _value(row, name):
    if isinstance(row, dict):
        return row[name]
    for part in name.split("__"):
        row = getattr(row, part, None)
    return row


def _plain(value):
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _parse(order, keys, cursor):
    if not cursor:
        return True, None
    try:
        if len(cursor) > LONGEST:
            raise ValueError(len(cursor))
        sign, *values = _signer(order).unsign_object(cursor)
        parsed = [key.field.to_python(value) for key, value in zip(keys, values, strict=True)]
    except (signing.BadSignature, ValidationError, ValueError, TypeError):
        raise BadCursor(_("This page address is not one of ours; start from the first page.")) from None
    return sign == FORWARD, parsed
