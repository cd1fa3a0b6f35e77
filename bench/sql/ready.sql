-- Make %(count)s passes ready that nobody has been offered yet, and due to be routed at %(at)s: the table bench_due.
CREATE TABLE bench_due AS
SELECT l.id, (ARRAY['A', 'B', 'B', 'C', 'C', 'D'])[(hashint8(l.id) & 3) + 1] AS grade
FROM leads_lead l WHERE l.stage = 'new' AND NOT EXISTS (SELECT FROM leads_handoff h WHERE h.lead_id = l.id)
ORDER BY l.id LIMIT %(count)s;
INSERT INTO leads_stagechange (lead_id, seq, from_stage, to_stage, at, reason)
  SELECT id, v.seq, v.source, v.target, %(at)s, 'bench' FROM bench_due
  CROSS JOIN (VALUES (2, 'new', 'mql'), (3, 'mql', 'ready')) AS v (seq, source, target) ORDER BY id, v.seq;
UPDATE leads_lead l SET stage = 'ready', seq = 3, mql_at = %(at)s, ready_at = %(at)s, grade = d.grade, mql_grade = d.grade
  FROM bench_due d WHERE d.id = l.id;
