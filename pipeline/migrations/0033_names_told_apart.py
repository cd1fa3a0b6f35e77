"""Stages, reasons of outcomes and own fields of one name are told apart by a number, so that each name can stand once from now on."""

from django.db import migrations

# The one in use that was first keeps its name.
TELL_APART = """
UPDATE {table} t SET {named} = left(btrim({named}), 70) || ' #' || t.id
FROM (
    SELECT id, row_number() OVER (PARTITION BY {within}lower(btrim({named})) ORDER BY active DESC, id) AS nth
    FROM {table}
) s
WHERE s.id = t.id AND s.nth > 1
"""
STATEMENTS = [
    TELL_APART.format(table="pipeline_dealstage", named="name", within=''),
    TELL_APART.format(table="pipeline_outcomereason", named="name", within='outcome, '),
    TELL_APART.format(table="pipeline_customfield", named="name", within='"on", '),
]


class Migration(migrations.Migration):

    dependencies = [
        ("pipeline", "0032_history_of_own_fields"),
    ]

    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in STATEMENTS]
