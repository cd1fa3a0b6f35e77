"""What a record of a file is part of: a programme of campaigns, a parent of companies. Never of itself, by whatever way round."""

from leads.importing.wording import gettext as _
from leads.importing.work import STAGE

# A row: a staged record that would be part of itself, were every staged record part of what its row says.
RINGS = f"""
WITH RECURSIVE way (no, start, id) AS (
  SELECT no, row_id, parent_id FROM {STAGE} WHERE parent_id IS NOT NULL
  UNION
  SELECT way.no, way.start, coalesce(s.parent_id, t.parent_id)
  FROM way JOIN {{table}} t ON t.id = way.id LEFT JOIN {STAGE} s ON s.row_id = t.id
  WHERE way.id <> way.start
)
SELECT w.no, 'parent', s.parent FROM way w JOIN {STAGE} s ON s.no = w.no WHERE w.id = w.start ORDER BY w.no
"""


def settle(work, table):
    """Write the staged `parent_id` of rows of `table`; rows in a ring stay part of what they were, with a warning."""
    rings = []
    while found := work.rows(RINGS.format(table=table)):  # one that stays may close another ring
        rings += found
        work.execute(f"UPDATE {STAGE} SET parent_id = NULL WHERE no = ANY(%s)", [[one[0] for one in found]])
    work.execute(
        f"""UPDATE {table} t SET parent_id = s.parent_id FROM {STAGE} s
            WHERE t.id = s.row_id AND s.parent_id IS NOT NULL AND t.parent_id IS DISTINCT FROM s.parent_id"""
    )
    work.warn(rings, lambda one: _("so it would be part of itself: what it was part of stays"))
