"""The history of every lead against the lead itself: an unbroken chain that ends where the lead stands."""

from leads.because import SLIPS
from reports.verify.differences import compared

STORED = """
SELECT l.id AS lead, l.stage, l.seq, l.mql_at, l.ready_at, l.sql_at, l.deal_at, l.won_at, 0::bigint AS breaks
FROM leads_lead l WHERE l.merged_into_id IS NULL
"""
UNDOING = ", ".join(f"'{reason}'" for reason in SLIPS)
# The date of a stage is that of the first step to it, but for a step that was taken back and those that took it back; of
# the win that of the step in force.
SOURCE = f"""
SELECT l.id, last.to_stage, last.seq::int, first.mql, first.ready, first.sql, first.deal, CASE WHEN last.to_stage = 'won' THEN first.won END,
  coalesce(first.breaks, 1)
FROM leads_lead l
LEFT JOIN (
  SELECT DISTINCT ON (lead_id) lead_id, to_stage, seq FROM leads_stagechange ORDER BY lead_id, seq DESC
) AS last ON last.lead_id = l.id
LEFT JOIN (
  SELECT lead_id,
    (array_agg(at ORDER BY seq) FILTER (WHERE to_stage = 'mql' AND NOT undone))[1] AS mql,
    (array_agg(at ORDER BY seq) FILTER (WHERE to_stage = 'ready' AND NOT undone))[1] AS ready,
    (array_agg(at ORDER BY seq) FILTER (WHERE to_stage = 'sql' AND NOT undone))[1] AS sql,
    (array_agg(at ORDER BY seq) FILTER (WHERE to_stage = 'deal' AND NOT undone))[1] AS deal,
    (array_agg(at ORDER BY seq DESC) FILTER (WHERE to_stage = 'won'))[1] AS won,
    count(*) FILTER (WHERE from_stage <> before OR seq <> number) AS breaks
  FROM (
    SELECT *, coalesce(lag(to_stage) OVER chain, '-') AS before, row_number() OVER chain AS number,
      reason IN ({UNDOING}) OR coalesce(lead(reason) OVER chain IN ({UNDOING}), false) AS undone
    FROM leads_stagechange WINDOW chain AS (PARTITION BY lead_id ORDER BY seq)
  ) AS steps GROUP BY lead_id
) AS first ON first.lead_id = l.id
WHERE l.merged_into_id IS NULL
"""


def differences(cursor):
    """Leads whose stage, counter or dates are not those of their history; `breaks` counts broken links in it."""
    return compared(cursor, "History", 1, STORED, SOURCE)
