-- One row for each of the mail domains: who else writes from there. `others` are people who were not set aside
-- themselves for one of the codes, `firms` the companies of all its people, `deals` whether any of them has a deal.
WITH people AS MATERIALIZED (
  SELECT DISTINCT split_part(i.value, '@', 2) AS domain, i.contact_id
  FROM pipeline_identity i
  WHERE i.kind IN ('email', 'role_email') AND split_part(i.value, '@', 2) = ANY(%(domains)s)
)
SELECT p.domain,
  count(*) FILTER (WHERE NOT EXISTS (
    SELECT FROM leads_lead l WHERE l.contact_id = p.contact_id
      AND (l.id = ANY(%(leads)s) OR l.stage = 'disqualified' AND l.disqualified_because = ANY(%(codes)s))
  )) AS others,
  count(DISTINCT c.company_id) AS firms,
  bool_or(
    EXISTS (SELECT FROM pipeline_deal d WHERE d.company_id = c.company_id)
    OR EXISTS (SELECT FROM pipeline_dealcontact d WHERE d.contact_id = c.id)
  ) AS deals
FROM people p JOIN pipeline_contact c ON c.id = p.contact_id
GROUP BY p.domain
