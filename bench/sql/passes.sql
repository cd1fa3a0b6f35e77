-- What became of the passes of the temporary table filling: deals, leads, their steps, handoffs and scores.
INSERT INTO pipeline_deal (id, name, company_id, stage_id, owner_id, amount, currency, base_amount, cost, expected_close,
    opened_at, signed_on, closed_at, outcome, outcome_reason_id)
  SELECT deal_id, 'Deal ' || n, company_id, s.id, rep_id, amount, o.currency, amount,
    CASE WHEN fate = 'won' THEN amount * 0.6 END, (at + interval '80 days')::date, at + interval '20 days',
    CASE WHEN fate = 'won' THEN (at + interval '60 days')::date END,
    CASE WHEN fate <> 'deal' THEN at + interval '60 days' END, CASE fate WHEN 'deal' THEN 'open' ELSE fate END, r.id
  FROM filling CROSS JOIN LATERAL (SELECT 5000 + h %% 500 * 100 AS amount) a CROSS JOIN accounts_organisation o
  JOIN pipeline_dealstage s ON s.code = CASE fate WHEN 'deal' THEN 'proposal' ELSE fate END
  LEFT JOIN pipeline_outcomereason r ON r.code = CASE fate WHEN 'won' THEN 'best_fit' WHEN 'lost' THEN 'price_lost' END
  WHERE deal_id IS NOT NULL ORDER BY deal_id;
INSERT INTO pipeline_dealcontact (deal_id, contact_id)
  SELECT deal_id, contact_id FROM filling WHERE deal_id IS NOT NULL ORDER BY deal_id;
INSERT INTO pipeline_step (what, due_at, deal_id, owner_id)
  SELECT 'Call', %(at)s::timestamptz + h %% 20 * interval '1 day', deal_id, rep_id FROM filling WHERE fate = 'deal' AND h %% 3 > 0;

INSERT INTO leads_lead (id, contact_id, cycle, stage, seq, channel, campaign_id, captured_at, source, external_id, owner_id,
    deal_id, region_id, segment_id, grade, mql_grade, mql_at, ready_at, sql_at, deal_at, won_at, ended_at, wake_at, disqualified_because)
  SELECT lead_id, contact_id, 1, CASE fate WHEN 'lost' THEN 'nurture' ELSE fate END, reach, channel, campaigns[campaign], at,
    'bench', 'f' || n, CASE WHEN reach > 3 AND fate <> 'lost' THEN rep_id END, deal_id, region_id, segment_id,
    CASE WHEN reach > 2 THEN grade ELSE '' END, CASE WHEN reach > 1 AND fate <> 'disqualified' THEN grade ELSE '' END,
    CASE WHEN reach > 1 AND fate <> 'disqualified' THEN at + interval '1 day' END, CASE WHEN reach > 2 THEN at + interval '2 days' END,
    CASE WHEN reach > 3 THEN at + interval '3 days' END, CASE WHEN reach > 4 THEN at + interval '20 days' END,
    CASE WHEN fate = 'won' THEN at + interval '60 days' END,
    CASE fate WHEN 'won' THEN at + interval '60 days' WHEN 'disqualified' THEN at + interval '1 day' END,
    CASE WHEN fate = 'lost' THEN greatest(at + interval '240 days', %(at)s::timestamptz + interval '90 days') END,
    CASE WHEN fate = 'disqualified' THEN 'student' ELSE '' END
  FROM filling ORDER BY lead_id;
INSERT INTO leads_stagechange (lead_id, seq, from_stage, to_stage, at, reason)
  SELECT lead_id, v.seq, v.source, CASE WHEN v.seq = 6 AND fate = 'lost' THEN 'nurture'
    WHEN v.seq = 2 AND fate = 'disqualified' THEN fate ELSE v.target END, at + v.days * interval '1 day', ''
  FROM filling JOIN (VALUES (1, '-', 'new', 0), (2, 'new', 'mql', 1), (3, 'mql', 'ready', 2), (4, 'ready', 'sql', 3),
    (5, 'sql', 'deal', 20), (6, 'deal', 'won', 60)) AS v (seq, source, target, days) ON v.seq <= reach
  ORDER BY lead_id, v.seq;
INSERT INTO leads_handoff (lead_id, rep_id, kind, grade, agreement_id, offered_at, answer_due_at, accepted_at, contact_due_at,
    contacted_at, attempts, protected_until, ended_at, "end", reason_id, note, because, round)
  SELECT lead_id, rep_id, 'new', grade, a.id, offered, offered + interval '8 hours',
    CASE WHEN reach > 3 THEN offered + h %% 20 * interval '30 minutes' END, CASE WHEN reach > 3 THEN offered + interval '2 days' END,
    CASE WHEN reach > 3 THEN offered + interval '1 day' END, CASE WHEN reach > 3 THEN 1 ELSE 0 END,
    CASE WHEN reach > 3 THEN %(at)s::timestamptz + (3 + h %% 20) * interval '1 day' END,
    CASE WHEN fate IN ('won', 'lost') THEN at + interval '60 days' WHEN reach < 4 THEN offered + interval '5 hours' END,
    CASE WHEN fate IN ('won', 'lost') THEN 'finished' WHEN reach = 3 THEN 'expired' WHEN reach < 3 THEN 'returned' ELSE '' END,
    CASE WHEN reach < 3 THEN r.id END, '', '', 1
  FROM filling CROSS JOIN LATERAL (SELECT at + interval '2 days' AS offered) o
  CROSS JOIN (SELECT id FROM leads_agreement WHERE version = 1) a JOIN leads_returnreason r ON r.code = 'bad_data'
  WHERE reach > 2 OR (fate = 'mql' AND h %% 2 = 0 AND age > 3) ORDER BY lead_id;
INSERT INTO leads_leadscore (lead_id, model_id, touched_at, scored_at, fit, heat)
  SELECT lead_id, m.id, at, at, h / 29 %% 100, 5 * 2 ^ (extract(epoch FROM at - m.epoch) / 86400 / m.half_life)
  FROM filling CROSS JOIN leads_scoremodel m WHERE m.in_force ORDER BY lead_id;
UPDATE accounts_repprofile p SET open_n = open_n + c.n
  FROM (SELECT rep_id, count(*) AS n FROM filling WHERE fate IN ('sql', 'deal') GROUP BY rep_id) c WHERE c.rep_id = p.user_id;
