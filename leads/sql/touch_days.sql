-- people: a row is a contact whose touches count for a score: the lead's own, or one merged into it.
people AS (
  SELECT id, touched_at, contact_id FROM chosen
  UNION ALL
  SELECT chosen.id, chosen.touched_at, merged.id
  FROM chosen JOIN pipeline_contact merged ON merged.merged_into_id = chosen.contact_id
),
-- days: a row is one kind of touch on one local day. What is dated after the score was marked counts as of then.
days AS (
  SELECT p.id, t.kind, date_trunc('day', least(t.at, p.touched_at), %(zone)s) AS day, count(*) AS n
  FROM people p JOIN leads_touch t ON t.contact_id = p.contact_id
  WHERE NOT t.automatic AND NOT (t.outbound AND t.reached IS NOT TRUE)
    AND t.at > p.touched_at - make_interval(secs => 50 * %(half_life)s::float8)
  GROUP BY 1, 2, 3
),
-- weighed: the day's points, and the same as heat.
weighed AS (
  SELECT d.id, d.kind, d.day, d.n, least(w.daily_cap, d.n * w.weight) AS points,
         least(w.daily_cap, d.n * w.weight)
           * power(2::float8, extract(epoch FROM d.day - %(epoch)s::timestamptz)::float8 / %(half_life)s) AS heat
  FROM days d JOIN leads_touchweight w ON w.model_id = %(model)s AND w.kind = d.kind
)
