"""Imports of which something stayed were called undone like all others, and knew what stays by its sentence alone."""

from django.db import migrations

PARTLY = """
UPDATE leads_importrun SET
  state = CASE WHEN (counts ->> 'kept_count')::int > 0 THEN 'partly' ELSE state END,
  counts = counts || jsonb_build_object('kept', (
    SELECT coalesce(jsonb_agg(jsonb_build_object('table', '', 'id', 0, 'name', said, 'because', 'said') ORDER BY no), '[]')
    FROM jsonb_array_elements_text(counts -> 'kept') WITH ORDINALITY one (said, no)))
WHERE state = 'undone' AND jsonb_typeof(counts -> 'kept') = 'array'
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0073_undone_but_for")]

    operations = [migrations.RunSQL(PARTLY, migrations.RunSQL.noop)]
