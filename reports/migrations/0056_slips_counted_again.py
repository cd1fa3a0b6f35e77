"""Passes with an offer that something taken back had brought are counted again: it is nobody's answer."""

from django.db import migrations

AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high)
SELECT DISTINCT 'lead', lead_id, lead_id FROM leads_handoff
WHERE "end" = 'released' AND note IN ('The return was taken back.', 'Taken back at the desk')
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0055_steps_the_other_way_counted"), ("leads", "0071_wins_in_force")]

    operations = [migrations.RunSQL(AGAIN, migrations.RunSQL.noop)]
