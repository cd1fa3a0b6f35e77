"""Campaigns that are part of themselves, by however many steps."""

from reports.verify.differences import Difference

# One row for each ring: its way around from its oldest campaign.
RINGS = """
WITH RECURSIVE up (start, above, path) AS (
  SELECT id, parent_id, ARRAY[id] FROM pipeline_campaign WHERE parent_id IS NOT NULL
  UNION ALL
  SELECT up.start, c.parent_id, up.path || c.id FROM up JOIN pipeline_campaign c ON c.id = up.above
  WHERE c.id > up.start AND c.id <> ALL(up.path)
) SELECT path || start FROM up WHERE above = start ORDER BY start
"""


def differences(cursor):
    """Each ring, as the ids around it."""
    cursor.execute(RINGS)
    for (ring,) in cursor.fetchall():
        way = " → ".join(str(one) for one in ring)
        yield Difference(
            f"Campaign {ring[0]} is part of itself", way, "no campaign is: give one of them another programme"
        )
