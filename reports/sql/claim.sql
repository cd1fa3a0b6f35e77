-- Take off the oldest marks, at most %(most)s keys in all (one mark at least), into the temporary table mark.
-- A mark that a later change writes is not seen here and stays for the next round. Marks are told by the last id of the
-- round, never by a join: the table is mostly empty, and a plan made for that would be quadratic after an import.
WITH round AS (
  SELECT max(id) AS last FROM (
    SELECT id, sum(high - low + 1) OVER (ORDER BY id) - (high - low + 1) AS before
    FROM (SELECT id, low, high FROM reports_dirtykey ORDER BY id LIMIT %(most)s) AS head
  ) AS summed
  WHERE before = 0 OR before < %(most)s
), taken AS (
  DELETE FROM reports_dirtykey WHERE id <= (SELECT last FROM round)
  RETURNING kind, low, high
)
INSERT INTO mark (kind, low, high) SELECT kind, low, high FROM taken;
