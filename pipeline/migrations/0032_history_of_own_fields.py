"""The history of companies and deals keeps own fields."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# Rows that are there hold them as this migration finds them: what was changed before, nobody is said to have changed.
FILL = """
ALTER TABLE pipeline_companyevent DISABLE TRIGGER USER;
UPDATE pipeline_companyevent e SET attributes = r.attributes FROM pipeline_company r WHERE r.id = e.pgh_obj_id;
ALTER TABLE pipeline_companyevent ENABLE TRIGGER USER;
ALTER TABLE pipeline_dealevent DISABLE TRIGGER USER;
UPDATE pipeline_dealevent e SET attributes = r.attributes FROM pipeline_deal r WHERE r.id = e.pgh_obj_id;
ALTER TABLE pipeline_dealevent ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("pipeline", "0031_company_core"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='company',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='company',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='deal',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='deal',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='companyevent',
            name='attributes',
            field=models.JSONField(blank=True, db_default={}, default=dict, verbose_name='attributes'),
        ),
        migrations.AddField(
            model_name='dealevent',
            name='attributes',
            field=models.JSONField(blank=True, db_default={}, default=dict, verbose_name='attributes'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='company',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."attributes" IS DISTINCT FROM (NEW."attributes") OR OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."domain" IS DISTINCT FROM (NEW."domain") OR OLD."employees" IS DISTINCT FROM (NEW."employees") OR OLD."industry" IS DISTINCT FROM (NEW."industry") OR OLD."is_partner" IS DISTINCT FROM (NEW."is_partner") OR OLD."marketing_contact_id" IS DISTINCT FROM (NEW."marketing_contact_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id") OR OLD."region_id" IS DISTINCT FROM (NEW."region_id") OR OLD."sales_owner_id" IS DISTINCT FROM (NEW."sales_owner_id") OR OLD."segment_id" IS DISTINCT FROM (NEW."segment_id") OR OLD."tax_id" IS DISTINCT FROM (NEW."tax_id"))', func='INSERT INTO "pipeline_companyevent" ("attributes", "country", "domain", "employees", "industry", "is_partner", "marketing_contact_id", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "sales_owner_id", "segment_id", "tax_id") VALUES (OLD."attributes", OLD."country", OLD."domain", OLD."employees", OLD."industry", OLD."is_partner", OLD."marketing_contact_id", OLD."name", OLD."parent_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."region_id", OLD."sales_owner_id", OLD."segment_id", OLD."tax_id"); RETURN NULL;', hash='6048980438ca4cee5f1a179d2e7df15b58c0b8d2', operation='UPDATE', pgid='pgtrigger_update_update_d3565', table='pipeline_company', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='company',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pipeline_companyevent" ("attributes", "country", "domain", "employees", "industry", "is_partner", "marketing_contact_id", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "sales_owner_id", "segment_id", "tax_id") VALUES (OLD."attributes", OLD."country", OLD."domain", OLD."employees", OLD."industry", OLD."is_partner", OLD."marketing_contact_id", OLD."name", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."region_id", OLD."sales_owner_id", OLD."segment_id", OLD."tax_id"); RETURN NULL;', hash='576ac5ea45e541ddce6b645fdef45c407a8715e9', operation='DELETE', pgid='pgtrigger_delete_delete_245f0', table='pipeline_company', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deal',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."attributes" IS DISTINCT FROM (NEW."attributes") OR OLD."base_amount" IS DISTINCT FROM (NEW."base_amount") OR OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."company_id" IS DISTINCT FROM (NEW."company_id") OR OLD."contract_until" IS DISTINCT FROM (NEW."contract_until") OR OLD."cost" IS DISTINCT FROM (NEW."cost") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."expected_close" IS DISTINCT FROM (NEW."expected_close") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."outcome_reason_id" IS DISTINCT FROM (NEW."outcome_reason_id") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."partner_id" IS DISTINCT FROM (NEW."partner_id") OR OLD."product_id" IS DISTINCT FROM (NEW."product_id") OR OLD."signed_on" IS DISTINCT FROM (NEW."signed_on") OR OLD."stage_id" IS DISTINCT FROM (NEW."stage_id"))', func='INSERT INTO "pipeline_dealevent" ("amount", "attributes", "base_amount", "category", "company_id", "contract_until", "cost", "currency", "expected_close", "kind", "name", "outcome", "outcome_reason_id", "owner_id", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "signed_on", "stage_id") VALUES (OLD."amount", OLD."attributes", OLD."base_amount", OLD."category", OLD."company_id", OLD."contract_until", OLD."cost", OLD."currency", OLD."expected_close", OLD."kind", OLD."name", OLD."outcome", OLD."outcome_reason_id", OLD."owner_id", OLD."partner_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."product_id", OLD."signed_on", OLD."stage_id"); RETURN NULL;', hash='db5336cf04162dcc92d615a37e8428c15c4407f3', operation='UPDATE', pgid='pgtrigger_update_update_d4042', table='pipeline_deal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deal',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "pipeline_dealevent" ("amount", "attributes", "base_amount", "category", "company_id", "contract_until", "cost", "currency", "expected_close", "kind", "name", "outcome", "outcome_reason_id", "owner_id", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "signed_on", "stage_id") VALUES (OLD."amount", OLD."attributes", OLD."base_amount", OLD."category", OLD."company_id", OLD."contract_until", OLD."cost", OLD."currency", OLD."expected_close", OLD."kind", OLD."name", OLD."outcome", OLD."outcome_reason_id", OLD."owner_id", OLD."partner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."product_id", OLD."signed_on", OLD."stage_id"); RETURN NULL;', hash='edf28c3906e09675f6330ace78957251e107e1d3', operation='DELETE', pgid='pgtrigger_delete_delete_45c8f', table='pipeline_deal', when='AFTER')),
        ),
    ]
