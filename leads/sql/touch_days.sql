-- people: a score with the contacts whose touches count for it: the lead's own, and those merged into it.
people AS (
  SELECT id, touched_at, touched_at - make_interval(secs => 50 * %(half_life)s::float8) AS oldest,
         ARRAY(SELECT m.id FROM pipeline_contact m WHERE m.merged_into_id = chosen.contact_id) || contact_id AS contacts
  FROM chosen
),
-- days: a row is one kind of touch on one local day. What is dated after the score was marked counts as of then.
-- Person by person, so that a chunk reads its own touches by index, however many there are; materialized, so that the
-- weights are not looked up person by person.
days AS MATERIALIZED (
  SELECT p.id, t.kind, t.day, t.n
  FROM people p CROSS JOIN LATERAL (
    SELECT kind, date_trunc('day', least(at, p.touched_at), (SELECT zone FROM accounts_organisation)) AS day, count(*) AS n
    FROM leads_touch
    WHERE contact_id = ANY(p.contacts) AND at > p.oldest AND NOT automatic AND NOT (outbound AND reached IS NOT TRUE)
    GROUP BY 1, 2
  ) t
),
-- weighed: the day's points, and the same as heat.
weighed AS (
  SELECT d.id, d.kind, d.day, d.n, least(w.daily_cap, d.n * w.weight) AS points,
         least(w.daily_cap, d.n * w.weight)
           * power(2::float8, date_part('epoch', d.day - %(epoch)s::timestamptz) / %(half_life)s) AS heat
  FROM days d JOIN leads_touchweight w ON w.model_id = %(model)s AND w.kind = d.kind
)
