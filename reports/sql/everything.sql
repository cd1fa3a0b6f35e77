-- Every key there is, as marks: in the source, and in what was counted of it. Pieces of 10,000, as the triggers write them.
INSERT INTO {target} (kind, low, high)
SELECT kind, piece * 10000, piece * 10000 + 9999 FROM (
  SELECT 'lead' AS kind, id / 10000 AS piece FROM leads_lead
  UNION SELECT 'lead', lead_id / 10000 FROM reports_countedpass
  UNION SELECT 'lead', lead / 10000 FROM reports_countedoffer
  UNION SELECT 'lead', lead / 10000 FROM reports_countedpromise
  UNION SELECT 'deal', id / 10000 FROM pipeline_deal
  UNION SELECT 'deal', deal_id / 10000 FROM reports_counteddeal
  UNION SELECT 'deal', deal_id / 10000 FROM reports_credit
  UNION SELECT 'deal', deal_id / 10000 FROM reports_countedreceipt
  UNION SELECT 'customer', company_id / 10000 FROM reports_countedcustomer
  UNION SELECT 'spend', id / 10000 FROM pipeline_campaign
  UNION SELECT 'spend', campaign / 10000 FROM reports_campaignmonth
  UNION SELECT 'day', generate_series(min(day) / 10000, max(day) / 10000) FROM (
    SELECT (done.at AT TIME ZONE house.zone)::date - DATE '0001-01-01' AS day FROM (
      SELECT min(at) AS at FROM leads_touch UNION ALL SELECT max(at) FROM leads_touch
      UNION ALL SELECT min(at) FROM leads_note UNION ALL SELECT max(at) FROM leads_note
      UNION ALL SELECT min(done_at) FROM pipeline_step UNION ALL SELECT max(done_at) FROM pipeline_step
    ) AS done, accounts_organisation AS house
    UNION ALL SELECT min(day) - DATE '0001-01-01' FROM reports_deedday
    UNION ALL SELECT max(day) - DATE '0001-01-01' FROM reports_deedday
  ) AS days HAVING min(day) IS NOT NULL
) AS pieces;
