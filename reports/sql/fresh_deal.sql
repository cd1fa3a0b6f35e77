-- One row for each deal among due_deal, as it stands in the source now: the temporary table fresh_deal.
DROP TABLE IF EXISTS fresh_deal;

CREATE TEMPORARY TABLE fresh_deal ON COMMIT DROP AS
WITH pass AS (  -- the first pass that led to the deal
  SELECT DISTINCT ON (l.deal_id) l.deal_id, l.channel, l.campaign_id, l.segment_id, l.region_id
  FROM due_deal JOIN leads_lead l ON l.deal_id = due_deal.deal_id
  WHERE l.merged_into_id IS NULL
  ORDER BY l.deal_id, l.id
), opening AS (  -- what the amount was at the opening: as written down then, else before its first change
  SELECT DISTINCT ON (c.deal_id) c.deal_id,
    CASE WHEN c.before = '' AND c.at <= d.opened_at THEN c.after ELSE c.before END AS amount
  FROM due_deal JOIN pipeline_deal d ON d.id = due_deal.deal_id
  JOIN pipeline_dealchange c ON c.deal_id = d.id
  WHERE c.field = 'amount'
  ORDER BY c.deal_id, c.id
), slip AS (
  SELECT c.deal_id, count(*) AS slips
  FROM due_deal JOIN pipeline_dealchange c ON c.deal_id = due_deal.deal_id
  WHERE c.field = 'expected_close' AND c.before <> '' AND c.after > c.before
  GROUP BY c.deal_id
)
SELECT d.id AS deal_id, coalesce(pass.channel, '')::varchar AS channel,
  coalesce(company.segment_id, pass.segment_id, 0) AS segment,
  coalesce(company.region_id, pass.region_id, 0) AS region,
  coalesce(pass.campaign_id, 0) AS campaign, coalesce(d.owner_id, 0) AS owner, d.kind, d.outcome,
  (d.opened_at AT TIME ZONE zone)::date AS opened_on,
  CASE WHEN d.outcome = 'won' THEN d.signed_on ELSE (d.closed_at AT TIME ZONE zone)::date END AS closed_on,
  d.base_amount AS amount,
  CASE WHEN opening.deal_id IS NULL THEN d.base_amount
       WHEN opening.amount ~ '^-?[0-9]{1,14}([.][0-9]+)?$'
         THEN round(opening.amount::numeric * coalesce(d.base_amount / nullif(d.amount, 0), 1), 4)
  END AS opening,
  d.base_amount - d.cost AS margin,
  d.outcome = 'open' AND NOT EXISTS (
    SELECT 1 FROM pipeline_step s WHERE s.deal_id = d.id AND s.done_at IS NULL
  ) AS stepless,
  coalesce(slip.slips, 0)::smallint AS slips,
  CASE d.outcome WHEN 'won' THEN 'closed' WHEN 'lost' THEN 'omitted'
       ELSE coalesce(nullif(d.category, ''), stage.category) END::varchar AS category,
  stage.probability AS chance, d.expected_close AS due_on
FROM due_deal JOIN pipeline_deal d ON d.id = due_deal.deal_id
JOIN pipeline_dealstage stage ON stage.id = d.stage_id
CROSS JOIN accounts_organisation
LEFT JOIN pipeline_company company ON company.id = d.company_id
LEFT JOIN pass ON pass.deal_id = d.id
LEFT JOIN opening ON opening.deal_id = d.id
LEFT JOIN slip ON slip.deal_id = d.id;
