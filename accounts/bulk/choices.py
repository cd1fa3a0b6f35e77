"""One thing that may be changed of many records, and its values: as stored, as kept in a session, as read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ui import formats

MOST = 2_000  # records that one click takes, by statements over all of them
ONE_BY_ONE = 500  # where each is work of its own
UNSAID = object()  # the value before one is chosen
NOTHING = "nothing"  # what a form says for no value at all


def _attribute(choice, records):
    return {record.pk: getattr(record, choice.attname) for record in records}


def column(choice, changes, *, by, at):
    """Set one column, a statement for each value; history keeps who did it. Refuses nobody."""
    by_value = {}
    for record, value in changes.items():
        by_value.setdefault(value, []).append(record.pk)
    model = type(next(iter(changes)))
    for value, ids in by_value.items():
        model._base_manager.filter(pk__in=ids).update(**{choice.attname: value, "updated_at": at})
    return {}


@dataclass(frozen=True)
class Choice:
    """One thing of many records that may be changed.

    `field(user)`: the form field that asks for it. `permission`: who is offered it at all. `why_not(user, record,
    value)`: why a record stays, "" where it changes; `value` is UNSAID while none is chosen, else the key of a record,
    a day or a text. `now(choice, records)` → {pk: value as it stands}; `write(choice, {record: value}, by, at)` →
    {pk: why it was refused after all}. `lock(ids)` takes what must be locked before the records. `note`: a sentence
    about what comes with it. `most`: records that it takes at once.
    """

    name: str
    label: str | Promise
    icon: str
    field: Callable
    permission: str
    why_not: Callable = lambda user, record, value: ""
    now: Callable = _attribute
    write: Callable = column
    lock: Callable = lambda ids: None
    attname: str = ""
    note: str | Promise = ""
    most: int = MOST

    def __post_init__(self):
        object.__setattr__(self, "attname", self.attname or self.name)


def theirs(permission):
    """For `why_not`: a record stays where the user may not do `permission` to it."""

    def why_not(user, record, value):
        return "" if user.has_perm(permission, record) else _("This one is not yours to change.")

    return why_not


def key_of(value):
    """A cleaned value as it stands in the record: a key, a day, a text."""
    return value.pk if isinstance(value, Model) else value


def read(choice, user, values):
    """{value: how people read it} of raw values, in one statement where they are keys."""
    asked = choice.field(user)
    if not hasattr(asked, "queryset"):
        labels = dict(getattr(asked, "choices", ()))
        return {one: _shown(one, labels) for one in values}
    known = asked.queryset.model._base_manager.in_bulk([one for one in values if one is not None])
    return {one: str(known[one]) if one in known else formats.EMPTY for one in values}


def _shown(value, labels):
    if isinstance(value, date):
        return formats.day(value)
    return str(labels.get(value, value)) if value not in (None, "") else formats.EMPTY


def packed(value):
    return {"day": value.isoformat()} if isinstance(value, date) else value


def unpacked(value):
    return date.fromisoformat(value["day"]) if isinstance(value, dict) else value
