"""Targets of fiscal years that are agreed against the rounds that were signed, in turn."""

from reports.verify.differences import Difference

# A row: a month, measure and place for which another target counts than the one that was agreed last.
OTHERS = """
WITH agreed AS (
  SELECT DISTINCT ON (c.month, c.measure, c.region_id, c.segment_id) c.month, c.measure, c.region_id, c.segment_id, c.amount
  FROM reports_roundtarget c JOIN reports_targetround r ON r.id = c.round_id WHERE r.agreed_at IS NOT NULL
  ORDER BY c.month, c.measure, c.region_id, c.segment_id, r.agreed_at DESC, r.id DESC
)
SELECT a.month, a.measure, a.region_id, a.segment_id, t.amount, a.amount FROM agreed a LEFT JOIN reports_target t
  ON t.month = a.month AND t.measure = a.measure AND t.region_id IS NOT DISTINCT FROM a.region_id
  AND t.segment_id IS NOT DISTINCT FROM a.segment_id
WHERE t.amount IS DISTINCT FROM a.amount ORDER BY 1, 2, 3, 4
"""


def differences(cursor):
    """Each target that counts and is not what every side signed."""
    cursor.execute(OTHERS)
    for month, measure, region, segment, held, agreed in cursor.fetchall():
        place = f"region {region or 0}, segment {segment or 0}"
        yield Difference(
            f"Target of {measure}, {month:%Y-%m}, {place}",
            *(None if one is None else str(one) for one in (held, agreed)),
        )
