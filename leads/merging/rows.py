"""What hangs on a contact or company: moved to the survivor as a set, and back."""

from django.apps import apps
from django.db import connection
from django.db.models.sql import Query

MOVE = """
UPDATE {table} t SET {column} = %(to)s
WHERE t.{column} = %(since)s {ids} {free} RETURNING t.id
"""


def hanging(model, besides=()):
    """[(model, field)] of the rows that move with a record: every foreign key to it, except journals and `besides`.

    Journals and the history of changes stay with whom they were written for.
    """
    found = []
    for relation in model._meta.related_objects:
        field = relation.field
        named = f"{relation.related_model._meta.label}.{field.name}"
        journal = getattr(relation.related_model, "journal", False) or hasattr(
            relation.related_model, "pgh_id"
        )
        if not (field.many_to_many or journal or field.name == "merged_into" or named in besides):
            found.append((relation.related_model, field))
    return found


def move(cursor, model, since, to, besides=()):
    """Hang everything of `since` on `to`, where no unique key is in the way. Returns {"app.Model.field": [ids]}."""
    moved = {}
    for other, field in hanging(model, besides):
        ids = _move(cursor, other, field, since, to)
        if ids:
            moved[f"{other._meta.label}.{field.name}"] = ids
    return moved


def move_back(cursor, rows, since, to):
    """Hang the rows that a merge moved on their own record again, as far as they still hang on the survivor."""
    for named, ids in rows.items():
        label, _, name = named.rpartition(".")
        model = apps.get_model(label)
        _move(cursor, model, model._meta.get_field(name), since, to, ids)


def _move(cursor, model, field, since, to, ids=None):
    cursor.execute(
        MOVE.format(
            table=f'"{model._meta.db_table}"',
            column=field.column,
            ids="" if ids is None else "AND t.id = ANY(%(ids)s)",
            free=_free(cursor, model, field),
        ),
        {"since": since, "to": to, "ids": ids},
    )
    return sorted(row[0] for row in cursor.fetchall())


def _free(cursor, model, field):
    """Conditions that leave alone a row whose like the other record has already, by each unique key on its own condition."""
    conditions = []
    for constraint in model._meta.constraints:
        names = getattr(constraint, "fields", ())
        if field.name not in names:
            continue
        others = [model._meta.get_field(name).column for name in names if name != field.name]
        same = "".join(f" AND o.{other} = t.{other}" for other in others)
        holds = _condition(cursor, model, constraint)
        like = f'SELECT FROM "{model._meta.db_table}" o WHERE o.{field.column} = %(to)s{same} AND {holds}'
        conditions.append(f"AND NOT ({holds} AND EXISTS ({like}))")
    return " ".join(conditions)


def _condition(cursor, model, constraint):
    """Of which rows a unique key speaks, in SQL: its names are those of the nearest table."""
    asked = getattr(constraint, "condition", None)
    if asked is None or not hasattr(constraint, "fields"):
        return "TRUE"
    query = Query(model, alias_cols=False)
    sql, params = query.build_where(asked).as_sql(query.get_compiler(connection=connection), connection)
    return f"({cursor.mogrify(sql, params).decode().replace('%', '%%')})"
