-- A row of the journal: one step of a lead that has none yet and stands already where its steps lead.
INSERT INTO leads_stagechange (lead_id, seq, from_stage, to_stage, at, inferred)
SELECT lead_id, row_number() OVER pass, coalesce(lag(stage) OVER pass, '-'), stage, at, inferred
FROM {table}
WINDOW pass AS (PARTITION BY lead_id ORDER BY ord)
ORDER BY lead_id, ord
