-- What the campaigns among due_campaign cost by month of service: the temporary table fresh_spend.
DROP TABLE IF EXISTS fresh_spend;

CREATE TEMPORARY TABLE fresh_spend ON COMMIT DROP AS
SELECT due_campaign.campaign, s.month,
  coalesce(sum(s.base_amount) FILTER (WHERE s.kind = 'planned'), 0) AS planned,
  coalesce(sum(s.base_amount) FILTER (WHERE s.kind = 'committed'), 0) AS committed,
  coalesce(sum(s.base_amount) FILTER (WHERE s.kind = 'paid'), 0) AS paid
FROM due_campaign JOIN pipeline_spend s ON s.campaign_id = due_campaign.campaign
GROUP BY due_campaign.campaign, s.month
UNION ALL
SELECT 0, s.month,
  coalesce(sum(s.base_amount) FILTER (WHERE s.kind = 'planned'), 0),
  coalesce(sum(s.base_amount) FILTER (WHERE s.kind = 'committed'), 0),
  coalesce(sum(s.base_amount) FILTER (WHERE s.kind = 'paid'), 0)
FROM pipeline_spend s WHERE s.campaign_id IS NULL AND EXISTS (SELECT 1 FROM due_campaign WHERE campaign = 0)
GROUP BY s.month;
