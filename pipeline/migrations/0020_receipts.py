"""Money received on deals: dated entries, each with its history."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import pipeline.models.base
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ("pipeline", "0019_companies_newest_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(blank=True, db_default='', default='', max_length=100, verbose_name='source')),
                ('external_id', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='external id')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now(), verbose_name='changed')),
                ('on', models.DateField(verbose_name='received on')),
                ('amount', pipeline.models.base.MoneyField(decimal_places=4, max_digits=18, verbose_name='amount')),
                ('currency', models.CharField(default='EUR', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'A currency is three capital letters, such as EUR.')], verbose_name='currency')),
                ('base_amount', pipeline.models.base.MoneyField(decimal_places=4, editable=False, max_digits=18, verbose_name='amount in report currency')),
                ('note', models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='note')),
                ('deal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='receipts', to='pipeline.deal', verbose_name='deal')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
            ],
            options={
                'verbose_name': 'receipt',
                'verbose_name_plural': 'receipts',
                'ordering': ['on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ReceiptEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('on', models.DateField(verbose_name='received on')),
                ('amount', pipeline.models.base.MoneyField(decimal_places=4, max_digits=18, verbose_name='amount')),
                ('currency', models.CharField(default='EUR', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'A currency is three capital letters, such as EUR.')], verbose_name='currency')),
                ('base_amount', pipeline.models.base.MoneyField(decimal_places=4, editable=False, max_digits=18, verbose_name='amount in report currency')),
                ('note', models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='note')),
                ('deal', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.deal', verbose_name='deal')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='pipeline.receipt')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('source', 'external_id'), name='receipt_once_per_source'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__isnull', True), models.Q(('amount', django.db.models.functions.comparison.Cast(models.Value('NaN', models.TextField()), models.DecimalField(decimal_places=4, max_digits=18))), _negated=True), _connector='OR'), models.Q(('base_amount__isnull', True), models.Q(('base_amount', django.db.models.functions.comparison.Cast(models.Value('NaN', models.TextField()), models.DecimalField(decimal_places=4, max_digits=18))), _negated=True), _connector='OR')), name='receipt_money_is_number'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='receipt_is_not_nothing'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='receipt',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."base_amount" IS DISTINCT FROM (NEW."base_amount") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."deal_id" IS DISTINCT FROM (NEW."deal_id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."on" IS DISTINCT FROM (NEW."on"))', func='INSERT INTO "pipeline_receiptevent" ("amount", "base_amount", "currency", "deal_id", "note", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."amount", OLD."base_amount", OLD."currency", OLD."deal_id", OLD."note", OLD."on", _pgh_attach_context(), NOW(), \'update\', OLD."id"); RETURN NULL;', hash='b7982037d99b260718b641199bc880dccada8c08', operation='UPDATE', pgid='pgtrigger_update_update_b42f2', table='pipeline_receipt', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='receipt',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pipeline_receiptevent" ("amount", "base_amount", "currency", "deal_id", "note", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."amount", OLD."base_amount", OLD."currency", OLD."deal_id", OLD."note", OLD."on", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='b37cac3f32e1df49e45d90ed6d968900eeb1dea0', operation='DELETE', pgid='pgtrigger_delete_delete_2f3ec', table='pipeline_receipt', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='receiptevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='84d584c1cd8e8f1e265e9d2f8e75a0498f958067', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_24742', table='pipeline_receiptevent', when='BEFORE')),
        ),
    ]
