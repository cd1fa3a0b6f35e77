"""Open deals are credited too: what is counted is counted again."""

from django.db import migrations

AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high)
SELECT 'everything', 0, 0 WHERE EXISTS (SELECT 1 FROM reports_counteddeal);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0009_pipeline_credits")]

    operations = [migrations.RunSQL(AGAIN, migrations.RunSQL.noop)]
