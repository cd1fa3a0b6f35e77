"""What customers cancelled is off the year of its purchase: those with any are counted again."""

from django.db import migrations

AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high)
SELECT DISTINCT 'customer', d.company_id, d.company_id FROM pipeline_deal c JOIN pipeline_deal d ON d.id = c.cancels_id
WHERE d.company_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0052_own_answers_counted"), ("pipeline", "0038_names_folded")]

    operations = [migrations.RunSQL(AGAIN, migrations.RunSQL.noop)]
