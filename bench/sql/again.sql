-- Undo what routing did to the leads of bench_due, so that they are due again.
DELETE FROM leads_notice WHERE kind = 'offered';
DELETE FROM engine_delivery WHERE kind = 'mail';
DELETE FROM leads_handoff h USING bench_due d WHERE h.lead_id = d.id;
UPDATE leads_lead l SET route_at = %(at)s, owner_id = NULL, pooled_at = NULL, rounds = 0 FROM bench_due d WHERE d.id = l.id;
UPDATE accounts_repprofile p SET open_n = c.n, cap_ceiling = greatest(p.capacity, c.n)
  FROM (SELECT user_id, count(h.id) AS n FROM accounts_repprofile LEFT JOIN leads_handoff h
        ON h.rep_id = user_id AND h.ended_at IS NULL GROUP BY user_id) c WHERE c.user_id = p.user_id;
DELETE FROM leads_ruleturn;
DELETE FROM leads_assignmentrun;
