-- Everything of one capture: the contact (new or known), its addresses, the pass (new or joined), its first step, its
-- score, the touch and the consents. Answers the lead and how many addresses are new: when an address or a pass came from
-- somebody else meanwhile, one of them is missing and the caller starts over.
WITH fresh AS (
  INSERT INTO pipeline_contact (full_name, given_name, family_name, job_title, country, city, language, region_id,
                                company_id, source, external_id)
  SELECT %(full_name)s, %(given_name)s, %(family_name)s, %(job_title)s, %(country)s, %(city)s, %(language)s, %(region)s,
         %(company)s, %(source)s, ''
  WHERE %(contact)s::bigint IS NULL
  RETURNING id
),
person AS (
  SELECT id FROM fresh UNION ALL SELECT %(contact)s::bigint WHERE %(contact)s::bigint IS NOT NULL
),
addresses AS (
  INSERT INTO pipeline_identity (contact_id, kind, value, raw)
  SELECT person.id, k.kind, k.value, k.raw
  FROM person, unnest(%(kinds)s::text[], %(values)s::text[], %(raws)s::text[]) AS k(kind, value, raw)
  ORDER BY k.kind, k.value
  ON CONFLICT DO NOTHING
  RETURNING id
),
pass AS (
  INSERT INTO leads_lead (contact_id, cycle, seq, campaign_id, channel, source_text, owner_id, product_id, segment_id,
                          region_id, attributes, captured_at, hand_raised_at, source, external_id, is_test)
  SELECT person.id, %(cycle)s, 1, %(campaign)s, %(channel)s, %(source_text)s, %(owner)s, %(product)s, %(segment)s,
         %(region)s, %(attributes)s::jsonb, %(captured_at)s, %(hand_raised_at)s, %(source)s, %(external_id)s, %(is_test)s
  FROM person WHERE %(lead)s::bigint IS NULL
  ON CONFLICT DO NOTHING
  RETURNING id
),
line AS (
  SELECT id FROM pass UNION ALL SELECT %(lead)s::bigint WHERE %(lead)s::bigint IS NOT NULL
),
first_step AS (
  INSERT INTO leads_stagechange (lead_id, seq, from_stage, to_stage, at, actor_id)
  SELECT id, 1, '-', 'new', %(captured_at)s, %(actor)s FROM pass
),
score AS (
  INSERT INTO leads_leadscore (lead_id, model_id, touched_at)
  SELECT line.id, m.id, clock_timestamp() FROM line, leads_scoremodel m WHERE m.in_force AND m.line = ''
  ON CONFLICT DO NOTHING
),
touched AS (
  INSERT INTO leads_touch (contact_id, kind, at, channel, campaign_id, track, actor_id, note, source, external_id)
  SELECT person.id, %(kind)s, %(at)s, %(channel)s, %(campaign)s, %(track)s, %(actor)s, %(note)s, %(source)s,
         %(external_id)s
  FROM person
  ON CONFLICT DO NOTHING
  RETURNING id
),
-- By which of its own addresses somebody came who has been merged: an undo sends it back with them.
came_by AS (
  INSERT INTO leads_cameby (touch_id, known, fresh, lead_id)
  SELECT touched.id,
    ARRAY(SELECT i.id FROM unnest(%(kinds)s::text[], %(values)s::text[]) AS k(kind, value)
          JOIN pipeline_identity i ON i.kind = k.kind AND i.value = k.value
          WHERE i.contact_id = %(contact)s AND i.kind IN ('email', 'mobile', 'wechat', 'external')),
    ARRAY(SELECT id FROM addresses), (SELECT id FROM pass)
  FROM touched WHERE EXISTS (SELECT 1 FROM pipeline_contact m WHERE m.merged_into_id = %(contact)s)
),
consented AS (
  INSERT INTO pipeline_consentevent (contact_id, purpose, channel, given, basis, text_version, language, evidence,
                                     actor_id, at)
  SELECT person.id, e.purpose, e.channel, e.given, e.basis, e.text_version, e.language, e.evidence, %(actor)s, %(now)s
  FROM person, jsonb_to_recordset(%(consents)s::jsonb) AS e(purpose text, channel text, given bool, basis text,
                                                            text_version text, language text, evidence jsonb)
),
-- What we did not know of a known contact; nothing known is overwritten, and a name stays in one piece.
filled_in AS (
  UPDATE pipeline_contact c
  SET full_name = n.full_name, given_name = n.given_name, family_name = n.family_name, job_title = n.job_title,
      country = n.country, city = n.city, language = n.language, region_id = n.region_id, company_id = n.company_id,
      updated_at = clock_timestamp()
  FROM (
    SELECT coalesce(nullif(o.full_name, ''), %(full_name)s) AS full_name,
           CASE o.full_name WHEN '' THEN %(given_name)s ELSE o.given_name END AS given_name,
           CASE o.full_name WHEN '' THEN %(family_name)s ELSE o.family_name END AS family_name,
           coalesce(nullif(o.job_title, ''), %(job_title)s) AS job_title,
           coalesce(nullif(o.country, ''), %(country)s) AS country,
           coalesce(nullif(o.city, ''), %(city)s) AS city,
           coalesce(nullif(o.language, ''), %(language)s) AS language,
           coalesce(o.region_id, %(region)s) AS region_id, coalesce(o.company_id, %(company)s) AS company_id
    FROM pipeline_contact o WHERE o.id = %(contact)s
  ) n
  WHERE c.id = %(contact)s
    AND (c.full_name, c.job_title, c.country, c.city, c.language, c.region_id, c.company_id)
      IS DISTINCT FROM (n.full_name, n.job_title, n.country, n.city, n.language, n.region_id, n.company_id)
),
-- Last, like whoever else marks scores, so that nobody waits in a circle: every pass of the contact is due.
marked AS (
  UPDATE leads_leadscore s SET touched_at = greatest(clock_timestamp(), s.scored_at + interval '1 microsecond')
  FROM (
    SELECT m.id FROM leads_leadscore m JOIN leads_lead l ON l.id = m.lead_id
    WHERE l.contact_id = %(contact)s ORDER BY m.id FOR NO KEY UPDATE OF m
  ) due
  WHERE s.id = due.id
)
SELECT (SELECT id FROM line), (SELECT count(*) FROM addresses)
