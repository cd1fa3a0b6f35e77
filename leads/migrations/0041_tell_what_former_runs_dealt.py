from django.db import migrations

# Former runs kept the free candidates and not whom each lead could have gone to: among all of them, as far as is known.
DEALT = """
UPDATE leads_assignmentrun r SET dealt = told.dealt
FROM (
  SELECT g.run_id, jsonb_agg(jsonb_build_array(free.who, g.grade, g.count) ORDER BY g.grade) AS dealt
  FROM (SELECT run_id, grade, count(*) AS count FROM leads_handoff WHERE run_id IS NOT NULL GROUP BY run_id, grade) g
  JOIN (
    SELECT r.id, jsonb_agg(c -> 'rep') AS who FROM leads_assignmentrun r CROSS JOIN LATERAL jsonb_array_elements(r.candidates) c
    WHERE c ->> 'hindrance' = '' GROUP BY r.id
  ) free ON free.id = g.run_id
  GROUP BY g.run_id
) told
WHERE told.run_id = r.id
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0040_what_runs_dealt")]

    operations = [migrations.RunSQL(DEALT, migrations.RunSQL.noop)]
