-- A row: what its steps leave on one new lead. One sort, no windows: the first time counts, not the earliest date; of wins the one in force.
CREATE TEMPORARY TABLE {into} ON COMMIT DROP AS
SELECT lead_id,
       (array_agg(stage ORDER BY ord DESC))[1]::varchar(12) AS stage,
       count(*)::int AS seq,
       (array_agg(at ORDER BY ord) FILTER (WHERE stage = 'mql'))[1] AS mql_at,
       (array_agg(at ORDER BY ord) FILTER (WHERE stage = 'ready'))[1] AS ready_at,
       (array_agg(at ORDER BY ord) FILTER (WHERE stage = 'sql'))[1] AS sql_at,
       (array_agg(at ORDER BY ord) FILTER (WHERE stage = 'deal'))[1] AS deal_at,
       CASE WHEN (array_agg(stage ORDER BY ord DESC))[1] = 'won' THEN (array_agg(at ORDER BY ord DESC))[1] END AS won_at,
       CASE WHEN (array_agg(stage ORDER BY ord DESC))[1] IN ({ended}) THEN (array_agg(at ORDER BY ord DESC))[1] END
         AS ended_at
FROM {table} GROUP BY lead_id;
ALTER TABLE {into} ADD PRIMARY KEY (lead_id);
