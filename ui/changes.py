"""Who changed a record last, and when: from its own history, else from the log of edits that its table keeps."""

import json
from typing import Any

import pghistory.core
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ui import formats

LOOKED_AT = 20  # events of one record
INSIDE = {
    "answer-": "answers",
    "x_": "attributes",
}  # how agreed answers and own fields are called in forms: where they live


def who_and_when(records, names, now):
    """One sentence: who changed one of the fields `names` of `records` last, and how long ago."""
    found = [change for record in records if (change := last(record, names))]
    who, at = max(found, key=lambda change: change[1]) if found else ("", _touched(records))
    said = {"who": who or _("Somebody"), "ago": formats.ago(at, now) if at else ""}
    return (_("%(who)s changed this %(ago)s.") if at else _("%(who)s changed this meanwhile.")) % said


def last(record, names):
    """(name of who, when) of the latest change of one of the fields `names`; None where nothing tells of it."""
    if any(pghistory.core.event_models(tracks_model=type(record))):
        return _in_history(record, names)
    return _in_log(record, names)


def latest(record):
    """(name of who, when) of the latest change of anything in a record; None where nothing tells of one."""
    for model in pghistory.core.event_models(tracks_model=type(record)):
        events: QuerySet[Any] = model._default_manager.filter(pgh_obj_id=record.pk)
        newest = events.select_related("pgh_context").order_by("-pgh_id").first()
        return (_who(newest.pgh_context), newest.pgh_created_at) if newest else None
    return _in_log(record, ())


def _in_log(record, names):
    """The same from the log of edits. What a form asks beside the columns is any of them."""
    columns = {field.name: getattr(field, "column", "") or field.name for field in _fields(record)}
    wanted = {columns[name] for name in names if name in columns}
    edits = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(record), object_id=str(record.pk)
    )
    for edit in edits.select_related("user").order_by("-pk")[:LOOKED_AT]:
        if not wanted or wanted & _edited(edit):
            return str(edit.user), edit.action_time
    return None


def _fields(record):
    return [*type(record)._meta.concrete_fields, *type(record)._meta.many_to_many]


def _edited(edit):
    """The columns that an edit changed; the back door's own entries name none."""
    said = json.loads(edit.change_message or "[]")
    return {name for one in said for name in one.get("changed", {}).get("fields", ())}


def _in_history(record, names):
    """The same from the record's own history; what this does not keep it does not tell."""
    for model in pghistory.core.event_models(tracks_model=type(record)):
        columns = {field.name: field.attname for field in model._meta.fields}
        kept = [place for name in names if (place := _place(name, columns))]
        if not kept:
            continue
        events: QuerySet[Any] = model._default_manager.filter(pgh_obj_id=record.pk)
        now = _at(kept, type(record)._base_manager.get(pk=record.pk))
        for event in events.select_related("pgh_context").order_by("-pgh_id")[:LOOKED_AT]:
            before = _at(kept, event)
            if before != now:
                return _who(event.pgh_context), event.pgh_created_at
            now = before
    return None


def _place(name, columns):
    """(column, key inside it or "") of a field as forms call it; None where the history does not keep it."""
    if name in columns:
        return columns[name], ""
    for prefix, column in INSIDE.items():
        if name.startswith(prefix) and column in columns:
            return column, name.removeprefix(prefix)
    return None


def _at(places, row):
    """The values at those places of a record or of an event; what is empty is as what is missing."""
    return [(getattr(row, column).get(key) or "") if key else getattr(row, column) for column, key in places]


def _who(context):
    user = (context.metadata or {}).get("user") if context else None
    found = get_user_model()._base_manager.filter(pk=user).first() if user else None
    return str(found) if found else ""


def _touched(records):
    """When one of the records was written last, where they say so."""
    times = [record.updated_at for record in records if getattr(record, "updated_at", None)]
    return max(times, default=None)
