"""The tree of campaigns as each close found it; closes that kept none hold today's, by which they were told until now."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

from engine.journals import ProtectJournal

FILL = """
WITH RECURSIVE up (campaign, above, path) AS (
  SELECT id, parent_id, ARRAY[id] FROM pipeline_campaign
  UNION ALL SELECT up.campaign, c.parent_id, up.path || c.id
  FROM up JOIN pipeline_campaign c ON c.id = up.above WHERE c.id <> ALL(up.path)
), whole AS (SELECT DISTINCT ON (campaign) campaign, path FROM up ORDER BY campaign, cardinality(path) DESC)
INSERT INTO reports_frozencampaign (close_id, campaign, path, owner, team)
SELECT m.id, c.id, whole.path, coalesce(c.owner_id, 0), coalesce(u.team_id, 0)
FROM pipeline_monthclose m CROSS JOIN whole JOIN pipeline_campaign c ON c.id = whole.campaign
LEFT JOIN accounts_user u ON u.id = c.owner_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("pipeline", "0030_campaign_history_of_closes"),
        ("reports", "0038_frozen_teams"),
    ]

    operations = [
        migrations.CreateModel(
            name="FrozenCampaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("campaign", models.BigIntegerField()),
                (
                    "path",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("owner", models.BigIntegerField()),
                ("team", models.BigIntegerField()),
                (
                    "close",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="pipeline.monthclose",
                    ),
                ),
            ],
            options={
                "verbose_name": "frozen campaign",
                "verbose_name_plural": "frozen campaigns",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["path"], name="frozen_campaign_path")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("close", "campaign"), name="frozen_campaign_once"),
                    models.CheckConstraint(
                        condition=models.Q(("path__0", models.F("campaign"))),
                        name="frozen_campaign_begins_path",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        ProtectJournal("reports_frozencampaign"),
    ]
