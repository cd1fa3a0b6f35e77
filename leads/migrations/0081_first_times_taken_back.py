"""What the desk took back at once was no first time at a stage: passes of before forget the dates that it left."""

from django.db import migrations

STAGES = {"mql": "mql_at", "ready": "ready_at", "sql": "sql_at", "deal": "deal_at"}
UNDOING = "('Taken back at the desk', 'The return was taken back.')"
# The first step to a stage that was not taken back, of each pass in which the desk took one back.
FIRST = ", ".join(
    f"(array_agg(at ORDER BY seq) FILTER (WHERE to_stage = '{stage}' AND NOT undone))[1] AS {column}"
    for stage, column in STAGES.items()
)
# Emptied or moved on only where the date is that of a step taken back.
FORGET = f"""
UPDATE leads_lead l SET {
    ", ".join(
        f"{column} = CASE WHEN l.{column} = ANY(first.slips) THEN first.{column} ELSE l.{column} END"
        for column in STAGES.values()
    )
}
FROM (
  SELECT lead_id, array_agg(at) FILTER (WHERE undone) AS slips, {FIRST}
  FROM (
    SELECT lead_id, to_stage, at, seq,
      reason IN {UNDOING} OR coalesce(lead(reason) OVER chain IN {UNDOING}, false) AS undone
    FROM leads_stagechange WHERE lead_id IN (SELECT lead_id FROM leads_stagechange WHERE reason = 'Taken back at the desk')
    WINDOW chain AS (PARTITION BY lead_id ORDER BY seq)
  ) steps GROUP BY lead_id
) first
WHERE first.lead_id = l.id AND ({" OR ".join(f"l.{column} = ANY(first.slips)" for column in STAGES.values())})
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0080_numbers_of_our_country")]

    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]
