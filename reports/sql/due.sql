-- The keys to be worked out again, from the marks: due_lead, due_deal, due_customer (companies), due_campaign (0: spend
-- without one), due_day.
DROP TABLE IF EXISTS run, due_lead, due_deal, due_customer, due_campaign, due_day;

CREATE TEMPORARY TABLE run ON COMMIT DROP AS  -- campaigns whose team may have changed
SELECT c.id FROM mark JOIN pipeline_campaign c ON c.id BETWEEN low AND high WHERE mark.kind = 'run'
UNION
SELECT c.id FROM mark JOIN pipeline_campaign c ON c.owner_id BETWEEN low AND high WHERE mark.kind = 'rep';

CREATE TEMPORARY TABLE due_lead ON COMMIT DROP AS
SELECT generate_series(low, high) AS lead_id FROM mark WHERE kind = 'lead'
UNION
SELECT h.lead_id FROM mark JOIN leads_handoff h ON h.rep_id BETWEEN low AND high WHERE mark.kind = 'rep'
UNION
SELECT p.lead_id FROM mark JOIN reports_countedpass p ON p.owner BETWEEN low AND high WHERE mark.kind = 'rep'
UNION
SELECT p.lead_id FROM run JOIN reports_countedpass p ON p.campaign = run.id
UNION  -- their win counts by the day of the signature
SELECT l.id FROM mark JOIN pipeline_deal d ON d.id BETWEEN low AND high AND d.outcome = 'won' JOIN leads_lead l ON l.deal_id = d.id
WHERE mark.kind = 'deal'
UNION  -- those that stand in the segment of their company
SELECT l.id FROM mark JOIN pipeline_contact c ON c.company_id BETWEEN low AND high JOIN leads_lead l ON l.contact_id = c.id
WHERE mark.kind = 'company' AND l.segment_id IS NULL;

CREATE TEMPORARY TABLE due_deal ON COMMIT DROP AS
WITH RECURSIVE company (id) AS (  -- the marked ones, and all that are one with them by merging
  SELECT c.id FROM mark JOIN pipeline_company c ON c.id BETWEEN low AND high WHERE mark.kind = 'company'
  UNION
  SELECT other.id FROM company JOIN pipeline_company c ON c.id = company.id
  JOIN LATERAL (SELECT c.merged_into_id UNION ALL SELECT m.id FROM pipeline_company m WHERE m.merged_into_id = c.id)
    AS other (id) ON other.id IS NOT NULL
), contact (id) AS (
  SELECT c.id FROM mark JOIN pipeline_contact c ON c.id BETWEEN low AND high WHERE mark.kind = 'contact'
  UNION
  SELECT other.id FROM contact JOIN pipeline_contact c ON c.id = contact.id
  JOIN LATERAL (SELECT c.merged_into_id UNION ALL SELECT m.id FROM pipeline_contact m WHERE m.merged_into_id = c.id)
    AS other (id) ON other.id IS NOT NULL
), marked (deal_id) AS (
SELECT generate_series(low, high) FROM mark WHERE kind = 'deal'
UNION
SELECT d.id FROM company JOIN pipeline_deal d ON d.company_id = company.id
UNION
SELECT dc.deal_id FROM contact JOIN pipeline_dealcontact dc ON dc.contact_id = contact.id
UNION
SELECT l.deal_id FROM contact JOIN leads_lead l ON l.contact_id = contact.id WHERE l.deal_id IS NOT NULL
UNION
SELECT credit.deal_id FROM mark JOIN reports_credit credit ON credit.campaign_id BETWEEN low AND high
WHERE mark.kind = 'campaign'
UNION
SELECT d.deal_id FROM mark JOIN reports_counteddeal d ON d.owner BETWEEN low AND high WHERE mark.kind = 'rep'
UNION
SELECT d.deal_id FROM run JOIN reports_counteddeal d ON d.campaign = run.id
), whole (deal_id) AS (  -- and the deals that the cancellations among them cancel
SELECT deal_id FROM marked
UNION
SELECT c.cancels_id FROM marked JOIN pipeline_deal c ON c.id = marked.deal_id AND c.cancels_id IS NOT NULL
)
SELECT deal_id FROM whole
UNION  -- a deal and its cancellations are worked out together
SELECT c.id FROM whole JOIN pipeline_deal c ON c.cancels_id = whole.deal_id;

CREATE TEMPORARY TABLE due_customer ON COMMIT DROP AS
WITH RECURSIVE company (id) AS (  -- the marked ones and those of the deals, and all that are one with them by merging
  SELECT id FROM (
    SELECT d.company_id AS id FROM due_deal JOIN pipeline_deal d ON d.id = due_deal.deal_id WHERE d.company_id IS NOT NULL
    UNION SELECT generate_series(low, high) FROM mark WHERE kind IN ('company', 'customer')
  ) AS marked
  UNION
  SELECT other.id FROM company JOIN pipeline_company c ON c.id = company.id
  JOIN LATERAL (SELECT c.merged_into_id UNION ALL SELECT m.id FROM pipeline_company m WHERE m.merged_into_id = c.id)
    AS other (id) ON other.id IS NOT NULL
)
SELECT id AS company_id FROM company;

CREATE TEMPORARY TABLE due_campaign ON COMMIT DROP AS
SELECT DISTINCT generate_series(low, high) AS campaign FROM mark WHERE kind = 'spend';

CREATE TEMPORARY TABLE due_day ON COMMIT DROP AS
SELECT DISTINCT DATE '0001-01-01' + generate_series(low, high)::int AS day FROM mark WHERE kind = 'day';

ANALYZE due_lead; ANALYZE due_deal; ANALYZE due_customer; ANALYZE due_campaign; ANALYZE due_day;
