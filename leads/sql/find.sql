-- One row: what is known of a captured person. Merged people, leads and companies stand for their survivors.
SELECT
  (SELECT jsonb_build_object('lead', known.id, 'contact', coalesce(c.merged_into_id, c.id))
   FROM leads_lead given
   JOIN leads_lead known ON known.id = coalesce(given.merged_into_id, given.id)
   JOIN pipeline_contact c ON c.id = known.contact_id
   WHERE given.source = %(source)s AND given.external_id = %(external_id)s AND given.external_id <> '') AS record,
  (SELECT jsonb_agg(jsonb_build_array(coalesce(c.merged_into_id, c.id), coalesce(nullif(i.raw, ''), i.value)))
   FROM unnest(%(kinds)s::text[], %(values)s::text[]) AS k(kind, value)
   JOIN pipeline_identity i ON i.kind = k.kind AND i.value = k.value
   JOIN pipeline_contact c ON c.id = i.contact_id
   WHERE i.kind IN ('email', 'mobile', 'wechat', 'external')) AS people,
  EXISTS (SELECT 1 FROM pipeline_suppression s WHERE s.digest = ANY(%(digests)s)) AS suppressed,
  (SELECT min(coalesce(merged_into_id, id)) FROM pipeline_company WHERE key = %(key)s AND key <> '') AS named,
  (SELECT min(coalesce(merged_into_id, id)) FROM pipeline_company WHERE domain = ANY(%(domains)s) AND domain <> '') AS at_home
