"""What was changed of a record, in words, from the history that the database keeps of it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from pipeline.models.base import label_of
from ui import formats


@dataclass(frozen=True)
class Change:
    """A field of a record that somebody (None: no person) changed, with both values in words."""

    at: datetime
    by: User | None
    field: str
    label: str
    before: str
    after: str


def changes(record, events, kept, since=0):
    """The Changes of a record, newest first: `events` is the model of its history, `kept` the names of what it keeps; those after
    the number `since` of its history."""
    found = events.objects.filter(pgh_obj=record.pk, pgh_label="update", pgh_id__gt=since)
    rows = list(found.select_related("pgh_context").order_by("-pgh_id"))
    makers = User.objects.in_bulk({pk for pk in map(_user_of, rows) if pk})
    names, told, after = _names(rows, record, kept), [], record
    for row in rows:  # a row holds what stood there before the change
        by = makers.get(_user_of(row))
        for name in kept:
            before, now = getattr(row, name), getattr(after, name)
            if before != now:
                field = name.removesuffix("_id")
                label, said = str(label_of(type(record), field)), names[name]
                told.append(Change(row.pgh_created_at, by, field, label, said(before), said(now)))
        after = row
    return told


def _user_of(row):
    return row.pgh_context.metadata.get("user") if row.pgh_context else None


def _names(rows, record, kept):
    """{name of a field: how a value of it is said}; records that any version names are read at once."""
    return {name: _sayer(record, name, {getattr(one, name) for one in (*rows, record)}) for name in kept}


def _sayer(record, name, values):
    field = record._meta.get_field(name.removesuffix("_id"))
    if field.related_model:
        known = field.related_model.objects.in_bulk(values - {None})
    else:
        known = dict(field.choices or ())
    return lambda value: str(known[value]) if value in known else _plain(value)


def _plain(value):
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return formats.number(value)
    return formats.day(value) if isinstance(value, date) else str(value or formats.EMPTY)
