"""A win that was opened again was none: its pass has the day of the win in force, if there is one."""

from django.db import migrations

IN_FORCE = """
UPDATE leads_lead l SET won_at = CASE WHEN l.stage = 'won' THEN again.won END FROM (
  SELECT lead_id, (array_agg(at ORDER BY seq DESC) FILTER (WHERE to_stage = 'won'))[1] AS won
  FROM leads_stagechange WHERE lead_id IN (SELECT lead_id FROM leads_stagechange WHERE from_stage = 'won') GROUP BY lead_id
) AS again
WHERE l.id = again.lead_id AND l.won_at IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0070_lessons_end")]

    operations = [migrations.RunSQL(IN_FORCE, migrations.RunSQL.noop)]
