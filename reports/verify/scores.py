"""The heat of every lead against its touches."""

from leads.models import ScoreModel
from leads.scoring import statements
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


def differences(cursor):
    """Leads whose heat under the model in force is not, within a billionth, that of their touches."""
    for model in ScoreModel.objects.filter(in_force=True):
        sql = HEAT.format(chosen=statements.CHOSEN.format(which=SETTLED), touch_days=statements.TOUCH_DAYS)
        cursor.execute(sql, statements.values(model))
        for lead, stored, source in cursor.fetchall():
            yield Difference(f"Heat (lead {lead})", str(stored), str(source))
