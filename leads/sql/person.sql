-- One row: a known contact's company, the pass to join (the one asked for, else the open one), and the last pass's number.
-- None where the contact was merged away since we looked; the lock keeps merges out until this capture is stored.
SELECT c.company_id, joined.id, joined.history, joined.attributes::text,
  coalesce((SELECT max(cycle) FROM leads_lead WHERE contact_id = c.id), 0)
FROM pipeline_contact c
LEFT JOIN leads_lead joined ON joined.id = %(lead)s
  OR (%(lead)s::bigint IS NULL AND joined.contact_id = c.id AND joined.ended_at IS NULL AND joined.merged_into_id IS NULL)
WHERE c.id = %(contact)s AND c.merged_into_id IS NULL
FOR KEY SHARE OF c
