"""A close remembers the last row of history of campaigns; those there are hold the tree as it is found by this migration."""

from django.db import migrations, models

FILL = """
SELECT set_config('tandem.erasing', 'on', true);
UPDATE pipeline_monthclose SET campaign_history = (SELECT coalesce(max(pgh_id), 0) FROM pipeline_campaignevent);
SELECT set_config('tandem.erasing', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0029_company_domain_beginnings")]

    operations = [
        migrations.AddField(
            model_name="monthclose",
            name="campaign_history",
            field=models.BigIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
