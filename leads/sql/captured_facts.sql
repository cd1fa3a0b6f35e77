-- A row is a lead with what was known when it was captured: facts of its person and company from before any change that
-- came after the lead (`was`: the oldest kept state since), its outcome if it is closed, and attributes as captured.
SELECT l.id, coalesce(l.captured_attributes, l.attributes)::text,
       CASE WHEN l.won_at IS NOT NULL THEN 'won' WHEN {closed} THEN 'lost' END,
       to_char(l.captured_at AT TIME ZONE %(zone)s, 'YYYY-MM-DD HH24:MI'),
       nullif(l.channel, 'unknown'), l.source_text, campaign.code,
       coalesce(was.job_title, c.job_title), coalesce(was.country, c.country), coalesce(was.language, c.language),
       coalesce(firm_was.industry, firm.industry), coalesce(firm_was.employees, firm.employees)::text
FROM leads_lead l
JOIN pipeline_contact c ON c.id = l.contact_id
LEFT JOIN pipeline_campaign campaign ON campaign.id = l.campaign_id
LEFT JOIN pipeline_deal deal ON deal.id = l.deal_id
LEFT JOIN LATERAL (
  SELECT true AS kept, e.job_title, e.country, e.language, e.company_id FROM pipeline_contactevent e
  WHERE e.pgh_obj_id = c.id AND e.pgh_created_at > l.created_at ORDER BY e.pgh_created_at, e.pgh_id LIMIT 1
) was ON true
LEFT JOIN pipeline_company firm ON firm.id = CASE WHEN was.kept THEN was.company_id ELSE c.company_id END
LEFT JOIN LATERAL (
  SELECT e.industry, e.employees FROM pipeline_companyevent e
  WHERE e.pgh_obj_id = firm.id AND e.pgh_created_at > l.created_at ORDER BY e.pgh_created_at, e.pgh_id LIMIT 1
) firm_was ON true
WHERE l.merged_into_id IS NULL AND NOT l.is_test AND l.disqualified_because <> 'spam' AND {which}
ORDER BY l.id LIMIT %(limit)s
