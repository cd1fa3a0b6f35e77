"""What is received on deals is counted by day; each receipt marks its deal."""

from importlib import import_module

import django.db.models.deletion
import reports.models.base
from django.db import migrations, models


marks = import_module("reports.migrations.0002_marks")
TABLE = "pipeline_receipt"
MARK = marks._function(TABLE, {"deal": ("deal_id",)}, 'base_amount "on"') + marks._triggers(TABLE)


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0020_receipts'),
        ("reports", "0032_markov_order"),
    ]

    operations = [
        migrations.CreateModel(
            name='ReceiptDay',
            fields=[
                ('who', models.CharField(max_length=8)),
                ('whose', models.CharField(max_length=20)),
                ('flow', models.CharField(max_length=12)),
                ('day', models.DateField()),
                ('n', reports.models.base.Tally(db_default=0, default=0)),
                ('pk', models.CompositePrimaryKey('who', 'whose', 'flow', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('amount', reports.models.base.Sum(db_default=0, decimal_places=4, default=0, max_digits=22)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CountedReceipt',
            fields=[
                ('channel', models.CharField(max_length=20)),
                ('segment', models.BigIntegerField()),
                ('region', models.BigIntegerField()),
                ('campaign', models.BigIntegerField()),
                ('owner', models.BigIntegerField()),
                ('team', models.BigIntegerField()),
                ('crew', models.BigIntegerField()),
                ('receipt', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='+', serialize=False, to='pipeline.receipt')),
                ('received_on', models.DateField()),
                ('amount', models.DecimalField(decimal_places=4, max_digits=18)),
                ('deal', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pipeline.deal')),
            ],
            options={
                'indexes': [models.Index(fields=['deal'], name='counted_receipt_deal'), models.Index(fields=['received_on'], name='counted_receipt_day')],
            },
        ),
        migrations.RunSQL(MARK, marks._removal(TABLE)),
    ]
