"""The tree of regions as each close found it; closes that kept none hold today's, by which they were told until now."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from engine.journals import ProtectJournal

FILL = """
WITH RECURSIVE up (one, above, path) AS (
  SELECT id, parent_id, ARRAY[id] FROM accounts_region
  UNION ALL SELECT up.one, r.parent_id, up.path || r.id
  FROM up JOIN accounts_region r ON r.id = up.above WHERE r.id <> ALL(up.path)
), whole AS (SELECT DISTINCT ON (one) one, path FROM up ORDER BY one, cardinality(path) DESC)
INSERT INTO reports_frozenregion (close_id, region, path)
SELECT m.id, whole.one, whole.path FROM pipeline_monthclose m CROSS JOIN whole
"""


class Migration(migrations.Migration):
    dependencies = [
        ("pipeline", "0034_names_once"),
        ("reports", "0041_steps_from_the_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="FrozenRegion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.BigIntegerField()),
                (
                    "path",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
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
                "verbose_name": "frozen region",
                "verbose_name_plural": "frozen regions",
                "constraints": [
                    models.UniqueConstraint(fields=("close", "region"), name="frozen_region_once"),
                    models.CheckConstraint(
                        condition=models.Q(("path__0", models.F("region"))), name="frozen_region_begins_path"
                    ),
                ],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        ProtectJournal("reports_frozenregion"),
    ]
