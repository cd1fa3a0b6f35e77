-- Every key that there is in the source, as due.sql tells those that are marked: due_lead, due_deal, due_customer
-- (companies), due_campaign (0: spend without one).
DROP TABLE IF EXISTS due_lead, due_deal, due_customer, due_campaign;

CREATE TEMPORARY TABLE due_lead ON COMMIT DROP AS SELECT id AS lead_id FROM leads_lead;
CREATE TEMPORARY TABLE due_deal ON COMMIT DROP AS SELECT id AS deal_id FROM pipeline_deal;
CREATE TEMPORARY TABLE due_customer ON COMMIT DROP AS SELECT id AS company_id FROM pipeline_company;
CREATE TEMPORARY TABLE due_campaign ON COMMIT DROP AS SELECT id AS campaign FROM pipeline_campaign UNION ALL SELECT 0;

ANALYZE due_lead; ANALYZE due_deal; ANALYZE due_customer; ANALYZE due_campaign;
