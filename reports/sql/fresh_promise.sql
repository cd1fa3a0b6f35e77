-- One row for each handoff of the passes among due_lead of which sales promised something: the temporary table fresh_promise.
-- Attempts are owed of what a rep accepted and let run out or gave up, by grade; of a hand raised, by a word of its own.
DROP TABLE IF EXISTS fresh_promise;

CREATE TEMPORARY TABLE fresh_promise ON COMMIT DROP AS
SELECT h.id AS handoff_id, h.lead_id AS lead,
  (h.answer_due_at AT TIME ZONE organisation.zone)::date AS answer_on,
  coalesce(coalesce(h.accepted_at, CASE WHEN h."end" = 'returned' THEN h.ended_at END) <= h.answer_due_at, false) AS answered,
  CASE WHEN h.contacted_at IS NOT NULL OR h.ended_at IS NULL OR h.ended_at >= h.contact_due_at  -- still in the rep's hands then
    THEN (h.contact_due_at AT TIME ZONE organisation.zone)::date END AS contact_on,
  coalesce(h.contacted_at <= h.contact_due_at, false) AS contacted,
  CASE WHEN h.accepted_at IS NOT NULL AND (h."end" = 'expired' OR h.gave_up) THEN (h.ended_at AT TIME ZONE organisation.zone)::date END AS let_go_on,
  h.accepted_at IS NOT NULL AND (h."end" = 'expired' OR h.gave_up) AND h.attempts >= coalesce(
    (a.attempts_owed ->> CASE WHEN l.hand_raised_at IS NOT NULL THEN 'hand' ELSE h.grade END)::int, 0
  ) AS persisted,
  greatest(h.answer_due_at, h.contact_due_at) AS last_due_at
FROM due_lead JOIN leads_lead l ON l.id = due_lead.lead_id
JOIN leads_handoff h ON h.lead_id = l.id
JOIN leads_agreement a ON a.id = h.agreement_id
CROSS JOIN (SELECT zone FROM accounts_organisation) AS organisation
WHERE h.kind NOT IN ('own_find', 'imported')
  AND (h.answer_due_at IS NOT NULL OR h.contact_due_at IS NOT NULL OR h.accepted_at IS NOT NULL AND (h."end" = 'expired' OR h.gave_up));
