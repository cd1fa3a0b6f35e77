-- A row of `steps`: one step of imported history, numbered on from what the journal already has of its lead.
WITH steps AS (
  SELECT s.lead_id, s.stage, s.at, s.inferred,
         coalesce(last.seq, 0) + row_number() OVER pass AS seq,
         coalesce(lag(s.stage) OVER pass, last.to_stage, '-') AS from_stage
  FROM {table} s
  LEFT JOIN LATERAL (
    SELECT c.seq, c.to_stage FROM leads_stagechange c WHERE c.lead_id = s.lead_id ORDER BY c.seq DESC LIMIT 1
  ) last ON true
  WINDOW pass AS (PARTITION BY s.lead_id ORDER BY s.ord)
),
written AS (
  INSERT INTO leads_stagechange (lead_id, seq, from_stage, to_stage, at, inferred)
  SELECT lead_id, seq, from_stage, stage, at, inferred FROM steps ORDER BY lead_id, seq
  RETURNING 1
),
-- A row of `pass`: what the steps leave on one lead. The first time counts, not the earliest date; of wins the one in force.
pass AS (
  SELECT lead_id,
         (array_agg(stage ORDER BY seq DESC))[1] AS stage,
         max(seq) AS seq,
         (array_agg(at ORDER BY seq) FILTER (WHERE stage = 'mql'))[1] AS mql_at,
         (array_agg(at ORDER BY seq) FILTER (WHERE stage = 'ready'))[1] AS ready_at,
         (array_agg(at ORDER BY seq) FILTER (WHERE stage = 'sql'))[1] AS sql_at,
         (array_agg(at ORDER BY seq) FILTER (WHERE stage = 'deal'))[1] AS deal_at,
         (array_agg(at ORDER BY seq DESC) FILTER (WHERE stage = 'won'))[1] AS won_at,
         (array_agg(at ORDER BY seq DESC))[1] AS last_at
  FROM steps GROUP BY lead_id
),
updated AS (
  UPDATE leads_lead l
  SET stage = p.stage, seq = p.seq, updated_at = clock_timestamp(),
      mql_at = coalesce(l.mql_at, p.mql_at), ready_at = coalesce(l.ready_at, p.ready_at),
      sql_at = coalesce(l.sql_at, p.sql_at), deal_at = coalesce(l.deal_at, p.deal_at),
      won_at = CASE WHEN p.stage = 'won' THEN coalesce(p.won_at, l.won_at) END,
      ended_at = CASE WHEN p.stage IN ({ended}) THEN p.last_at END
  FROM pass p
  WHERE l.id = p.lead_id AND (l.stage, l.seq) IS DISTINCT FROM (p.stage, p.seq)
  RETURNING 1
)
SELECT count(*), (SELECT count(*) FROM updated) FROM written
