-- The heat of one score `s` whose lead has the contact `c`: touch_days.sql in short, for whoever needs the sum alone.
-- Of the person whom the contact is by now, with the `others` merged into it; what is dated after the score was marked counts as
-- of then. Worked out where it stands, so that a chunk reads its own touches by index and builds no tables between.
-- The zone is read by the statement itself, never remembered: a change of it marks every score.
SELECT sum({points} * power(2::float8, date_part('epoch', t.day - %(epoch)s::timestamptz) / %(half_life)s))
FROM (
  SELECT kind, date_trunc('day', least(at, s.touched_at), (SELECT zone FROM accounts_organisation)) AS day, count(*) AS n
  FROM leads_touch
  WHERE contact_id = ANY({others} || coalesce(c.merged_into_id, c.id))
    AND at > s.touched_at - make_interval(secs => 50 * %(half_life)s::float8)
    AND NOT automatic AND NOT (outbound AND reached IS NOT TRUE)
  GROUP BY 1, 2
) t
