"""The scorecard that is in force has been published, so that it may come back after another one."""

from django.db import migrations

PUBLISHED = "UPDATE leads_scoremodel SET published_at = created_at WHERE in_force AND published_at IS NULL"


class Migration(migrations.Migration):
    dependencies = [("leads", "0013_scorecards_and_winning")]

    operations = [migrations.RunSQL(PUBLISHED, migrations.RunSQL.noop)]
