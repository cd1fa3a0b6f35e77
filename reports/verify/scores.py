"""The heat of every lead against its touches, and the scorecard that decides against its product line."""

from leads.models import ScoreModel
from leads.scoring import lines, statements
from reports.verify.differences import Difference

# Scores that are due are left out: the next round of scoring writes them.
HEAT = """
WITH {chosen}, {touch_days},
warm AS (SELECT id, sum(heat) AS heat FROM weighed GROUP BY id)
SELECT s.lead_id, s.heat, coalesce(warm.heat, 0)
FROM chosen JOIN leads_leadscore s ON s.id = chosen.id LEFT JOIN warm ON warm.id = s.id
WHERE abs(s.heat - coalesce(warm.heat, 0)) > 1e-9 * greatest(s.heat, coalesce(warm.heat, 0))
ORDER BY s.lead_id
"""
SETTLED = "s.scored_at >= s.touched_at"

# Of leads none of whose scores is due: each model in force that applies has a score, no other has, and one decides.
APPLIES = f"""
WITH truth AS ({lines.TRUTH}),
wanted AS (
  SELECT t.lead_id, m.line, t.family = m.line OR m.line = '' AND t.should AS should
  FROM truth t JOIN leads_scoremodel m ON m.in_force AND (m.line = '' OR t.family IN ('', m.line))
  WHERE t.line = '' AND t.in_force
),
there AS (SELECT lead_id, line, decides FROM truth WHERE in_force)
SELECT lead_id, line, there.decides, wanted.should FROM wanted FULL JOIN there USING (lead_id, line)
WHERE there.decides IS DISTINCT FROM wanted.should AND NOT EXISTS (
  SELECT FROM leads_leadscore due WHERE due.lead_id = coalesce(wanted.lead_id, there.lead_id)
    AND (due.scored_at IS NULL OR due.scored_at < due.touched_at))
ORDER BY 1, 2
"""


def differences(cursor):
    """Leads whose heat under a model in force is not, within a billionth, that of their touches; wrong deciders."""
    for model in ScoreModel.objects.filter(in_force=True):
        sql = HEAT.format(chosen=statements.CHOSEN.format(which=SETTLED), touch_days=statements.TOUCH_DAYS)
        cursor.execute(sql, statements.values(model))
        for lead, stored, source in cursor.fetchall():
            yield Difference(f"Heat (lead {lead})", str(stored), str(source))
    if ScoreModel.objects.exclude(line="").filter(in_force=True).exists():
        cursor.execute(APPLIES)
        for lead, line, stored, source in cursor.fetchall():
            yield Difference(f"Deciding scorecard “{line}” (lead {lead})", str(stored), str(source))
