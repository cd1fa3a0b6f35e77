"""Sums by day, and of what came back by reason: of all, and of one campaign, person, team, channel, segment or region."""

import reports.models.base
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("reports", "0027_whose_was_frozen"),
    ]

    operations = [
        migrations.CreateModel(
            name='DealDay',
            fields=[
                ('who', models.CharField(max_length=8)),
                ('whose', models.CharField(max_length=20)),
                ('flow', models.CharField(max_length=12)),
                ('day', models.DateField()),
                ('n', reports.models.base.Tally(db_default=0, default=0)),
                ('pk', models.CompositePrimaryKey('who', 'whose', 'flow', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('amount', reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
                ('special', reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OfferDay',
            fields=[
                ('who', models.CharField(max_length=8)),
                ('whose', models.CharField(max_length=20)),
                ('flow', models.CharField(max_length=12)),
                ('day', models.DateField()),
                ('n', reports.models.base.Tally(db_default=0, default=0)),
                ('pk', models.CompositePrimaryKey('who', 'whose', 'flow', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PassDay',
            fields=[
                ('who', models.CharField(max_length=8)),
                ('whose', models.CharField(max_length=20)),
                ('flow', models.CharField(max_length=12)),
                ('day', models.DateField()),
                ('n', reports.models.base.Tally(db_default=0, default=0)),
                ('pk', models.CompositePrimaryKey('who', 'whose', 'flow', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReasonMonth',
            fields=[
                ('who', models.CharField(max_length=8)),
                ('whose', models.CharField(max_length=20)),
                ('pk', models.CompositePrimaryKey('who', 'whose', 'month', 'reason', blank=True, editable=False, primary_key=True, serialize=False)),
                ('reason', models.BigIntegerField()),
                ('month', models.DateField()),
                ('offers', reports.models.base.Tally(db_default=0, default=0)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='counteddeal',
            name='source',
            field=models.CharField(default='', max_length=10),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='countedoffer',
            name='reason',
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='countedpass',
            name='waits',
            field=models.CharField(default='', max_length=12),
            preserve_default=False,
        ),
    ]
