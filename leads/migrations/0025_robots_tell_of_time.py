"""Robots that tell of offers tell of those that run out, too."""

from django.db import migrations

TELL = """
UPDATE leads_robot SET kinds = kinds || '["expiring", "expired"]'::jsonb WHERE kinds @> '["offered"]' AND NOT kinds @> '["expiring"]'
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0024_suggested_offers")]

    operations = [migrations.RunSQL(TELL, migrations.RunSQL.noop)]
