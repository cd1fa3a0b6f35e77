-- Everything that counts in the months asked for, as it stands now: one row for each deal, credit, spend and pass with its
-- measure, its own month, where it stands, and what it is worth. In: asked_month (month, model), a model for each month.
-- A pass whose last word is another's than that of whose it is counts for the house alone (owner and team -1); own_answer and
-- own_accept are what counts for that one alone.
-- With the team that whoever it is of is in today: a pass is of the rep who took it (fresh_pass.sql). Credits stand under the segment, region and owner of their deal, spend under those of its campaign, and is nobody's.
SELECT q.*, coalesce(u.team_id, least(q.owner, 0)) AS team FROM (
SELECT e.measure::varchar AS measure, d.deal_id AS item, asked.month AS own, d.channel, d.segment, d.region, d.campaign, d.owner,
  1::numeric AS n, coalesce(e.amount, 0) AS amount, coalesce(e.margin, 0) AS margin
FROM reports_counteddeal d
CROSS JOIN LATERAL (VALUES
  ('won', CASE WHEN outcome = 'won' THEN closed_on END, d.amount, d.margin),
  ('cancelled', CASE WHEN outcome = 'cancelled' THEN closed_on END, d.amount, d.margin),
  ('lost', CASE WHEN outcome = 'lost' THEN closed_on END, d.amount, NULL),
  ('created', opened_on, opening, NULL)
) AS e (measure, day, amount, margin)
JOIN asked_month asked ON asked.month = date_trunc('month', e.day)::date
UNION ALL
SELECT 'credit', c.deal_id, c.month, c.channel, coalesce(d.segment, 0), coalesce(d.region, 0), coalesce(c.campaign_id, 0),
  coalesce(d.owner, 0), sum(c.share), coalesce(sum(c.amount), 0), coalesce(sum(c.margin), 0)
FROM reports_credit c JOIN asked_month asked ON asked.month = c.month AND asked.model = c.model
LEFT JOIN reports_counteddeal d ON d.deal_id = c.deal_id
WHERE NOT c.renewal AND NOT c.open
GROUP BY 2, 3, 4, 5, 6, 7, 8
UNION ALL
SELECT s.kind, s.id, s.month, coalesce(c.channel, ''), coalesce(c.segment_id, 0), coalesce(c.region_id, 0),
  coalesce(s.campaign_id, 0), 0, 1, s.base_amount, 0
FROM pipeline_spend s JOIN asked_month asked USING (month) LEFT JOIN pipeline_campaign c ON c.id = s.campaign_id
UNION ALL
SELECT e.measure, p.lead_id, asked.month, p.channel, p.segment, p.region, p.campaign, CASE WHEN e.mine THEN p.owner ELSE -1 END, 1, 0, 0
FROM reports_countedpass p
CROSS JOIN LATERAL (VALUES
  ('leads', captured_on, true), ('mqls', mql_on, true), ('sqls', sql_on, true), ('offered', offered_on, true),
  ('answered', CASE WHEN answer <> '' THEN offered_on END, own_answer <> ''),
  ('accepted', CASE WHEN answer = 'accepted' THEN offered_on END, own_answer = 'accepted'),
  ('own_answer', CASE WHEN answer = '' AND own_answer <> '' THEN offered_on END, true),
  ('own_accept', CASE WHEN answer <> 'accepted' AND own_answer = 'accepted' THEN offered_on END, true)
) AS e (measure, day, mine)
JOIN asked_month asked ON asked.month = date_trunc('month', e.day)::date
) AS q LEFT JOIN accounts_user u ON u.id = q.owner
