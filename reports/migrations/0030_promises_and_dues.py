"""What is promised, delivered and due is counted by month, so that no page adds up handoffs or deals; whom it touches is marked."""

from importlib import import_module

import django.db.models.deletion
import reports.models.base
from django.db import migrations, models


marks = import_module("reports.migrations.0002_marks")


def _watching(table, kinds=None, more=""):
    known, watched = marks.SOURCES[table]
    text = marks._function(table, {**known, **(kinds or {})}, f"{watched} {more}")
    return text.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


LEAD = "owner_id grade"
# What a contact's company lends to its leads, and whether a hand was raised, which has attempts of its own.
WATCHED = [
    (_watching("leads_lead", more=f"{LEAD} hand_raised_at"), _watching("leads_lead", more=LEAD)),
    (_watching("pipeline_contact", {"company": ("company_id",)}), _watching("pipeline_contact")),
]


class Migration(migrations.Migration):

    dependencies = [
        ('leads', '0045_handoffs_untouched'),
        ("reports", "0029_count_flows"),
    ]

    operations = [
        migrations.CreateModel(
            name='CountedPromise',
            fields=[
                ('handoff', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='+', serialize=False, to='leads.handoff')),
                ('lead', models.BigIntegerField(db_index=True)),
                ('answer_on', models.DateField(null=True)),
                ('answered', models.BooleanField()),
                ('contact_on', models.DateField(null=True)),
                ('contacted', models.BooleanField()),
                ('let_go_on', models.DateField(null=True)),
                ('persisted', models.BooleanField()),
                ('last_due_at', models.DateTimeField(db_index=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='DeliveryMonth',
            fields=[
                ('pk', models.CompositePrimaryKey('segment', 'month', blank=True, editable=False, primary_key=True, serialize=False)),
                ('segment', models.BigIntegerField()),
                ('month', models.DateField()),
                ('offered', reports.models.base.Tally(db_default=0, default=0)),
                ('accepted', reports.models.base.Tally(db_default=0, default=0)),
            ],
        ),
        migrations.CreateModel(
            name='DueMonth',
            fields=[
                ('channel', models.CharField(max_length=20)),
                ('segment', models.BigIntegerField()),
                ('region', models.BigIntegerField()),
                ('month', models.DateField()),
                ('category', models.CharField(max_length=10)),
                ('deals', reports.models.base.Tally(db_default=0, default=0)),
                ('unpriced', reports.models.base.Tally(db_default=0, default=0)),
                ('amount', reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
                ('weighted', reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
                ('pk', models.CompositePrimaryKey('channel', 'segment', 'region', 'month', 'category', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PromiseMonth',
            fields=[
                ('pk', models.CompositePrimaryKey('promise', 'month', blank=True, editable=False, primary_key=True, serialize=False)),
                ('promise', models.CharField(max_length=12)),
                ('month', models.DateField()),
                ('due', reports.models.base.Tally(db_default=0, default=0)),
                ('kept', reports.models.base.Tally(db_default=0, default=0)),
            ],
        ),
        migrations.CreateModel(
            name='WhoseDue',
            fields=[
                ('who', models.CharField(max_length=8)),
                ('whose', models.CharField(max_length=20)),
                ('category', models.CharField(max_length=10)),
                ('deals', reports.models.base.Tally(db_default=0, default=0)),
                ('unpriced', reports.models.base.Tally(db_default=0, default=0)),
                ('amount', reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
                ('weighted', reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
                ('pk', models.CompositePrimaryKey('who', 'whose', 'month', 'category', 'region', blank=True, editable=False, primary_key=True, serialize=False)),
                ('region', models.BigIntegerField()),
                ('month', models.DateField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='countedpass',
            name='delivered_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='countedpass',
            name='owed_to',
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='countedpass',
            name='taken_on',
            field=models.DateField(null=True),
        ),
        *(migrations.RunSQL(now, before) for now, before in WATCHED),
    ]
