-- Take off the oldest marks, at most %(most)s keys in all (one mark at least), into the temporary table mark.
-- A mark that a later change writes is not seen here and stays for the next round.
WITH oldest AS (
  SELECT id, sum(high - low + 1) OVER (ORDER BY id) - (high - low + 1) AS before
  FROM (SELECT id, low, high FROM reports_dirtykey ORDER BY id LIMIT %(most)s) AS head
), taken AS (
  DELETE FROM reports_dirtykey d USING oldest
  WHERE d.id = oldest.id AND (oldest.before = 0 OR oldest.before < %(most)s)
  RETURNING d.kind, d.low, d.high
)
INSERT INTO mark (kind, low, high) SELECT kind, low, high FROM taken;
