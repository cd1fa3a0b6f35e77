"""The history of leads keeps own fields and the answers to the agreed questions."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# Rows that are there hold them as this migration finds them: what was changed before, nobody is said to have changed.
FILL = """
ALTER TABLE leads_leadevent DISABLE TRIGGER USER;
UPDATE leads_leadevent e SET attributes = r.attributes, answers = r.answers FROM leads_lead r WHERE r.id = e.pgh_obj_id;
ALTER TABLE leads_leadevent ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("leads", "0061_given_up"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='lead',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='lead',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='leadevent',
            name='answers',
            field=models.JSONField(blank=True, db_default={}, default=dict, verbose_name='answers to the agreed questions'),
        ),
        migrations.AddField(
            model_name='leadevent',
            name='attributes',
            field=models.JSONField(blank=True, db_default={}, default=dict, verbose_name='attributes'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='lead',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."answers" IS DISTINCT FROM (NEW."answers") OR OLD."attributes" IS DISTINCT FROM (NEW."attributes") OR OLD."grade" IS DISTINCT FROM (NEW."grade") OR OLD."grade_reason" IS DISTINCT FROM (NEW."grade_reason") OR OLD."product_id" IS DISTINCT FROM (NEW."product_id") OR OLD."region_id" IS DISTINCT FROM (NEW."region_id") OR OLD."segment_id" IS DISTINCT FROM (NEW."segment_id") OR OLD."source_text" IS DISTINCT FROM (NEW."source_text"))', func='INSERT INTO "leads_leadevent" ("answers", "attributes", "grade", "grade_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "region_id", "segment_id", "source_text") VALUES (OLD."answers", OLD."attributes", OLD."grade", OLD."grade_reason", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."product_id", OLD."region_id", OLD."segment_id", OLD."source_text"); RETURN NULL;', hash='564057246036cde2d1e05c3a0e49802e22a435cf', operation='UPDATE', pgid='pgtrigger_update_update_17f2d', table='leads_lead', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lead',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "leads_leadevent" ("answers", "attributes", "grade", "grade_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "region_id", "segment_id", "source_text") VALUES (OLD."answers", OLD."attributes", OLD."grade", OLD."grade_reason", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."product_id", OLD."region_id", OLD."segment_id", OLD."source_text"); RETURN NULL;', hash='e00977521af16eefb99d3a207f260fcd8b6d7f8a', operation='DELETE', pgid='pgtrigger_delete_delete_9ddd5', table='leads_lead', when='AFTER')),
        ),
    ]
