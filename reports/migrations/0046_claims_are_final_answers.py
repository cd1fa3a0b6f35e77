"""What ran out and was claimed from the pool has been accepted in the end: passes with a claim are counted again."""

from django.db import migrations

AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high)
SELECT DISTINCT 'lead', lead_id, lead_id FROM leads_handoff WHERE kind IN ('claim', 'imported', 'own_find');
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0045_forgotten_campaigns"), ("leads", "0060_taken_without_an_offer")]

    operations = [migrations.RunSQL(AGAIN, migrations.RunSQL.noop)]
