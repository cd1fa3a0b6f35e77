"""Numbers kept as hints before the house's country was asked are read once more, in the background."""

from django.db import migrations

ALL = """
INSERT INTO leads_numbermark (contact_id)
SELECT DISTINCT contact_id FROM pipeline_identity WHERE kind = 'phone' ORDER BY contact_id
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0079_number_marks")]

    operations = [migrations.RunSQL(ALL, migrations.RunSQL.noop)]
