-- One row for each year of a customer among due_customer in which another purchase was to be hoped for, as the source
-- has it now: the temporary table fresh_customer. Year 0 holds the month of the first purchase, year 1 the twelve months
-- after it; a row of year n stands where there was a purchase in year n - 1.
DROP TABLE IF EXISTS fresh_customer;

CREATE TEMPORARY TABLE fresh_customer ON COMMIT DROP AS
WITH RECURSIVE kin (customer, company_id) AS (  -- each survivor with all that were merged into it
  SELECT c.id, c.id FROM due_customer JOIN pipeline_company c ON c.id = due_customer.company_id
  WHERE c.merged_into_id IS NULL
  UNION
  SELECT kin.customer, c.id FROM kin JOIN pipeline_company c ON c.merged_into_id = kin.company_id
), won AS (
  SELECT kin.customer, d.id, date_trunc('month', d.signed_on)::date AS month, d.base_amount AS amount,
    d.base_amount - d.cost AS margin, true AS bought
  FROM kin JOIN pipeline_deal d ON d.company_id = kin.company_id AND d.outcome = 'won' AND d.signed_on IS NOT NULL
  UNION ALL  -- what was cancelled, off the year of its purchase, which stays one
  SELECT kin.customer, d.id, date_trunc('month', d.signed_on)::date, c.base_amount, c.base_amount - c.cost, false
  FROM kin JOIN pipeline_deal d ON d.company_id = kin.company_id JOIN pipeline_deal c ON c.cancels_id = d.id
), placed AS (  -- where its own company has no place, the first pass that led to a deal of it tells
  SELECT w.customer, min(w.month) FILTER (WHERE w.bought) AS first,
    (array_agg(l.segment_id ORDER BY l.id) FILTER (WHERE l.segment_id IS NOT NULL))[1] AS segment,
    (array_agg(l.region_id ORDER BY l.id) FILTER (WHERE l.region_id IS NOT NULL))[1] AS region
  FROM won w LEFT JOIN leads_lead l ON l.deal_id = w.id AND l.merged_into_id IS NULL
  GROUP BY w.customer
), year AS (
  SELECT customer, y.year, bool_or(bought) AS bought, count(*) FILTER (WHERE bought)::int AS deals,
    count(*) FILTER (WHERE bought AND margin IS NULL)::int AS uncosted, coalesce(sum(amount), 0) AS revenue,
    coalesce(sum(margin), 0) AS margin
  FROM won JOIN placed USING (customer)
  CROSS JOIN LATERAL (
    SELECT ceil(extract(year FROM age(won.month, placed.first)) + extract(month FROM age(won.month, placed.first)) / 12)::int AS year
  ) AS y
  WHERE placed.first IS NOT NULL
  GROUP BY customer, y.year
)
SELECT before.customer AS company_id, (before.year + 1)::smallint AS year,
  coalesce(c.segment_id, placed.segment, 0) AS segment, coalesce(c.region_id, placed.region, 0) AS region,
  (placed.first + make_interval(years => before.year))::date AS since,
  (placed.first + make_interval(years => before.year + 1, months => 1))::date AS due_on,
  coalesce(year.bought, false) AS kept, coalesce(year.deals, 0) AS deals, coalesce(year.uncosted, 0) AS uncosted,
  coalesce(year.revenue, 0)::numeric(22, 4) AS revenue, coalesce(year.margin, 0)::numeric(22, 4) AS margin
FROM year AS before
JOIN placed USING (customer)
JOIN pipeline_company c ON c.id = before.customer
LEFT JOIN year ON year.customer = before.customer AND year.year = before.year + 1
WHERE before.bought AND before.year >= 0;
