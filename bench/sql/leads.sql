-- People, their passes and dealings for the numbers %(low)s to %(high)s, as of %(at)s: five people to a company, five
-- touches a person, passes of eighteen months that went as far as their age allows. A row of filling is one pass;
-- `reach` counts its steps (1 new … 4 sql, 5 deal, 6 won or set aside again).
CREATE TEMPORARY TABLE filling ON COMMIT DROP AS
WITH drawn AS (
  SELECT n, hashint8(n)::bigint & 2147483647 AS h FROM generate_series(%(low)s::bigint, %(high)s::bigint) AS n
), dated AS (
  SELECT n, h, h %% 100 AS c, %(at)s::timestamptz - (h / 100 %% 540) * interval '1 day' - n %% 86400 * interval '1 second' AS at
  FROM drawn
), aged AS (
  SELECT *, extract(epoch FROM %(at)s::timestamptz - at) / 86400 AS age FROM dated
)
SELECT n, h, at, age, nextval('pipeline_contact_id_seq') AS contact_id, nextval('leads_lead_id_seq') AS lead_id,
  CASE WHEN c < 8 AND age > 62 THEN 'won' WHEN c < 16 AND age > 62 THEN 'lost'
       WHEN c < 24 AND age BETWEEN 21 AND 120 THEN 'deal' WHEN c < 40 AND age BETWEEN 4 AND 34 THEN 'sql'
       WHEN c < 44 AND age BETWEEN 3 AND 30 THEN 'ready' WHEN c BETWEEN 40 AND 59 AND age > 2 THEN 'mql'
       WHEN c BETWEEN 60 AND 69 AND age > 1 THEN 'disqualified' ELSE 'new' END AS fate,
  (ARRAY['seo', 'sem', 'email', 'exhibition', 'referral'])[h / 7 %% 5 + 1] AS channel,
  %(campaigns)s::bigint[] AS campaigns, (h / 11 %% 20 + 1)::int AS campaign, (%(reps)s::bigint[])[h / 13 %% 40 + 1] AS rep_id,
  (%(regions)s::bigint[])[h / 17 %% 3 + 1] AS region_id, (%(segments)s::bigint[])[h / 19 %% 3 + 1] AS segment_id,
  (ARRAY['A', 'B', 'B', 'C', 'C', 'C', 'D', 'D'])[h / 23 %% 8 + 1] AS grade,
  NULL::bigint AS company_id, NULL::bigint AS deal_id, 0 AS reach
FROM aged;
UPDATE filling SET reach = CASE fate WHEN 'won' THEN 6 WHEN 'lost' THEN 6 WHEN 'deal' THEN 5 WHEN 'sql' THEN 4
    WHEN 'ready' THEN 3 WHEN 'mql' THEN 2 WHEN 'disqualified' THEN 2 ELSE 1 END,
  deal_id = CASE WHEN fate IN ('won', 'lost', 'deal') THEN nextval('pipeline_deal_id_seq') END;
CREATE TEMPORARY TABLE firm ON COMMIT DROP AS
SELECT n / 5 AS k, min(n) AS n, nextval('pipeline_company_id_seq') AS id FROM filling GROUP BY n / 5;
UPDATE filling f SET company_id = firm.id FROM firm WHERE firm.k = f.n / 5;
ANALYZE filling;

INSERT INTO pipeline_company (id, name, key, domain, country, industry, employees, region_id, segment_id)
  SELECT firm.id, 'Firm ' || k || ' Ltd', 'firm ' || k, 'firm' || k || '.example', 'DE', 'machinery', 10 + f.h %% 2000,
    f.region_id, f.segment_id FROM firm JOIN filling f USING (n) ORDER BY firm.id;
INSERT INTO pipeline_contact (id, full_name, job_title, country, city, company_id, region_id)
  SELECT contact_id, pg_temp.bench_name(h), 'Buyer', 'DE', 'Ulm', company_id, region_id FROM filling ORDER BY contact_id;
INSERT INTO pipeline_identity (contact_id, kind, value)
  SELECT contact_id, 'email', 'p' || n || '@bench.example' FROM filling ORDER BY contact_id;
INSERT INTO leads_touch (contact_id, kind, at, channel, campaign_id, track, outbound)
  SELECT contact_id, v.kind, at + v.days * interval '1 day', channel, campaigns[(campaign + v.days) %% 20 + 1], v.track, v.outbound
  FROM filling CROSS JOIN (VALUES (0, 'form', 'marketing', false), (1, 'click', 'marketing', false), (3, 'call', 'sales', true),
    (9, 'visit', 'marketing', false), (15, 'event', 'marketing', false)) AS v (days, kind, track, outbound)
  WHERE v.days <= age ORDER BY contact_id, v.days;
