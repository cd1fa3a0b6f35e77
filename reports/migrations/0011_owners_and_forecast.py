"""Counted rows tell whose they are, and deals what the forecast reads of them."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

marks = import_module("reports.migrations.0002_marks")

WATCHED = {"leads_lead": "owner_id", "pipeline_deal": "stage_id owner_id category expected_close"}
STAGES = """
CREATE FUNCTION reports_mark_pipeline_dealstage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO reports_dirtykey (kind, low, high)
  SELECT 'deal', piece * 10000, piece * 10000 + 9999 FROM (
    SELECT DISTINCT d.id / 10000 AS piece
    FROM (SELECT id, category, probability FROM new_rows EXCEPT SELECT id, category, probability FROM old_rows) AS changed
    JOIN pipeline_deal d ON d.stage_id = changed.id
  ) AS pieces;
  RETURN NULL;
END $$;
CREATE TRIGGER reports_mark_update AFTER UPDATE ON pipeline_dealstage REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION reports_mark_pipeline_dealstage();
"""
NO_STAGES = """
DROP TRIGGER IF EXISTS reports_mark_update ON pipeline_dealstage;
DROP FUNCTION IF EXISTS reports_mark_pipeline_dealstage();
"""
AGAIN = """
INSERT INTO reports_dirtykey (kind, low, high) SELECT 'everything', 0, 0
WHERE EXISTS (SELECT 1 FROM reports_countedpass) OR EXISTS (SELECT 1 FROM reports_counteddeal);
"""
COVERED = ["owner", "segment", "region", "channel", "campaign"]


def _watching(table, more=""):
    kinds, watched = marks.SOURCES[table]
    text = marks._function(table, kinds, f"{watched} {more}")
    return text.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


def _number(name):
    return migrations.AddField(name, "owner", models.BigIntegerField(default=0), preserve_default=False)


def _index(model, name, **options):
    return migrations.AddIndex(model, models.Index(name=name, **options))


class Migration(migrations.Migration):
    dependencies = [("reports", "0010_credit_the_pipeline"), ("pipeline", "0001_initial")]

    operations = [
        *(_number(name) for name in ("countedpass", "countedoffer", "counteddeal")),
        migrations.AddField(
            "countedoffer", "campaign", models.BigIntegerField(default=0), preserve_default=False
        ),
        migrations.AddField(
            "counteddeal", "category", models.CharField(max_length=10, default=""), preserve_default=False
        ),
        migrations.AddField(
            "counteddeal",
            "chance",
            models.DecimalField(max_digits=5, decimal_places=2, default=0),
            preserve_default=False,
        ),
        migrations.AddField("counteddeal", "due_on", models.DateField(null=True)),
        *(
            _index(f"counted{one}", f"counted_{one}_{name}", fields=[name])
            for one in ("pass", "offer", "deal")
            for name in ("campaign", "owner")
        ),
        _index(
            "counteddeal",
            "counted_deal_due",
            fields=["due_on"],
            condition=Q(outcome="open"),
            include=[*COVERED, "category", "chance", "amount"],
        ),
        _index(
            "counteddeal",
            "counted_deal_closed",
            fields=["closed_on"],
            include=[*COVERED, "outcome", "kind", "amount"],
        ),
        *(migrations.RunSQL(_watching(table, more), _watching(table)) for table, more in WATCHED.items()),
        migrations.RunSQL(STAGES, NO_STAGES),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
