-- What the campaigns among due_campaign cost by month of service, and what the platforms report beside it: the temporary
-- table fresh_spend. A platform's revenue is in the currency of its spend and goes to report currency by the rate of its day, whether anything was spent or not.
DROP TABLE IF EXISTS fresh_spend;

CREATE TEMPORARY TABLE fresh_spend ON COMMIT DROP AS
SELECT s.campaign, s.month,
  coalesce(sum(s.base_amount) FILTER (WHERE s.kind = 'planned'), 0) AS planned,
  coalesce(sum(s.base_amount) FILTER (WHERE s.kind = 'committed'), 0) AS committed,
  coalesce(sum(s.base_amount) FILTER (WHERE s.kind = 'paid'), 0) AS paid,
  coalesce(sum(s.impressions), 0)::bigint AS impressions,
  coalesce(sum(s.clicks), 0)::bigint AS clicks,
  coalesce(sum(s.reported_leads), 0) AS reported_leads,
  coalesce(sum(s.reported_orders), 0) AS reported_orders,
  coalesce(sum(round(s.reported_revenue * CASE WHEN s.reported_revenue IS NULL OR s.currency = house.currency THEN 1 ELSE coalesce(
    (SELECT r.rate FROM pipeline_exchangerate r WHERE r.currency = s.currency AND r."on" <= s."on" ORDER BY r."on" DESC LIMIT 1),
    (SELECT r.rate FROM pipeline_exchangerate r WHERE r.currency = s.currency ORDER BY r."on" LIMIT 1)) END, 4)), 0) AS reported_revenue,
  coalesce(sum(s.base_amount) FILTER (WHERE s.kind <> 'planned' AND s.reported_revenue IS NOT NULL), 0) AS reported_spend
FROM (
  SELECT due_campaign.campaign, spend.* FROM due_campaign JOIN pipeline_spend spend ON spend.campaign_id = due_campaign.campaign
  UNION ALL
  SELECT 0, spend.* FROM pipeline_spend spend
  WHERE spend.campaign_id IS NULL AND EXISTS (SELECT 1 FROM due_campaign WHERE campaign = 0)
) AS s LEFT JOIN (SELECT currency FROM accounts_organisation LIMIT 1) AS house ON true
GROUP BY s.campaign, s.month;
