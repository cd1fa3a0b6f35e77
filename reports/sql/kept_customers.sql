-- A row: a group of customers of a programme's segment and region (null: of any), with the margin of their expansions and
-- renewals in its months. reached: a touch of the programme was theirs by the end of them; others: none was; before: all
-- of them in the same months a year before. A customer is a company, with all that were merged into it, that had won
-- before the months began; what was cancelled counts on its own day.
WITH RECURSIVE sold AS (
  SELECT coalesce(d.company_id, whole.company_id) AS company_id, counted.kind, counted.outcome, counted.closed_on, counted.margin
  FROM reports_counteddeal counted JOIN pipeline_deal d ON d.id = counted.deal_id
  LEFT JOIN pipeline_deal whole ON whole.id = d.cancels_id
  WHERE counted.outcome IN ('won', 'cancelled') AND counted.closed_on IS NOT NULL AND counted.closed_on < %(until)s
), touched AS (
  SELECT DISTINCT p.company_id FROM leads_touch t JOIN pipeline_contact p ON p.id = t.contact_id
  WHERE t.campaign_id = ANY(%(campaigns)s) AND t.at < %(until_at)s
), house (id, top, merged_into_id) AS (  -- from the companies of both, which are few, up to those that they were merged into
  SELECT c.id, c.id, c.merged_into_id FROM pipeline_company c
  WHERE c.id IN (SELECT company_id FROM sold UNION SELECT company_id FROM touched)
  UNION ALL
  SELECT house.id, c.id, c.merged_into_id FROM house JOIN pipeline_company c ON c.id = house.merged_into_id
), root AS (
  SELECT house.id, c.id AS top FROM house JOIN pipeline_company c ON c.id = house.top
  WHERE house.merged_into_id IS NULL AND (%(segment)s::bigint IS NULL OR c.segment_id = %(segment)s)
    AND (%(regions)s::bigint[] IS NULL OR c.region_id = ANY(%(regions)s))
), deal AS (
  SELECT root.top AS company, sold.kind, sold.outcome, sold.closed_on, sold.margin FROM sold JOIN root ON root.id = sold.company_id
), customer AS (
  SELECT company, min(closed_on) FILTER (WHERE outcome = 'won') AS since FROM deal GROUP BY company
), reached AS (
  SELECT DISTINCT root.top AS company FROM touched JOIN root ON root.id = touched.company_id
), told AS (
  SELECT CASE WHEN reached.company IS NULL THEN 'others' ELSE 'reached' END AS side, customer.company, %(first)s::date AS since, %(until)s::date AS until
  FROM customer LEFT JOIN reached USING (company) WHERE customer.since < %(first)s
  UNION ALL
  SELECT 'before', company, %(before_first)s::date, %(before_until)s::date FROM customer WHERE customer.since < %(before_first)s
), summed AS (
  SELECT told.side, told.company, coalesce(sum(deal.margin), 0) AS margin, count(*) FILTER (WHERE deal.outcome = 'won') > 0 AS kept,
    count(*) FILTER (WHERE deal.outcome IS NOT NULL AND deal.margin IS NULL) AS uncosted
  FROM told LEFT JOIN deal ON deal.company = told.company AND deal.kind <> 'new' AND deal.closed_on >= told.since AND deal.closed_on < told.until
  GROUP BY told.side, told.company
)
SELECT side, count(*) AS customers, count(*) FILTER (WHERE kept) AS kept, sum(margin) AS margin, sum(margin * margin) AS squares,
  sum(uncosted) AS uncosted
FROM summed GROUP BY side
