-- One row for each deal among due_deal, as it stands in the source now: the temporary table fresh_deal.
DROP TABLE IF EXISTS fresh_deal;

CREATE TEMPORARY TABLE fresh_deal ON COMMIT DROP AS
WITH RECURSIVE pass AS (  -- the first pass that led to the deal
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
), ended AS (  -- the stage in which it was lost
  SELECT DISTINCT ON (c.deal_id) c.deal_id, s.id AS stage
  FROM due_deal JOIN pipeline_deal d ON d.id = due_deal.deal_id AND d.outcome = 'lost'
  JOIN pipeline_dealchange c ON c.deal_id = d.id AND c.field = 'stage'
  JOIN pipeline_dealstage gone ON gone.id = d.stage_id AND gone.code = c.after
  JOIN pipeline_dealstage s ON s.code = c.before
  ORDER BY c.deal_id, c.id DESC
), slip AS (
  SELECT c.deal_id, count(*) AS slips
  FROM due_deal JOIN pipeline_dealchange c ON c.deal_id = due_deal.deal_id
  WHERE c.field = 'expected_close' AND c.before <> '' AND c.after > c.before
  GROUP BY c.deal_id
), house (deal_id, company_id, merged_into_id) AS (  -- from the company of a win up to the one that it was merged into
  SELECT d.id, c.id, c.merged_into_id FROM due_deal JOIN pipeline_deal d ON d.id = due_deal.deal_id
  JOIN pipeline_company c ON c.id = d.company_id WHERE d.outcome = 'won'
  UNION
  SELECT house.deal_id, c.id, c.merged_into_id FROM house JOIN pipeline_company c ON c.id = house.merged_into_id
), kin (deal_id, company_id) AS (  -- and down to all that were merged into that one
  SELECT deal_id, company_id FROM house WHERE merged_into_id IS NULL
  UNION
  SELECT kin.deal_id, c.id FROM kin JOIN pipeline_company c ON c.merged_into_id = kin.company_id
), later AS (  -- wins of whoever had won before
  SELECT DISTINCT kin.deal_id FROM kin JOIN pipeline_deal d ON d.id = kin.deal_id
  JOIN pipeline_deal p ON p.company_id = kin.company_id AND p.outcome = 'won' AND (p.signed_on, p.id) < (d.signed_on, d.id)
), named AS (  -- the people of a deal
  SELECT dc.deal_id, dc.contact_id FROM due_deal JOIN pipeline_dealcontact dc ON dc.deal_id = due_deal.deal_id
  UNION
  SELECT l.deal_id, l.contact_id FROM due_deal JOIN leads_lead l ON l.deal_id = due_deal.deal_id
), person (deal_id, contact_id, merged_into_id) AS (  -- from the few of them that were merged up to those that they are now
  SELECT named.deal_id, c.id, c.merged_into_id FROM named
  JOIN pipeline_contact c ON c.id = named.contact_id AND c.merged_into_id IS NOT NULL
  UNION
  SELECT person.deal_id, c.id, c.merged_into_id FROM person JOIN pipeline_contact c ON c.id = person.merged_into_id
), people (deal_id, contact_id) AS (
  SELECT deal_id, contact_id FROM (SELECT * FROM named UNION ALL SELECT deal_id, contact_id FROM person) AS known
  UNION
  SELECT people.deal_id, c.id FROM people JOIN pipeline_contact c ON c.merged_into_id = people.contact_id
), touched AS (
  SELECT DISTINCT people.deal_id FROM people JOIN pipeline_deal d ON d.id = people.deal_id
  JOIN leads_touch t ON t.contact_id = people.contact_id AND t.at <= d.opened_at AND t.at >= d.opened_at - interval '180 days'
  JOIN pipeline_campaign c ON c.id = t.campaign_id AND c.track = 'marketing'
)
SELECT d.id AS deal_id, coalesce(pass.channel, '')::varchar AS channel,
  coalesce(company.segment_id, pass.segment_id, 0) AS segment,
  coalesce(company.region_id, pass.region_id, 0) AS region,
  coalesce(pass.campaign_id, 0) AS campaign, coalesce(d.owner_id, 0) AS owner,
  coalesce(holder.team_id, 0) AS team, coalesce(runner.team_id, 0) AS crew, d.kind, d.outcome::varchar,
  (d.opened_at AT TIME ZONE organisation.zone)::date AS opened_on,
  CASE WHEN d.outcome = 'won' THEN d.signed_on ELSE (d.closed_at AT TIME ZONE organisation.zone)::date END AS closed_on,
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
  stage.probability AS chance, d.expected_close AS due_on,
  d.outcome = 'won' AND d.company_id IS NOT NULL AND later.deal_id IS NULL AS first_win,
  touched.deal_id IS NOT NULL AS influenced,
  CASE WHEN campaign.track = 'marketing' THEN 'marketing'
       WHEN campaign.track = 'sales' OR pass.channel IN ('sales_own', 'cold_call', 'tender') THEN 'sales'
       WHEN pass.channel IN ('dealer', 'referral', 'partner_swap') THEN 'partner' ELSE 'other' END::varchar AS source,
  CASE WHEN d.outcome = 'lost' THEN coalesce(d.outcome_reason_id, 0) ELSE 0 END AS reason, coalesce(ended.stage, 0) AS lost_at,
  CASE WHEN d.outcome = 'lost' THEN d.rival ELSE '' END::varchar AS rival
FROM due_deal JOIN pipeline_deal d ON d.id = due_deal.deal_id
JOIN pipeline_dealstage stage ON stage.id = d.stage_id
CROSS JOIN accounts_organisation AS organisation
LEFT JOIN pipeline_company company ON company.id = d.company_id
LEFT JOIN pass ON pass.deal_id = d.id
LEFT JOIN accounts_user holder ON holder.id = d.owner_id
LEFT JOIN pipeline_campaign campaign ON campaign.id = pass.campaign_id
LEFT JOIN accounts_user runner ON runner.id = campaign.owner_id
LEFT JOIN opening ON opening.deal_id = d.id
LEFT JOIN slip ON slip.deal_id = d.id
LEFT JOIN ended ON ended.deal_id = d.id
LEFT JOIN later ON later.deal_id = d.id
LEFT JOIN touched ON touched.deal_id = d.id
LEFT JOIN pipeline_outcomereason reason ON reason.id = d.outcome_reason_id
WHERE d.cancels_id IS NULL
  AND NOT (d.outcome = 'lost' AND coalesce(reason.code, '') = 'renewal_taken_back');  -- never was one

-- What was cancelled stands where its deal stands, on its own day.
INSERT INTO fresh_deal
SELECT c.id, d.channel, d.segment, d.region, d.campaign, d.owner, d.team, d.crew, d.kind, 'cancelled', NULL, c.signed_on,
  c.base_amount, NULL, c.base_amount - c.cost, false, 0, 'closed', d.chance, NULL, false, false, '', 0, 0, ''
FROM fresh_deal d JOIN pipeline_deal c ON c.cancels_id = d.deal_id;
