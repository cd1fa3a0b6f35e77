-- One row for each counted offer of the passes among due_lead, as it stands in the source now: the temporary table
-- fresh_offer. Working minutes are summed over workspan, the working hours of every calendar for the days in question.
DROP TABLE IF EXISTS offer, workspan, fresh_offer;

CREATE TEMPORARY TABLE offer ON COMMIT DROP AS
SELECT h.id, h.lead_id, l.channel, coalesce(l.segment_id, 0) AS segment, coalesce(l.region_id, 0) AS region,
  coalesce(l.campaign_id, 0) AS campaign, h.rep_id AS owner,
  coalesce(rep.team_id, 0) AS team, coalesce(runner.team_id, 0) AS crew,
  CASE WHEN NOT a.around_the_clock AND calendar.hours @? '$[*][*]' THEN calendar.id END AS calendar_id,
  l.captured_at, h.offered_at, h.accepted_at, coalesce(h.contacted_at, went_on.contacted_at) AS contacted_at, h.answer_due_at,
  CASE WHEN h.unasked OR h."end" = 'reassigned' AND h.accepted_at IS NULL THEN 'moved'  -- whoever has it now was asked in its place
       WHEN h.accepted_at IS NOT NULL THEN 'accepted'
       WHEN h."end" = 'returned' AND dispute.id IS NOT NULL THEN 'uncounted'
       WHEN h."end" IN ('returned', 'expired') THEN h."end"
       WHEN h."end" = '' THEN 'waiting' ELSE 'withdrawn' END AS outcome,
  CASE WHEN h.accepted_at IS NULL AND h."end" = 'returned' THEN coalesce(h.reason_id, 0) ELSE 0 END AS reason,
  coalesce(h.accepted_at, CASE WHEN h."end" = 'returned' THEN h.ended_at END) AS answered_at,
  row_number() OVER (PARTITION BY h.lead_id ORDER BY coalesce(h.contacted_at, went_on.contacted_at), h.id DESC) = 1 AS speaks
FROM due_lead JOIN leads_lead l ON l.id = due_lead.lead_id
JOIN leads_handoff h ON h.lead_id = l.id
LEFT JOIN leads_dispute dispute ON dispute.handoff_id = h.id AND NOT dispute.counts  -- both heads: it does not count
JOIN leads_agreement a ON a.id = h.agreement_id
JOIN accounts_user rep ON rep.id = h.rep_id
LEFT JOIN accounts_team team ON team.id = rep.team_id
LEFT JOIN pipeline_campaign campaign ON campaign.id = l.campaign_id
LEFT JOIN accounts_user runner ON runner.id = campaign.owner_id
LEFT JOIN accounts_workingcalendar calendar ON calendar.id = team.calendar_id  -- none, or without hours: day and night
LEFT JOIN LATERAL (  -- who took it over with a book, without being asked, made the contact that was owed
  SELECT min(m.contacted_at) AS contacted_at FROM leads_handoff m
  WHERE m.lead_id = h.lead_id AND m.id > h.id AND m.unasked AND NOT EXISTS (
    SELECT FROM leads_handoff b WHERE b.lead_id = h.lead_id AND b.id > h.id AND b.id < m.id AND NOT b.unasked
      AND NOT (b."end" = 'released' AND b.note = ANY(%(slips)s)))
) AS went_on ON h.accepted_at IS NOT NULL AND h.contacted_at IS NULL AND h."end" = 'reassigned'
WHERE l.merged_into_id IS NULL AND NOT l.is_test AND NOT l.history AND l.disqualified_because <> 'spam'
  AND l.channel <> 'sales_own' AND h.kind NOT IN ('own_find', 'claim', 'imported')
  AND NOT (h."end" = 'released' AND h.note = ANY(%(slips)s));  -- a return taken back had brought it: nobody was asked

CREATE TEMPORARY TABLE workspan ON COMMIT DROP AS
SELECT c.id AS calendar_id,
  (local::date + (span ->> 0)::time) AT TIME ZONE c.zone AS since,
  (local::date + (span ->> 1)::time) AT TIME ZONE c.zone AS until
FROM (
  SELECT calendar_id AS id, min(least(captured_at, offered_at)) AS first, max(greatest(answered_at, contacted_at, offered_at)) AS last
  FROM offer WHERE calendar_id IS NOT NULL GROUP BY calendar_id
) AS needed
JOIN accounts_workingcalendar c USING (id)
CROSS JOIN generate_series(date_trunc('day', first AT TIME ZONE c.zone), last AT TIME ZONE c.zone, '1 day') AS local
LEFT JOIN accounts_calendarday special ON special.calendar_id = c.id AND special.day = local::date
CROSS JOIN jsonb_array_elements(coalesce(special.hours, c.hours -> (extract(isodow FROM local)::int - 1))) AS span;

CREATE INDEX ON workspan (calendar_id, until);
ANALYZE offer; ANALYZE workspan;

CREATE TEMPORARY TABLE fresh_offer ON COMMIT DROP AS
WITH clock AS (
  SELECT offer.id, c.clock, c.since, c.until, offer.calendar_id
  FROM offer CROSS JOIN LATERAL (VALUES
    ('answer', offered_at, answered_at), ('contact', accepted_at, contacted_at), ('speed', captured_at, contacted_at)
  ) AS c (clock, since, until)
  WHERE c.until >= c.since
), measured AS (
  SELECT clock.id, clock.clock, CASE
    WHEN clock.calendar_id IS NULL THEN extract(epoch FROM clock.until - clock.since)
    ELSE (
      SELECT sum(extract(epoch FROM least(clock.until, w.until) - greatest(clock.since, w.since)))
      FROM workspan w WHERE w.calendar_id = clock.calendar_id AND w.until > clock.since AND w.since < clock.until
        AND w.until < clock.until + interval '2 days'  -- a span is no longer than a day: the index need not be read to its end
    ) END AS seconds
  FROM clock
), minutes AS (
  SELECT id,
    max(seconds) FILTER (WHERE clock = 'answer') AS answer,
    max(seconds) FILTER (WHERE clock = 'contact') AS contact,
    max(seconds) FILTER (WHERE clock = 'speed') AS speed
  FROM (SELECT id, clock, least(floor(coalesce(seconds, 0) / 60), 32000)::smallint AS seconds FROM measured) AS whole
  GROUP BY id
)
SELECT offer.id AS handoff_id, offer.lead_id AS lead, channel, segment, region, campaign, owner, team, crew,
  (offered_at AT TIME ZONE zone)::date AS offered_on,
  (captured_at AT TIME ZONE zone)::date AS captured_on,
  outcome::varchar,
  CASE WHEN answer_due_at IS NULL OR outcome IN ('waiting', 'withdrawn', 'moved') THEN NULL
       ELSE coalesce(answered_at <= answer_due_at, false) END AS in_time,
  minutes.answer, minutes.contact, CASE WHEN speaks THEN minutes.speed END AS speed, speaks, reason
FROM offer CROSS JOIN (SELECT zone FROM accounts_organisation) AS organisation
LEFT JOIN minutes USING (id);
