"""Lost deals tell why, in which stage and to whom, and are counted by each."""

import reports.models.base
from django.db import migrations, models

from reports.migrations import _marks

KINDS = {"deal": ("id", "cancels_id"), "company": ("company_id",)}
BEFORE = _marks.SOURCES["pipeline_deal"][1]
AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high)
SELECT 'deal', piece * 10000, piece * 10000 + 9999 FROM (SELECT DISTINCT deal_id / 10000 AS piece FROM reports_counteddeal WHERE outcome = 'lost') AS pieces;
"""


def _watching(columns):
    made = _marks._function("pipeline_deal", KINDS, columns)
    return made.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


class Migration(migrations.Migration):

    dependencies = [
        ("reports", "0073_sources_of_passes"),
        ("pipeline", "0048_losses"),
    ]

    operations = [
        migrations.CreateModel(
            name='LossMonth',
            fields=[
                ('pk', models.CompositePrimaryKey('who', 'month', 'reason', 'whose', blank=True, editable=False, primary_key=True, serialize=False)),
                ('who', models.CharField(max_length=8)),
                ('whose', models.CharField(max_length=100)),
                ('reason', models.BigIntegerField()),
                ('month', models.DateField()),
                ('deals', reports.models.base.Tally(db_default=0, default=0)),
                ('unpriced', reports.models.base.Tally(db_default=0, default=0)),
                ('amount', reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
            ],
        ),
        migrations.AddField(
            model_name='counteddeal',
            name='lost_at',
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='counteddeal',
            name='reason',
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='counteddeal',
            name='rival',
            field=models.CharField(db_default='', max_length=100),
        ),
        migrations.RunSQL(_watching(f"{BEFORE} outcome_reason_id rival"), _watching(BEFORE)),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
