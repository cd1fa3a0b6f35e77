"""Robots that told of everything there was tell of leads of absent colleagues' accounts, too."""

from django.db import migrations

TELL = """
UPDATE leads_robot SET kinds = kinds || '["stood_in"]'
WHERE kinds @> '["offered", "moment", "word", "handed", "expiring", "expired", "disputed", "fading", "calendar", "review"]'
  AND NOT kinds @> '["stood_in"]'
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0054_returned_by_whom")]

    operations = [migrations.RunSQL(TELL, migrations.RunSQL.noop)]
