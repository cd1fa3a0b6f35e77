-- One row: a known contact's company, the pass to join (the one asked for, else the open one), the last pass's number, and
-- the facts of both that a further capture may tell otherwise.
-- None where the contact was merged away since we looked; the lock keeps merges out until this capture is stored.
SELECT c.company_id, joined.id, joined.history, joined.attributes::text,
  coalesce((SELECT max(cycle) FROM leads_lead WHERE contact_id = c.id), 0),
  jsonb_build_object('full_name', c.full_name, 'given_name', c.given_name, 'family_name', c.family_name,
    'job_title', c.job_title, 'country', c.country, 'city', c.city, 'source_text', joined.source_text,
    'product_id', joined.product_id, 'segment_id', joined.segment_id, 'region_id', joined.region_id)::text
FROM pipeline_contact c
LEFT JOIN leads_lead joined ON joined.id = %(lead)s
  OR (%(lead)s::bigint IS NULL AND joined.contact_id = c.id AND joined.ended_at IS NULL AND joined.merged_into_id IS NULL)
WHERE c.id = %(contact)s AND c.merged_into_id IS NULL
FOR KEY SHARE OF c
