-- Every key that there is in the source, as due.sql tells those that are marked: due_lead, due_deal, due_customer
-- (companies), due_campaign (0: spend without one), due_day (as far as anything was done).
DROP TABLE IF EXISTS due_lead, due_deal, due_customer, due_campaign, due_day;

CREATE TEMPORARY TABLE due_lead ON COMMIT DROP AS SELECT id AS lead_id FROM leads_lead;
CREATE TEMPORARY TABLE due_deal ON COMMIT DROP AS SELECT id AS deal_id FROM pipeline_deal;
CREATE TEMPORARY TABLE due_customer ON COMMIT DROP AS SELECT id AS company_id FROM pipeline_company;
CREATE TEMPORARY TABLE due_campaign ON COMMIT DROP AS SELECT id AS campaign FROM pipeline_campaign UNION ALL SELECT 0;
CREATE TEMPORARY TABLE due_day ON COMMIT DROP AS
SELECT generate_series(min(day), max(day), interval '1 day')::date AS day FROM (
  SELECT (done.at AT TIME ZONE house.zone)::date AS day FROM (
    SELECT min(at) AS at FROM leads_touch UNION ALL SELECT max(at) FROM leads_touch
    UNION ALL SELECT min(at) FROM leads_note UNION ALL SELECT max(at) FROM leads_note
    UNION ALL SELECT min(done_at) FROM pipeline_step UNION ALL SELECT max(done_at) FROM pipeline_step
  ) AS done, accounts_organisation AS house
  UNION ALL SELECT min(day) FROM reports_deedday UNION ALL SELECT max(day) FROM reports_deedday
) AS days;

ANALYZE due_lead; ANALYZE due_deal; ANALYZE due_customer; ANALYZE due_campaign; ANALYZE due_day;
