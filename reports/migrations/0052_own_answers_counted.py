"""Sums of people count what whose a pass is answered: as all answers at first, and anew where two reps had the pass."""

from django.db import migrations

AS_COUNTED = "UPDATE reports_countedpass SET own_answer = answer WHERE answer <> ''"
AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high)
SELECT 'lead', lead_id, lead_id FROM leads_handoff GROUP BY lead_id HAVING count(DISTINCT rep_id) > 1
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0051_own_answers"), ("leads", "0071_wins_in_force")]

    operations = [
        migrations.RunSQL(AS_COUNTED, migrations.RunSQL.noop),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
