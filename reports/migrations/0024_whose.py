"""Sums of one campaign, person or team stand beside the cube; counted rows tell the teams that they belong to."""

import reports.models.base
from django.db import migrations, models

# A campaign that somebody else runs may belong to another team from now on.
RUN = """
CREATE FUNCTION reports_mark_campaign_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO reports_dirtykey (kind, low, high) SELECT DISTINCT 'run', id, id
  FROM (SELECT id, owner_id FROM new_rows EXCEPT SELECT id, owner_id FROM old_rows) AS changed;
  RETURN NULL;
END $$;
CREATE TRIGGER reports_mark_run AFTER UPDATE ON pipeline_campaign REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_campaign_run();
"""
NO_RUN = """
DROP TRIGGER IF EXISTS reports_mark_run ON pipeline_campaign;
DROP FUNCTION IF EXISTS reports_mark_campaign_run();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("reports", "0023_marks_of_disputes"),
    ]

    operations = [
        migrations.CreateModel(
            name='WhoseAnswers',
            fields=[
                ('who', models.CharField(max_length=8)),
                ('whose', models.CharField(max_length=20)),
                ('offers', reports.models.base.Tally(db_default=0, default=0)),
                ('accepted', reports.models.base.Tally(db_default=0, default=0)),
                ('returned', reports.models.base.Tally(db_default=0, default=0)),
                ('expired', reports.models.base.Tally(db_default=0, default=0)),
                ('waiting', reports.models.base.Tally(db_default=0, default=0)),
                ('due', reports.models.base.Tally(db_default=0, default=0)),
                ('in_time', reports.models.base.Tally(db_default=0, default=0)),
                ('pk', models.CompositePrimaryKey('who', 'whose', 'month', blank=True, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WhoseDays',
            fields=[
                ('who', models.CharField(max_length=8)),
                ('whose', models.CharField(max_length=20)),
                ('step', models.CharField(max_length=12)),
                ('days', models.SmallIntegerField()),
                ('passes', reports.models.base.Tally(db_default=0, default=0)),
                ('pk', models.CompositePrimaryKey('who', 'whose', 'step', 'month', 'days', blank=True, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WhoseDeals',
            fields=[
                ('who', models.CharField(max_length=8)),
                ('whose', models.CharField(max_length=20)),
                ('kind', models.CharField(max_length=10)),
                ('opened', reports.models.base.Tally(db_default=0, default=0)),
                ('opened_amount', reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
                ('open', reports.models.base.Tally(db_default=0, default=0)),
                ('open_amount', reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
                ('open_unpriced', reports.models.base.Tally(db_default=0, default=0)),
                ('stepless', reports.models.base.Tally(db_default=0, default=0)),
                ('slipped', reports.models.base.Tally(db_default=0, default=0)),
                ('won', reports.models.base.Tally(db_default=0, default=0)),
                ('won_amount', reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
                ('won_unpriced', reports.models.base.Tally(db_default=0, default=0)),
                ('won_uncosted', reports.models.base.Tally(db_default=0, default=0)),
                ('margin', reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
                ('lost', reports.models.base.Tally(db_default=0, default=0)),
                ('lost_amount', reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
                ('pk', models.CompositePrimaryKey('who', 'whose', 'kind', 'month', blank=True, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WhoseFunnel',
            fields=[
                ('who', models.CharField(max_length=8)),
                ('whose', models.CharField(max_length=20)),
                ('leads', reports.models.base.Tally(db_default=0, default=0)),
                ('to_mql', reports.models.base.Tally(db_default=0, default=0)),
                ('to_ready', reports.models.base.Tally(db_default=0, default=0)),
                ('to_sql', reports.models.base.Tally(db_default=0, default=0)),
                ('to_deal', reports.models.base.Tally(db_default=0, default=0)),
                ('to_won', reports.models.base.Tally(db_default=0, default=0)),
                ('mqls', reports.models.base.Tally(db_default=0, default=0)),
                ('readies', reports.models.base.Tally(db_default=0, default=0)),
                ('offered', reports.models.base.Tally(db_default=0, default=0)),
                ('answered', reports.models.base.Tally(db_default=0, default=0)),
                ('accepted', reports.models.base.Tally(db_default=0, default=0)),
                ('sqls', reports.models.base.Tally(db_default=0, default=0)),
                ('deals', reports.models.base.Tally(db_default=0, default=0)),
                ('wins', reports.models.base.Tally(db_default=0, default=0)),
                ('pk', models.CompositePrimaryKey('who', 'whose', 'month', blank=True, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WhoseMinutes',
            fields=[
                ('who', models.CharField(max_length=8)),
                ('whose', models.CharField(max_length=20)),
                ('clock', models.CharField(choices=[('answer', 'Answer'), ('contact', 'Contact'), ('speed', 'Speed')], max_length=8)),
                ('minutes', models.SmallIntegerField()),
                ('offers', reports.models.base.Tally(db_default=0, default=0)),
                ('pk', models.CompositePrimaryKey('who', 'whose', 'clock', 'month', 'minutes', blank=True, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WhoseSplit',
            fields=[
                ('who', models.CharField(max_length=8)),
                ('whose', models.CharField(max_length=20)),
                ('leads', reports.models.base.Tally(db_default=0, default=0)),
                ('to_mql', reports.models.base.Tally(db_default=0, default=0)),
                ('to_ready', reports.models.base.Tally(db_default=0, default=0)),
                ('to_sql', reports.models.base.Tally(db_default=0, default=0)),
                ('to_deal', reports.models.base.Tally(db_default=0, default=0)),
                ('to_won', reports.models.base.Tally(db_default=0, default=0)),
                ('pk', models.CompositePrimaryKey('who', 'whose', 'axis', 'month', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('axis', models.CharField(max_length=7)),
                ('key', models.CharField(max_length=20)),
                ('month', models.DateField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WhoseSteps',
            fields=[
                ('who', models.CharField(max_length=8)),
                ('whose', models.CharField(max_length=20)),
                ('step', models.CharField(max_length=12)),
                ('reached', reports.models.base.Tally(db_default=0, default=0)),
                ('undated', reports.models.base.Tally(db_default=0, default=0)),
                ('in_30', reports.models.base.Tally(db_default=0, default=0)),
                ('in_90', reports.models.base.Tally(db_default=0, default=0)),
                ('in_180', reports.models.base.Tally(db_default=0, default=0)),
                ('pk', models.CompositePrimaryKey('who', 'whose', 'step', 'month', blank=True, editable=False, primary_key=True, serialize=False)),
                ('month', models.DateField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='counteddeal',
            name='crew',
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='counteddeal',
            name='team',
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='countedoffer',
            name='crew',
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='countedoffer',
            name='team',
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='countedpass',
            name='crew',
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='countedpass',
            name='team',
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='dirtykey',
            name='kind',
            field=models.CharField(choices=[('lead', 'Lead'), ('deal', 'Deal'), ('contact', 'Contact'), ('company', 'Company'), ('customer', 'Customer'), ('campaign', 'Campaign'), ('spend', 'Spend'), ('rep', 'Rep'), ('run', 'Run'), ('everything', 'Everything')], max_length=10),
        ),
        migrations.AlterField(
            model_name='funnelsplit',
            name='axis',
            field=models.CharField(max_length=7),
        ),
        migrations.RunSQL(RUN, NO_RUN),
    ]
