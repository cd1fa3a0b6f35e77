-- What was done on the days in due_day, by deed, track and person: the temporary table fresh_deed.
DROP TABLE IF EXISTS due_span, fresh_deed;

-- Neighbouring days are one span of time, so that a long one is read in one go.
CREATE TEMPORARY TABLE due_span ON COMMIT DROP AS
SELECT min(day)::timestamp AT TIME ZONE house.zone AS since, (max(day) + 1)::timestamp AT TIME ZONE house.zone AS until
FROM (SELECT day, day - row_number() OVER (ORDER BY day)::int AS run FROM due_day) AS runs, accounts_organisation AS house
GROUP BY run, house.zone;
ANALYZE due_span;

CREATE TEMPORARY TABLE fresh_deed ON COMMIT DROP AS
SELECT (done.at AT TIME ZONE house.zone)::date AS day, deed, track, person, count(*) AS n
FROM (
  SELECT t.at, t.kind AS deed, t.track, coalesce(t.actor_id, 0) AS person
  FROM due_span JOIN leads_touch t ON t.at >= since AND t.at < until WHERE NOT t.automatic
  UNION ALL
  SELECT n.at, 'note', '', coalesce(n.by_id, 0) FROM due_span JOIN leads_note n ON n.at >= since AND n.at < until
  UNION ALL
  SELECT s.done_at, 'step', '', coalesce(s.owner_id, 0)
  FROM due_span JOIN pipeline_step s ON s.done_at >= since AND s.done_at < until
) AS done, accounts_organisation AS house
GROUP BY 1, 2, 3, 4;
