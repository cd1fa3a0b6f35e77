"""Passes tell their grade, and totals by person and grade stand beside the cube."""

from importlib import import_module

from django.db import migrations, models

import reports.models.base

marks = import_module("reports.migrations.0002_marks")
AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high) SELECT 'everything', 0, 0 WHERE EXISTS (SELECT 1 FROM reports_countedpass);
"""


def _watching(more):
    kinds, watched = marks.SOURCES["leads_lead"]
    text = marks._function("leads_lead", kinds, f"{watched} {more}")
    return text.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


class Migration(migrations.Migration):
    dependencies = [("reports", "0015_first_wins_and_influence")]

    operations = [
        migrations.AddField(
            "countedpass", "grade", models.CharField(max_length=1, default=""), preserve_default=False
        ),
        migrations.RunSQL(_watching("owner_id grade"), _watching("owner_id")),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
        migrations.CreateModel(
            "FunnelSplit",
            [
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "axis", "key", "month", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("axis", models.CharField(max_length=5)),
                ("key", models.CharField(max_length=20)),
                ("month", models.DateField()),
                *(
                    (name, reports.models.base.Tally(default=0, db_default=0))
                    for name in ("leads", "to_mql", "to_ready", "to_sql", "to_deal", "to_won")
                ),
            ],
        ),
    ]
