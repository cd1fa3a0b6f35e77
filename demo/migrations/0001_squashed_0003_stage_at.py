"""The tables of the demo as the first three migrations leave them."""

import django.db.models.deletion
from django.db import migrations, models

from engine.migrating import Together


class Migration(migrations.Migration):

    replaces = [
        ('demo', '0001_initial'),
        ('demo', '0002_wishes'),
        ('demo', '0003_stage_at'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        Together(
            migrations.CreateModel(
                name='Demo',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('only', models.BooleanField(default=True, editable=False, unique=True)),
                    ('language', models.CharField(max_length=10)),
                    ('seed', models.BigIntegerField()),
                    ('made_at', models.DateTimeField()),
                    ('before', models.JSONField(default=dict)),
                ],
            ),
            migrations.CreateModel(
                name='DemoWish',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('only', models.BooleanField(default=True, editable=False, unique=True)),
                    ('remove', models.BooleanField(default=False)),
                    ('language', models.CharField(max_length=10)),
                    ('small', models.BooleanField(default=False)),
                    ('asked_at', models.DateTimeField()),
                    ('started_at', models.DateTimeField(null=True)),
                    ('stage', models.CharField(default='waiting', max_length=20)),
                    ('stage_at', models.DateTimeField(null=True)),
                    ('done_at', models.DateTimeField(null=True)),
                    ('error', models.CharField(default='', max_length=300)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['asked_at'], name='demo_wish_due')],
                },
            ),
            migrations.CreateModel(
                name='DemoRange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('table', models.CharField(max_length=63)),
                    ('low', models.BigIntegerField()),
                    ('high', models.BigIntegerField()),
                    ('demo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ranges', to='demo.demo')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('low__lte', models.F('high'))), name='demo_range_in_order')],
                },
            ),
        ),
    ]
