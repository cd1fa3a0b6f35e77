"""Questions and return reasons of one name are told apart by a number, so that each name can stand once from now on."""

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
    TELL_APART.format(table="leads_question", named="text", within=''),
    TELL_APART.format(table="leads_returnreason", named="name", within=''),
]


class Migration(migrations.Migration):

    dependencies = [
        ("leads", "0064_came_with_an_import"),
    ]

    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in STATEMENTS]
