-- One row for each counted pass among due_lead, as it stands in the source now: the temporary table fresh_pass.
DROP TABLE IF EXISTS fresh_pass;

CREATE TEMPORARY TABLE fresh_pass ON COMMIT DROP AS
WITH hand AS (  -- each handoff of a pass, what it was answered in the end, and whose the pass is
  SELECT h.*, dispute.id IS NOT NULL AS uncounted,
    h.id * 4 + CASE WHEN h."end" = 'returned' AND dispute.id IS NOT NULL THEN 0  -- both heads: it does not count
                    WHEN h."end" = 'returned' THEN 2 WHEN h."end" = 'expired' AND h.accepted_at IS NULL THEN 3
                    WHEN h.accepted_at IS NOT NULL THEN 1 ELSE 0 END AS answer,  -- behind its number: the largest is the latest
    -- whoever holds it today: who accepted it first, else whom it was offered to last
    coalesce((min(ARRAY[h.id, h.rep_id]) FILTER (WHERE h.asked AND h.accepted_at IS NOT NULL) OVER pass)[2],
             (max(ARRAY[h.id, h.rep_id]) FILTER (WHERE h.asked) OVER pass)[2]) AS whose
  FROM due_lead JOIN (
    SELECT id, lead_id, rep_id, kind, grade, offered_at, accepted_at, ended_at, "end", unasked,
      kind NOT IN ('own_find', 'claim', 'imported') AS offer,
      NOT unasked OR kind IN ('own_find', 'claim', 'imported') AS asked  -- or took it themselves; not who got it with a book
    FROM leads_handoff WHERE kind <> 'farmer'  -- who is to look after what is won already
      AND NOT ("end" = 'released' AND note = ANY(%(slips)s))  -- what a return taken back had brought was nobody's answer
  ) h ON h.lead_id = due_lead.lead_id
  LEFT JOIN leads_dispute dispute ON dispute.handoff_id = h.id AND NOT dispute.counts
  WINDOW pass AS (PARTITION BY h.lead_id)
), offer AS (  -- the final answer to each pass, and that of whose it is; the day of its first offer, and of the first that marketing's promise counts
  SELECT lead_id, min(whose) AS rep_id, min(offered_at) FILTER (WHERE offer AND NOT unasked) AS offered_at,
    (array_agg(grade ORDER BY offered_at, id) FILTER (WHERE grade <> ''))[1] AS grade,  -- with which it was first handed over
    min(offered_at) FILTER (WHERE grade IN ('A', 'B') AND kind IN ('new', 'inquiry') AND NOT unasked) AS delivered_at,
    min(coalesce(accepted_at, CASE WHEN uncounted THEN ended_at END))
      FILTER (WHERE grade IN ('A', 'B') AND kind IN ('new', 'inquiry') AND NOT unasked) AS taken_at,
    -- nobody's where it was taken without anybody having been asked; whoever claims what ran out elsewhere gives sales' last word
    CASE WHEN bool_or(offer) THEN mod(max(answer), 4) END AS answer,
    CASE WHEN bool_or(offer) THEN mod(max(answer) FILTER (WHERE rep_id = whose OR whose IS NULL), 4) END AS own_answer
  FROM hand GROUP BY lead_id
), guess AS (  -- the stages whose first step history only inferred
  SELECT c.lead_id, string_agg(DISTINCT c.to_stage, ',' ORDER BY c.to_stage) AS stages
  FROM due_lead JOIN leads_stagechange c ON c.lead_id = due_lead.lead_id
  WHERE c.inferred AND NOT EXISTS (
    SELECT 1 FROM leads_stagechange e
    WHERE e.lead_id = c.lead_id AND e.seq < c.seq AND e.to_stage = c.to_stage
  )
  GROUP BY c.lead_id
)
SELECT l.id AS lead_id, l.channel, coalesce(l.segment_id, 0) AS segment, coalesce(l.region_id, 0) AS region,
  coalesce(l.campaign_id, 0) AS campaign, coalesce(rep.id, 0) AS owner,
  coalesce(rep.team_id, 0) AS team, coalesce(runner.team_id, 0) AS crew,
  (l.captured_at AT TIME ZONE organisation.zone)::date AS captured_on,
  (l.mql_at AT TIME ZONE organisation.zone)::date AS mql_on,
  (l.ready_at AT TIME ZONE organisation.zone)::date AS ready_on,
  (offer.offered_at AT TIME ZONE organisation.zone)::date AS offered_on,
  (l.sql_at AT TIME ZONE organisation.zone)::date AS sql_on,
  (l.deal_at AT TIME ZONE organisation.zone)::date AS deal_on,
  CASE WHEN l.won_at IS NOT NULL THEN coalesce(won.signed_on, (l.won_at AT TIME ZONE organisation.zone)::date) END AS won_on,
  -- and the steps that a pass went the other way round: an own find that the desk had only afterwards
  concat_ws(',', guess.stages,
    CASE WHEN l.ready_at < l.mql_at THEN 'mql_ready' END, CASE WHEN l.sql_at < l.mql_at THEN 'mql_sql' END,
    CASE WHEN l.sql_at < l.ready_at THEN 'ready_sql' END, CASE WHEN l.deal_at < l.sql_at THEN 'sql_deal' END)::varchar AS inferred,
  answers.words[1 + coalesce(offer.answer, 0)] AS answer, answers.words[1 + coalesce(offer.own_answer, 0)] AS own_answer,
  coalesce(nullif(l.grade, ''), offer.grade, l.mql_grade) AS grade,  -- a person's, else of its first hands, else proposed as MQL
  CASE WHEN l.stage IN ('mql', 'ready') AND NOT EXISTS (
    SELECT 1 FROM leads_handoff h WHERE h.lead_id = l.id AND h.ended_at IS NULL
  ) THEN CASE l.stage WHEN 'mql' THEN 'at_desk' ELSE 'not_offered' END ELSE '' END::varchar AS waits,
  (offer.delivered_at AT TIME ZONE organisation.zone)::date AS delivered_on,
  (offer.taken_at AT TIME ZONE organisation.zone)::date AS taken_on,
  coalesce(l.segment_id, company.segment_id, 0) AS owed_to,
  CASE WHEN campaign.track = 'marketing' THEN 'marketing'
       WHEN campaign.track = 'sales' OR l.channel IN ('sales_own', 'cold_call', 'tender') THEN 'sales'
       WHEN l.channel IN ('dealer', 'referral', 'partner_swap') THEN 'partner' ELSE 'other' END::varchar AS source
FROM due_lead JOIN leads_lead l ON l.id = due_lead.lead_id
CROSS JOIN accounts_organisation AS organisation
CROSS JOIN (SELECT ARRAY['', 'accepted', 'returned', 'expired']::varchar[] AS words) AS answers
LEFT JOIN offer ON offer.lead_id = l.id
LEFT JOIN pipeline_deal won ON won.id = l.deal_id AND won.outcome = 'won'
LEFT JOIN accounts_user rep ON rep.id = coalesce(offer.rep_id, l.owner_id)
LEFT JOIN pipeline_campaign campaign ON campaign.id = l.campaign_id
LEFT JOIN accounts_user runner ON runner.id = campaign.owner_id
LEFT JOIN pipeline_contact contact ON contact.id = l.contact_id AND l.segment_id IS NULL
LEFT JOIN pipeline_company company ON company.id = contact.company_id
LEFT JOIN guess ON guess.lead_id = l.id
WHERE l.merged_into_id IS NULL AND NOT l.is_test AND l.disqualified_because <> 'spam';
