"""What is counted already stands in its places; credits follow their deals there as the deals are counted again."""

from django.db import migrations

EARNED = "outcome IN ('won', 'cancelled')"
DATED = "(inferred = '' OR NOT string_to_array(inferred, ',') && '{new,sql,new_sql}')"
FILL = f"""
INSERT INTO reports_campaignplace (month, campaign, segment, region, leads, mqls, sqls, answered, accepted, sql_days, dated,
  opened, opened_amount, won, won_amount, margin, uncosted)
SELECT month, campaign, segment, region, sum(leads), sum(mqls), sum(sqls), sum(answered), sum(accepted), sum(sql_days), sum(dated),
  sum(opened), sum(opened_amount), sum(won), sum(won_amount), sum(margin), sum(uncosted)
FROM (
  SELECT date_trunc('month', day::timestamp)::date AS month, campaign, segment, region, leads, mqls, sqls,
    CASE WHEN offered THEN (answer <> '')::int ELSE 0 END AS answered, CASE WHEN offered THEN (answer = 'accepted')::int ELSE 0 END AS accepted,
    CASE WHEN sqls = 1 AND {DATED} THEN greatest(sql_on - captured_on, 0) ELSE 0 END AS sql_days,
    CASE WHEN sqls = 1 THEN {DATED}::int ELSE 0 END AS dated,
    0 AS opened, 0 AS opened_amount, 0 AS won, 0 AS won_amount, 0 AS margin, 0 AS uncosted
  FROM reports_countedpass CROSS JOIN LATERAL (VALUES
    (captured_on, 1, 0, 0, false), (mql_on, 0, 1, 0, false), (sql_on, 0, 0, 1, false), (offered_on, 0, 0, 0, true)
  ) AS told (day, leads, mqls, sqls, offered) WHERE day IS NOT NULL
  UNION ALL
  SELECT date_trunc('month', opened_on::timestamp)::date, campaign, segment, region, 0, 0, 0, 0, 0, 0, 0, 1, coalesce(opening, 0), 0, 0, 0, 0
  FROM reports_counteddeal WHERE opened_on IS NOT NULL
  UNION ALL
  SELECT date_trunc('month', closed_on::timestamp)::date, campaign, segment, region, 0, 0, 0, 0, 0, 0, 0, 0, 0, (outcome = 'won')::int,
    CASE WHEN {EARNED} THEN coalesce(amount, 0) ELSE 0 END, CASE WHEN {EARNED} THEN coalesce(margin, 0) ELSE 0 END,
    ({EARNED} AND margin IS NULL)::int
  FROM reports_counteddeal WHERE closed_on IS NOT NULL
) AS events GROUP BY month, campaign, segment, region;
INSERT INTO reports_creditplace (model, month, campaign, segment, region, renewal, deals, unpriced, uncosted, revenue, margin)
SELECT model, month, coalesce(campaign_id, 0), 0, 0, renewal, coalesce(sum(share) FILTER (WHERE NOT cancelled), 0),
  coalesce(sum(share) FILTER (WHERE amount IS NULL), 0),
  coalesce(sum(share) FILTER (WHERE amount IS NOT NULL AND margin IS NULL), 0), coalesce(sum(amount), 0), coalesce(sum(margin), 0)
FROM reports_credit WHERE NOT open GROUP BY model, month, coalesce(campaign_id, 0), renewal;
INSERT INTO reports_dirtykey (kind, low, high)
SELECT DISTINCT 'deal', deal_id / 10000 * 10000, deal_id / 10000 * 10000 + 9999 FROM reports_counteddeal WHERE segment <> 0 OR region <> 0;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0069_places")]

    operations = [
        migrations.RunSQL(FILL, "DELETE FROM reports_campaignplace; DELETE FROM reports_creditplace")
    ]
