"""Passes tell whose work brought them, and how long deals were open is kept as a histogram: both are counted again."""

from django.db import migrations, models

import reports.models.base

AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high)
SELECT 'lead', piece * 10000, piece * 10000 + 9999 FROM (SELECT DISTINCT lead_id / 10000 AS piece FROM reports_countedpass) AS pieces;
INSERT INTO reports_dealcycle (month, source, influenced, days, deals)
SELECT date_trunc('month', closed_on::timestamp)::date, source, influenced, greatest(least(closed_on - opened_on, 32000), 0), count(*)
FROM reports_counteddeal WHERE outcome = 'won' AND kind <> 'renewal' AND closed_on IS NOT NULL AND opened_on IS NOT NULL
GROUP BY 1, 2, 3, 4;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0072_words_of_chiefs")]

    operations = [
        migrations.CreateModel(
            "DealCycle",
            [
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "month", "source", "influenced", "days",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("month", models.DateField()),
                ("source", models.CharField(max_length=10)),
                ("influenced", models.BooleanField()),
                ("days", models.SmallIntegerField()),
                ("deals", reports.models.base.Tally(db_default=0, default=0)),
            ],
        ),
        migrations.AddField(
            "countedpass", "source", models.CharField(max_length=10, default=""), preserve_default=False
        ),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
