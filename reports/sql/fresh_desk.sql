-- One row for each answer that the desk owed the passes among due_lead: the temporary table fresh_desk. What left the desk
-- unanswered before it was due was owed no longer; merged passes, tests and spam are owed nothing.
DROP TABLE IF EXISTS fresh_desk;

CREATE TEMPORARY TABLE fresh_desk ON COMMIT DROP AS
SELECT p.id AS promise_id, p.lead_id AS lead, (p.due_at AT TIME ZONE organisation.zone)::date AS due_on,
  coalesce(p.answered_at <= p.due_at, false) AS kept, p.due_at
FROM due_lead JOIN leads_lead l ON l.id = due_lead.lead_id
JOIN leads_deskpromise p ON p.lead_id = l.id
CROSS JOIN (SELECT zone FROM accounts_organisation) AS organisation
WHERE l.merged_into_id IS NULL AND NOT l.is_test AND l.disqualified_because <> 'spam'
  AND (p.ended_at IS NULL OR p.ended_at >= p.due_at);
