"""The moment of the first draw, where people are still there who were drawn on its day."""

from django.db import migrations

FILL = """
UPDATE leads_audience a SET drawn_at = first.at
FROM (SELECT audience_id, min(added_at) AS at FROM leads_audiencemember GROUP BY audience_id) AS first
CROSS JOIN accounts_organisation AS organisation
WHERE first.audience_id = a.id AND (first.at AT TIME ZONE organisation.zone)::date = a.drawn_on
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0082_drawn_at"), ("accounts", "0001_initial")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
