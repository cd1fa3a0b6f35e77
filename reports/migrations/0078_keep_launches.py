"""The database keeps the plan of a campaign when it first runs; of those that ran before, what their history tells."""

from django.db import migrations

from engine.journals import ProtectJournal

PLAN = (
    "channel", "segment_id", "region_id", "starts_on", "ends_on", "budget", "currency", "expected_leads", "expected_mqls",
    "expected_sqls", "expected_pipeline", "expected_revenue",
)  # fmt: skip
LISTED = ", ".join(PLAN)
# The triggers come after those of the history, by their names: what launches a campaign is no change since.
KEEP = f"""
CREATE FUNCTION reports_keep_launch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO reports_launchplan (campaign_id, launched_at, launched_by_id, {LISTED}, months, history, from_history)
  SELECT NEW.id, clock_timestamp(), (nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user')::bigint,
    {", ".join(f"NEW.{name}" for name in PLAN)},
    (SELECT coalesce(jsonb_object_agg(to_char(month, 'YYYY-MM'), amount::text), '{{}}') FROM (
      SELECT month, sum(base_amount) AS amount FROM pipeline_spend WHERE campaign_id = NEW.id AND kind = 'planned' GROUP BY month
    ) AS planned),
    coalesce((SELECT max(pgh_id) FROM pipeline_campaignevent WHERE pgh_obj_id = NEW.id), 0), false
  ON CONFLICT (campaign_id) DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER reports_keep_launch_insert AFTER INSERT ON pipeline_campaign
  FOR EACH ROW WHEN (NEW.status IN ('active', 'done')) EXECUTE FUNCTION reports_keep_launch();
CREATE TRIGGER reports_keep_launch_update AFTER UPDATE OF status ON pipeline_campaign
  FOR EACH ROW WHEN (NEW.status IN ('active', 'done') AND OLD.status NOT IN ('active', 'done')) EXECUTE FUNCTION reports_keep_launch();
"""
FORGET = """
DROP TRIGGER reports_keep_launch_insert ON pipeline_campaign;
DROP TRIGGER reports_keep_launch_update ON pipeline_campaign;
DROP FUNCTION reports_keep_launch();
"""
# A row: a campaign as it first stood while it ran or was done. History holds what stood before each change.
KNOWN = f"""
WITH state AS (
  SELECT pgh_obj_id AS id, pgh_id AS number, lag(pgh_created_at) OVER w AS since,
    lag(pgh_id) OVER w AS history, status, {LISTED}
  FROM pipeline_campaignevent WHERE pgh_label = 'update' WINDOW w AS (PARTITION BY pgh_obj_id ORDER BY pgh_id)
  UNION ALL
  SELECT id, 9223372036854775807, (SELECT max(pgh_created_at) FROM pipeline_campaignevent e WHERE e.pgh_obj_id = c.id AND pgh_label = 'update'),
    (SELECT max(pgh_id) FROM pipeline_campaignevent e WHERE e.pgh_obj_id = c.id AND pgh_label = 'update'), status, {LISTED}
  FROM pipeline_campaign c
)
INSERT INTO reports_launchplan (campaign_id, launched_at, {LISTED}, history, from_history)
SELECT DISTINCT ON (state.id) state.id, coalesce(state.since, c.created_at), {", ".join(f"state.{name}" for name in PLAN)},
  coalesce(state.history, 0), true
FROM state JOIN pipeline_campaign c ON c.id = state.id WHERE state.status IN ('active', 'done') ORDER BY state.id, state.number
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0077_launch_plans"), ("pipeline", "0051_plan_of_every_step")]

    operations = [
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, FORGET),
        ProtectJournal("reports_launchplan"),
    ]
