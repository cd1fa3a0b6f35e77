"""Touches, notes and steps mark the days on which something was or is done; what stands already is counted by the next rounds."""

from django.db import migrations

SOURCES = {  # table: (column of its moment, condition, columns that a count reads)
    "leads_touch": ("at", "NOT automatic", "id, at, kind, track, actor_id, automatic"),
    "leads_note": ("at", "true", "id, at, by_id"),
    "pipeline_step": ("done_at", "done_at IS NOT NULL", "id, done_at, owner_id"),
}
CHANGED = (
    "((SELECT {columns} FROM old_rows EXCEPT SELECT {columns} FROM new_rows) "
    "UNION ALL (SELECT {columns} FROM new_rows EXCEPT SELECT {columns} FROM old_rows)) AS changed"
)
# Runs of neighbouring days become one mark.
RUNS = """    INSERT INTO reports_dirtykey (kind, low, high)
    SELECT 'day', min(day), max(day) FROM (
      SELECT day, day - row_number() OVER (ORDER BY day) AS run FROM (
        SELECT DISTINCT ({at} AT TIME ZONE house.zone)::date - DATE '0001-01-01' AS day
        FROM {rows}, accounts_organisation AS house WHERE {which}
      ) AS days
    ) AS runs GROUP BY run;"""
FUNCTION = """
CREATE FUNCTION reports_mark_days_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
{insert}
  ELSIF TG_OP = 'DELETE' THEN
{delete}
  ELSE
{update}
  END IF;
  RETURN NULL;
END $$;
"""
TRIGGERS = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}
AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high)
SELECT 'day', generate_series(min(day) / 10000, max(day) / 10000) * 10000, generate_series(min(day) / 10000, max(day) / 10000) * 10000 + 9999
FROM (
  SELECT (done.at AT TIME ZONE house.zone)::date - DATE '0001-01-01' AS day FROM (
    SELECT min(at) AS at FROM leads_touch UNION ALL SELECT max(at) FROM leads_touch
    UNION ALL SELECT min(at) FROM leads_note UNION ALL SELECT max(at) FROM leads_note
    UNION ALL SELECT min(done_at) FROM pipeline_step UNION ALL SELECT max(done_at) FROM pipeline_step
  ) AS done, accounts_organisation AS house
) AS days HAVING min(day) IS NOT NULL;
"""


def _function(table, at, which, columns):
    changed = CHANGED.format(columns=columns)
    runs = {"insert": "new_rows", "delete": "old_rows", "update": changed}
    return FUNCTION.format(
        table=table, **{event: RUNS.format(at=at, which=which, rows=rows) for event, rows in runs.items()}
    )


def _triggers(table):
    return "".join(
        f"CREATE TRIGGER reports_mark_days_{event} AFTER {event.upper()} ON {table} REFERENCING {rows} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_days_of_{table}();\n"
        for event, rows in TRIGGERS.items()
    )


def _removal(table):
    return "".join(f"DROP TRIGGER IF EXISTS reports_mark_days_{event} ON {table};\n" for event in TRIGGERS) + (
        f"DROP FUNCTION IF EXISTS reports_mark_days_of_{table}();\n"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0061_deeds"),
        ("leads", "0084_newest_notes"),
        ("pipeline", "0041_steps_done"),
    ]

    operations = [
        *(
            migrations.RunSQL(_function(table, *told) + _triggers(table), _removal(table))
            for table, told in SOURCES.items()
        ),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
