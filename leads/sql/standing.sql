-- The strongest fact of each kind about some companies, or persons, at the moment %(at)s: one row for each of %(ids)s.
-- facts.py says what differs: the {table}, its {owner}, which {deals} `d` and {people} `c` are theirs, and which {claims} `r`
-- of dealers. Each table is read once, in the order in which a reader would look for the first that matters.
SELECT one.id, {owner} AS owner, deals.*, passes.running, passes.hands, heard.heard_at, claim.dealer,
  EXISTS (SELECT 1 FROM pipeline_contact c WHERE {people}) AS known
FROM {table} one
CROSS JOIN LATERAL (
  SELECT
    (array_agg(told ORDER BY firm DESC, kind = 'renewal', expected_close NULLS LAST, id)
       FILTER (WHERE outcome = 'open'))[1] AS deal,
    (array_agg(told ORDER BY contract_until, id)
       FILTER (WHERE bought AND NOT renewed AND contract_until BETWEEN %(today)s AND %(renewing)s))[1] AS ending,
    (array_agg(told ORDER BY signed_on DESC, id DESC) FILTER (WHERE bought))[1] AS bought,
    coalesce(bool_or(bought AND (contract_until >= %(today)s OR signed_on >= %(year_ago)s)), false) AS lasting,
    (array_agg(told ORDER BY closed_at DESC, id DESC) FILTER (WHERE lost))[1] AS gone,
    max(closed_at) FILTER (WHERE lost) AS lost_at,
    max(closed_at) FILTER (WHERE outcome = 'won') AS won_at
  FROM (
    SELECT d.*, sure.firm, d.outcome = 'won' AND NOT {cancelled} AS bought,
      d.outcome = 'lost' AND why.code IS DISTINCT FROM %(taken_back)s AS lost,
      json_build_object(
        'id', d.id, 'name', d.name, 'kind', d.kind, 'who', u.full_name, 'sure', sure.category, 'firm', sure.firm,
        'closes', d.expected_close, 'signed', d.signed_on, 'until', d.contract_until, 'closed', d.closed_at,
        'why', why.name) AS told
    FROM pipeline_deal d JOIN pipeline_dealstage s ON s.id = d.stage_id
    LEFT JOIN accounts_user u ON u.id = d.owner_id LEFT JOIN pipeline_outcomereason why ON why.id = d.outcome_reason_id
    CROSS JOIN LATERAL (SELECT coalesce(nullif(d.category, ''), s.category)) said (category)
    CROSS JOIN LATERAL (
      SELECT said.category, said.category = 'commit'
        OR said.category = 'best_case' AND coalesce(d.expected_close BETWEEN %(soon_from)s AND %(soon_until)s, false)
    ) sure (category, firm)
    WHERE {deals} AND d.cancels_id IS NULL
  ) deal
) deals
CROSS JOIN LATERAL (
  SELECT
    (array_agg(told ORDER BY stage = ANY(%(talking)s) DESC, captured_at DESC, id))[1] AS running,
    -- raised lately and answered by nobody; whether they are hot, the scorecard says
    array_agg(told ORDER BY hand_raised_at DESC, id) FILTER (WHERE hand_raised_at >= %(lately)s AND NOT EXISTS (
      SELECT 1 FROM leads_touch t
      WHERE t.contact_id = pass.contact_id AND t.outbound AND NOT t.automatic AND t.at >= hand_raised_at)) AS hands
  FROM (
    SELECT l.*, json_build_object(
      'id', l.id, 'name', c.full_name, 'stage', l.stage, 'who', u.full_name, 'raised', l.hand_raised_at, 'grade', l.grade,
      'score', (
        SELECT json_build_array(s.model_id, s.fit, s.heat) FROM leads_leadscore s
        WHERE s.lead_id = l.id AND s.model_id = ANY(%(models)s) AND (s.decides OR %(one_model)s)
          AND l.hand_raised_at >= %(lately)s)) AS told
    FROM pipeline_contact c JOIN leads_lead l ON l.contact_id = c.id LEFT JOIN accounts_user u ON u.id = l.owner_id
    WHERE {people} AND l.ended_at IS NULL AND l.stage = ANY(%(with_us)s)
      AND l.merged_into_id IS NULL AND NOT l.is_test AND l.disqualified_because <> 'spam'
  ) pass
) passes
CROSS JOIN LATERAL (
  SELECT max(t.at) AS heard_at FROM pipeline_contact c JOIN leads_touch t ON t.contact_id = c.id
  WHERE {people} AND NOT t.automatic AND (NOT t.outbound OR t.reached) AND t.at <= %(at)s
) heard
LEFT JOIN LATERAL (
  SELECT json_build_object('id', r.id, 'name', dealer.name) AS dealer
  FROM pipeline_dealregistration r JOIN pipeline_company dealer ON dealer.id = r.dealer_id
  WHERE {claims} AND r.dealer_id <> r.customer_id AND NOT r.withdrawn
    AND %(today)s BETWEEN r.registered_on AND r.protected_until
  ORDER BY r.protected_until, r.id LIMIT 1
) claim ON true
WHERE one.id = ANY(%(ids)s)
