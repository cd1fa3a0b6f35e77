"""What a platform reports beside its spend is counted too: a change of it marks the campaign."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION reports_mark_pipeline_spend() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    {run}(SELECT 'spend'::varchar AS kind, coalesce(campaign_id, 0)::bigint AS key FROM new_rows){end}
  ELSIF TG_OP = 'DELETE' THEN
    {run}(SELECT 'spend'::varchar AS kind, coalesce(campaign_id, 0)::bigint AS key FROM old_rows){end}
  ELSE
    {run}(SELECT 'spend'::varchar AS kind, coalesce(campaign_id, 0)::bigint AS key FROM (
      (SELECT campaign_id, {watched} FROM old_rows EXCEPT SELECT campaign_id, {watched} FROM new_rows)
      UNION ALL
      (SELECT campaign_id, {watched} FROM new_rows EXCEPT SELECT campaign_id, {watched} FROM old_rows)
    ) AS changed){end}
  END IF;
  RETURN NULL;
END $$;
"""
RUN = """INSERT INTO reports_dirtykey (kind, low, high)
    SELECT kind, min(key), max(key) FROM (
      SELECT kind, key, key - row_number() OVER (PARTITION BY kind ORDER BY key) AS run
      FROM (SELECT DISTINCT kind, key FROM """
END = """ AS keys) AS once
    ) AS runs GROUP BY kind, run, key / 10000;"""
BEFORE = "kind, month, base_amount"
NOW = f"{BEFORE}, amount, impressions, clicks, reported_leads, reported_orders, reported_revenue"
AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high) SELECT DISTINCT 'spend', campaign, campaign FROM reports_campaignmonth;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_platform_figures")]

    operations = [
        migrations.RunSQL(
            FUNCTION.format(run=RUN, end=END, watched=NOW), FUNCTION.format(run=RUN, end=END, watched=BEFORE)
        ),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
