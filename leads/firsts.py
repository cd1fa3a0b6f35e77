"""The first times of a lead's pass at each stage: emptied again where a slip had reached it first."""

from django.db import connection

from leads import because
from leads.funnel import FIRST_TIMES
from pipeline.stages import Stage

# A step that was taken back, and those by which it was.
UNDONE = """(c.reason = ANY(%(slips)s) OR EXISTS (
  SELECT FROM leads_stagechange n WHERE n.lead_id = c.lead_id AND n.seq = c.seq + 1 AND n.reason = ANY(%(slips)s)))"""
HELD = """l.{column} < slip.at OR EXISTS (
  SELECT FROM leads_stagechange c WHERE c.lead_id = l.id AND c.to_stage = '{stage}' AND c.seq < slip.seq AND NOT {undone}
)"""
KEPT = f"{{column}} = CASE WHEN {HELD} THEN l.{{column}} END"
# What was proposed at a first time that was none is forgotten with it.
GRADE = f"mql_grade = CASE WHEN {HELD} THEN l.mql_grade ELSE '' END"
FORGET = """
UPDATE leads_lead l SET {kept} FROM leads_stagechange slip
WHERE l.id = ANY(%(leads)s::bigint[]) AND slip.lead_id = l.id AND slip.seq = l.seq - %(steps)s
  AND slip.at <= greatest({columns})
"""


def forget(lead_ids, steps):
    """These leads have first reached no stage by the move that was taken back just now in so many steps, nor by those."""
    if lead_ids:
        each = [
            KEPT.format(column=column, stage=stage, undone=UNDONE) for stage, column in FIRST_TIMES.items()
        ]
        grade = GRADE.format(column=FIRST_TIMES[Stage.MQL], stage=Stage.MQL, undone=UNDONE)
        kept = ", ".join([*each, grade])
        columns = ", ".join(f"l.{column}" for column in FIRST_TIMES.values())
        bound = {"leads": lead_ids, "steps": steps, "slips": list(because.SLIPS)}
        with connection.cursor() as cursor:
            cursor.execute(FORGET.format(kept=kept, columns=columns), bound)
