"""Passes that went a step the other way round are counted again."""

from django.db import migrations

AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high) SELECT 'lead', id, id FROM leads_lead
WHERE ready_at < mql_at OR sql_at < mql_at OR sql_at < ready_at OR deal_at < sql_at
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0054_steps_the_other_way"), ("leads", "0071_wins_in_force")]

    operations = [migrations.RunSQL(AGAIN, migrations.RunSQL.noop)]
