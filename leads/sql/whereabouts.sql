-- One row: the country of a captured person as far as we know them or their company already, '' otherwise.
SELECT coalesce(
  (SELECT coalesce(nullif(c.country, ''), nullif(f.country, ''))
   FROM unnest(%(kinds)s::text[], %(values)s::text[]) AS k(kind, value)
   JOIN pipeline_identity i ON i.kind = k.kind AND i.value = k.value
   JOIN pipeline_contact given ON given.id = i.contact_id
   JOIN pipeline_contact c ON c.id = coalesce(given.merged_into_id, given.id)
   LEFT JOIN pipeline_company f ON f.id = c.company_id
   WHERE i.kind IN ('email', 'mobile', 'wechat', 'external') AND (c.country <> '' OR f.country <> '')
   ORDER BY i.id LIMIT 1),
  (SELECT country FROM pipeline_company WHERE key = %(key)s AND key <> '' AND country <> '' ORDER BY id LIMIT 1),
  (SELECT country FROM pipeline_company WHERE domain = ANY(%(domains)s) AND domain <> '' AND country <> ''
   ORDER BY id LIMIT 1),
  '')
